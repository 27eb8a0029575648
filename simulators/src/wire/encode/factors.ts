import type { ByteOrder, ModbusPoint } from '@plantroom/device-profiles';
import { toWords } from './words.ts';

type ScaleBy = NonNullable<ModbusPoint['scaleBy']>[number];

/** What a scale register says when its raw number is `raw`; undefined: nothing that the profile knows. */
export function factorOf(scale: ScaleBy, raw: number): number | undefined {
  if (scale.map !== undefined) return scale.map[String(raw)];
  return scale.power === undefined ? raw * (scale.scale ?? 1) : scale.power ** raw;
}

/** Raw number that changes nothing: a ratio of 1, an exponent of 0; of a map without 1 its first code. */
export function plainRaw(scale: ScaleBy): number {
  if (scale.map !== undefined) {
    const codes = Object.entries(scale.map);
    return Number((codes.find(([, factor]) => factor === 1) ?? codes[0])?.[0] ?? 0);
  }
  return scale.power === undefined ? Math.round(1 / (scale.scale ?? 1)) : 0;
}

/** Registers of a scale register that holds `raw`. */
export function factorWords(scale: ScaleBy, raw: number, order?: ByteOrder): number[] {
  const own = scale.order ?? order;
  return toWords(scale.type === 'f32' ? raw : BigInt(raw), scale.type, own === undefined ? {} : { order: own });
}
