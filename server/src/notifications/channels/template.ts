const placeholderNames = ['to', 'text', 'title', 'link', 'id', 'secret', 'timestamp'] as const;
export type PlaceholderName = (typeof placeholderNames)[number];
const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** `escaped`: for the place that the values come into, so that a text can never become markup. */
export function fill(
  template: string,
  values: Record<PlaceholderName, string>,
  escaped: (text: string) => string,
): string {
  return template.replace(pattern, (_, name: string) => escaped(values[name as PlaceholderName] ?? ''));
}

/** What is wrong with it, in words; null: nothing. */
export function templateProblem(template: string): string | null {
  for (const [, name = ''] of template.matchAll(pattern)) {
    if (!(placeholderNames as readonly string[]).includes(name)) {
      return `there is no placeholder {{${name}}}; allowed: ${placeholderNames.map((each) => `{{${each}}}`).join(' ')}`;
    }
  }
  return null;
}
