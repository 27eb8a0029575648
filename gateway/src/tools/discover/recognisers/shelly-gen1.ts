import { fieldsOf, known, type Recogniser, textOf } from '../message.ts';

/** `shellies/announce` when a device connects or is asked, and `shellies/<id>/…` with one plain value for each topic. */
export const shellyGen1: Recogniser = {
  source: 'Shelly',
  filters: () => ['shellies/#'],
  read({ topic, payload }) {
    if (!topic.startsWith('shellies/')) return undefined;
    if (/^shellies\/(?:.+\/)?announce$/.test(topic)) {
      if (payload === '') return { findings: [] };
      const said = fieldsOf(payload);
      const id = textOf(said?.id);
      if (said === undefined || id === undefined) return { fault: 'is no announcement: it has no id' };
      // The second generation can be made to announce itself here, under a prefix of its own.
      if (said.gen !== undefined && said.gen !== 1) return { findings: [] };
      return { findings: [{ ...of(id), ...known({ model: textOf(said.model), name: textOf(said.name) ?? id }) }] };
    }
    // A second generation device whose prefix begins with shellies/ has topics of another form.
    const [, id, values] = /^shellies\/(.+?)\/(?:(emeter\/\d+\/\w+|relay\/\d+)|online)$/.exec(topic) ?? [];
    if (id === undefined) return undefined;
    return { findings: [{ ...of(id), ...modelOf(id), topics: [topic], telling: values !== undefined }] };
  },
};

const of = (id: string) => ({
  key: `shelly ${id}`,
  source: 'Shelly' as const,
  name: id,
  vendor: 'Shelly',
  parameters: { id },
  topics: [`shellies/${id}/online`],
});

/** The id as delivered is `<model>-<part of the MAC>`; a site may have changed it. */
export function modelOf(id: string): { model?: string } {
  const [, model] = /^(shelly[a-z0-9]+)-[0-9A-F]{6,12}$/i.exec(id.split('/').at(-1) ?? '') ?? [];
  return known({ model });
}
