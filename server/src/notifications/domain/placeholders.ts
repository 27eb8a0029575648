const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** `escaped`: for the place that the values come into, so that a text can never become markup. */
export function fill<Name extends string>(
  template: string,
  values: Readonly<Record<Name, string>>,
  escaped: (text: string) => string,
): string {
  return template.replace(pattern, (_, name: string) => escaped(values[name as Name] ?? ''));
}

/** The lines of a text for people; one whose placeholders are all empty says nothing and is left out. */
export function fillLines<Name extends string>(template: string, values: Readonly<Record<Name, string>>): string[] {
  return template.split(/\r?\n/).flatMap((line) => {
    const named = namesIn(line);
    if (named.length > 0 && named.every((name) => (values[name as Name] ?? '') === '')) return [];
    return [oneLine(fill(line, values, (text) => text))];
  });
}

/** What an empty placeholder leaves behind is no gap. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

export const namesIn = (template: string): string[] => [...template.matchAll(pattern)].map(([, name = '']) => name);

/** What is wrong with it, in words; null: nothing. */
export function templateProblem(template: string, names: readonly string[]): string | null {
  const allowed = `allowed: ${names.map((each) => `{{${each}}}`).join(' ')}`;
  const unknown = namesIn(template).find((name) => !names.includes(name));
  return unknown === undefined ? null : `there is no placeholder {{${unknown}}}; ${allowed}`;
}
