/** Steps behind `value_json`: `.name`, `['name']`, `["name"]`, `[0]`. */
const step = /\.(\w+)|\[\s*'([^']+)'\s*\]|\[\s*"([^"]+)"\s*\]|\[\s*(\d+)\s*\]/y;
/** Filters that leave a value what it is. */
const harmless = /^(\s*\|\s*(float|int|string|default)(\([^()]*\))?)*\s*$/;

/**
 * The path of a profile for a Home Assistant value template that only picks a field (`{{ value_json.temperature }}`); '' when it takes the
 * whole payload, undefined when it computes.
 */
export function templatePath(template: string | undefined): string | undefined {
  if (template === undefined) return '';
  const [, inner = ''] = /^\{\{\s*(.*?)\s*\}\}$/s.exec(template.trim()) ?? [];
  if (/^value(?!_)/.test(inner)) return harmless.test(inner.slice('value'.length)) ? '' : undefined;
  if (!inner.startsWith('value_json')) return undefined;
  const steps: string[] = [];
  let at = 'value_json'.length;
  for (;;) {
    step.lastIndex = at;
    const found = step.exec(inner);
    if (found === null) break;
    steps.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
    at = step.lastIndex;
  }
  return steps.length > 0 && harmless.test(inner.slice(at)) ? steps.join('.') : undefined;
}
