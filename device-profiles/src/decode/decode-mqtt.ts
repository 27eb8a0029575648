import type { UnitName } from '@plantroom/contracts';
import type { Decoded, RawValue } from '../binding.ts';
import type { PointKind } from '../class-schema.ts';
import type { MqttPlace, TlvCodec } from '../mqtt-schema.ts';
import type { MqttPoint } from '../profile-schema.ts';
import { bad, booleanMeaning, good, numberMeaning } from './meaning.ts';
import { payloadPath } from './payload-path.ts';
import { tlvReader } from './tlv.ts';

const trueWords: readonly unknown[] = [true, 'true', 'True', 'TRUE', 'ON', 'on', 'On', 1, '1'];
const falseWords: readonly unknown[] = [false, 'false', 'False', 'FALSE', 'OFF', 'off', 'Off', 0, '0'];

/** Undefined when the payload does not carry the point: partial updates are usual. */
export function decodeMqtt(
  point: MqttPoint,
  target: { kind: PointKind; unit: UnitName },
  { codec, places }: { codec?: TlvCodec | undefined; places?: readonly FilledPlace[] } = {},
): (raw: RawValue) => Decoded | undefined {
  const extract = places === undefined || places.length < 2 ? payloadPath(point.at.path) : readPlaces(places);
  const open = codec && tlvReader(codec);
  const value = valueDecoder(point, target);
  return (raw) => {
    if (!('payload' in raw)) return bad();
    const found = extract(open === undefined ? raw.payload : open(raw.payload).payload, raw.topic);
    if (found === undefined) return undefined;
    return found === null ? bad() : value(found);
  };
}

/** A place with the placeholders of its topic filled. */
export type FilledPlace = MqttPlace & { topic: string };

/** What the first place of this topic holds that the payload carries. */
function readPlaces(places: readonly FilledPlace[]): (payload: unknown, topic: string | undefined) => unknown {
  const readers = places.map(({ topic, path, unless = {} }) => {
    const excluded = Object.entries(unless).map(([at, word]) => ({ read: payloadPath(at), word }));
    return { topic, read: payloadPath(path), excluded };
  });
  const first = places[0]?.topic;
  return (payload, topic = first) => {
    for (const reader of readers) {
      if (reader.topic !== topic || reader.excluded.some(({ read, word }) => read(payload) === word)) continue;
      const found = reader.read(payload);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function valueDecoder(
  point: MqttPoint,
  { kind, unit }: { kind: PointKind; unit: UnitName },
): (found: unknown) => Decoded {
  const { at } = point;
  if (at.type === 'string') return (found) => (typeof found === 'object' ? bad() : good(String(found)));
  if (at.type === 'boolean') {
    const isTrue = at.true === undefined ? trueWords : [at.true];
    const isFalse = at.false === undefined ? falseWords : [at.false];
    return (found) => (isTrue.includes(found) ? good(true) : isFalse.includes(found) ? good(false) : bad());
  }
  const absent = (point.absent ?? []).map(Number);
  if (kind === 'boolean') {
    const meaning = booleanMeaning(point);
    return (found) => {
      const raw = numberOf(found);
      const value = absent.includes(raw) ? undefined : meaning(raw);
      return value === undefined ? bad() : good(value);
    };
  }
  const meaning = numberMeaning(point, unit);
  return (found) => {
    const raw = numberOf(found);
    const value = absent.includes(raw) ? Number.NaN : meaning(raw);
    return Number.isFinite(value) ? good(value) : bad();
  };
}

/** JSON numbers, and numbers as text ("235.1", as one-value topics send them); anything else has no number. */
function numberOf(found: unknown): number {
  if (typeof found === 'number') return found;
  if (typeof found !== 'string' || found.trim() === '') return Number.NaN;
  return Number(found);
}
