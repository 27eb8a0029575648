const ellipsis = '…';
const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** At most `maxBytes` of UTF-8, cut between characters (as people see them), with an ellipsis where something is missing. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  const room = maxBytes - byteLength(ellipsis);
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    used += byteLength(segment);
    if (used > room) break;
    kept += segment;
  }
  return room < 0 ? '' : kept + ellipsis;
}
