/** Widths at 12 px: a Chinese character fills its square, a Latin letter about half of it. */
const wide = 12;
const narrow = 6.3;

/** Cut with an ellipsis so that it takes at most `px` in a drawing, where text neither wraps nor clips. */
export function fitText(text: string, px: number): string {
  let used = 0;
  let at = 0;
  for (const letter of text) {
    used += (letter.codePointAt(0) ?? 0) > 0x2e7f ? wide : narrow;
    if (used > px) return `${text.slice(0, Math.max(1, at - 1)).trimEnd()}…`;
    at += letter.length;
  }
  return text;
}
