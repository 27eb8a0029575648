import type { EncodedWrite, PointBinding } from './binding.ts';
import type { VectorFile } from './profile-schema.ts';

type VectorWrite = NonNullable<VectorFile['vectors'][number]['writes']>[string][number];

/** In words, for each write of the vector that does not come out as typed. */
export function writeFaults(key: string, writes: readonly VectorWrite[], binding: PointBinding | undefined): string[] {
  if (binding?.write === undefined) return [`${key}: ${binding ? 'is not writable' : 'unknown'}`];
  const { write } = binding;
  return writes.flatMap((typed) => {
    const got = write.encode(typed.value);
    const say = (what: string) => [`${key} := ${JSON.stringify(typed.value)}: ${what}`];
    if (typed.refused !== undefined) {
      if (!('refused' in got)) return say(`${JSON.stringify(got.request)} instead of a refusal`);
      return got.refused.includes(typed.refused) ? [] : say(`refused as "${got.refused}", not "${typed.refused}"`);
    }
    if ('refused' in got) return say(got.refused);
    const wanted = JSON.stringify(requestOf(typed));
    const found = JSON.stringify(ordered(got.request));
    if (wanted !== found) return say(`${found} is not ${wanted}`);
    return write.agrees(typed.value, typed.value) ? [] : say('does not agree with itself');
  });
}

function requestOf({ registers, function: how, messages }: VectorWrite): object | undefined {
  for (const [table, blocks] of Object.entries(registers ?? {})) {
    for (const [address, words] of Object.entries((blocks ?? {}) as Record<string, number[]>)) {
      return { table, address: Number(address), words, single: how !== 'multiple' };
    }
  }
  for (const [topic, payload] of Object.entries(messages ?? {})) return { topic, payload };
  return undefined;
}

function ordered(request: EncodedWrite): object {
  if (request.protocol === 'mqtt') return { topic: request.topic, payload: request.payload };
  const { table, address, words, single } = request;
  return { table, address, words: [...words], single };
}
