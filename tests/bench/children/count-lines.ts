const newline = 10;
const space = 32;
const equals = 61;
const quality = Buffer.from('point_quality,');

/** Telemetry fields in a body of line protocol; lines of `point_quality` are none. Ours hold no escaped characters. */
export function countFields(body: Buffer): number {
  let fields = 0;
  for (let at = 0; at < body.length; ) {
    let end = body.indexOf(newline, at);
    if (end < 0) end = body.length;
    if (body.compare(quality, 0, quality.length, at, Math.min(at + quality.length, end)) !== 0) {
      const from = body.indexOf(space, at);
      const to = body.indexOf(space, from + 1);
      for (let i = from; i < to; i++) if (body[i] === equals) fields += 1;
    }
    at = end + 1;
  }
  return fields;
}

/** Calls with the equipment and the value of one field of each line that has it, in the order of the body. */
export function eachValue(body: string, field: string, call: (equipment: string, value: number) => void): void {
  for (const line of body.split('\n')) {
    if (line.startsWith('point_quality,')) continue;
    const [series = '', values = ''] = line.split(' ');
    const equipment = /,equipment=([^,]+)/.exec(series)?.[1];
    const text = values.split(',').find((part) => part.startsWith(`${field}=`));
    if (equipment !== undefined && text !== undefined) call(equipment, Number(text.slice(field.length + 1)));
  }
}
