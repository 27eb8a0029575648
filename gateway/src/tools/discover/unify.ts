/** What the placeholders of a template stand for in this topic; undefined when it is not of the template's form. Each takes as much as it can. */
export function unifyTopic(template: string, topic: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template
    .split(/(\{[^{}]+\})/)
    .map((part) => {
      const [, name] = /^\{([^{}]+)\}$/.exec(part) ?? [];
      if (name === undefined) return literally(part);
      const earlier = names.indexOf(name);
      if (earlier >= 0) return `\\${earlier + 1}`;
      names.push(name);
      return '(.+)';
    })
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(topic);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? '']));
}

/** The template with these placeholders filled, the others left. */
export function fillSome(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([^{}]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The text as a pattern that matches only itself. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
