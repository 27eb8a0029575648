import { expect, test } from 'vitest';
import { isSlug } from './ids.ts';
import { parseSparkplugTopic, sparkplugMessageTypes, sparkplugTopic } from './topics.ts';

test('ids hold none of the signs that MQTT keeps for itself, and no two differ in case only', () => {
  for (const good of ['edge-1', '7', 'a.b_c-d']) expect(isSlug(good)).toBe(true);
  for (const bad of ['', 'a/b', 'a+', '#', 'Edge', 'ä', ' a', '-a', 'a'.repeat(64)]) expect(isSlug(bad)).toBe(false);
});

test('a topic is namespace, group, type, edge node and, for D messages alone, a device; anything else is refused by name', () => {
  for (const type of sparkplugMessageTypes) {
    const topic = type.startsWith('D') ? { group: 'g', type, node: 'n', device: 'd' } : { group: 'g', type, node: 'n' };
    expect(parseSparkplugTopic(sparkplugTopic(topic))).toEqual(topic);
  }
  for (const bad of [
    'spAv1.0/g/NDATA/n',
    'spBv1.0/g/NDATA/n/d',
    'spBv1.0/g/DDATA/n',
    'spBv1.0/g/DDATA/n/d/e',
    'spBv1.0/g/DATA/n',
    'spBv1.0//NDATA/n',
  ])
    expect(() => parseSparkplugTopic(bad)).toThrow(bad);
});
