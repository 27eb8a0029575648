import { parseArgs } from 'node:util';
import { loadCatalog } from '../load-catalog.ts';
import { table } from './table.ts';

/** `list [TEXT] [--vendor] [--class] [--certainty]`: one line a profile. */
export function listCommand(words: string[], say: (line: string) => void): number {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      vendor: { type: 'string' },
      class: { type: 'string' },
      certainty: { type: 'string' },
      catalog: { type: 'string', multiple: true },
    },
  });
  const { catalog } = loadCatalog({ folders: values.catalog ?? [] });
  const holds = (text: string, part: string | undefined) =>
    part === undefined || text.toLowerCase().includes(part.toLowerCase());
  const rows = [...catalog.profiles.values()].flatMap((profile) => {
    const classes = [...new Set(Object.values(profile.serves).map((role) => role.class))];
    const fits =
      holds(`${profile.profile} ${profile.vendor}`, values.vendor) &&
      (values.class === undefined || classes.includes(values.class)) &&
      (values.certainty === undefined || profile.certainty === values.certainty) &&
      positionals.every((word) =>
        holds(`${profile.profile} ${profile.vendor} ${profile.model} ${classes.join(' ')}`, word),
      );
    if (!fits) return [];
    const writable = profile.points.filter((point) => point.write !== undefined).length;
    const { length } = profile.points;
    return [
      [
        profile.profile,
        profile.protocol,
        profile.certainty,
        classes.join(','),
        `${length}`,
        `${writable}`,
        `${profile.vendor} ${profile.model}`,
      ],
    ];
  });
  if (rows.length === 0) say('no profile fits');
  else
    for (const line of table([
      ['profile', 'protocol', 'certainty', 'classes', 'points', 'writable', 'device'],
      ...rows,
    ]))
      say(line);
  return 0;
}
