import { beforeAll, describe, expect, test } from 'vitest';
import type { ClientPacket } from '../../helpers/mqtt-packets.ts';
import { peer } from '../../helpers/peers.ts';
import { fieldOfType, readPayload, type WireMetric } from '../../helpers/sparkplug-wire.ts';
import { type Chapter, type EdgeLife, type Heard, recordEdgeLife } from './edge-life.ts';

const mosquitto = peer('mosquitto');
const order: Chapter[] = ['waiting', 'born', 'rebirth', 'silent', 'back', 'host-away', 'host-back', 'cut', 'stopped'];

/** The ids behind each title, and what they ask, are in docs/sparkplug.md. */
describe.skipIf(!mosquitto.available)(
  `the Sparkplug life of a gateway, on the wire ${mosquitto.available ? '' : mosquitto.hint}`,
  () => {
    let life: EdgeLife;
    beforeAll(async () => {
      life = await recordEdgeLife();
    });

    const of = (...types: string[]): Heard[] => life.heard.filter(({ type }) => types.includes(type));
    const chapter = (name: Chapter): Heard[] => {
      const next = order[order.indexOf(name) + 1];
      return life.heard.slice(life.chapters[name], next === undefined ? undefined : life.chapters[next]);
    };
    const types = (messages: readonly Heard[]): string[] =>
      messages.map(({ type, device }) => (device === undefined ? type : `${type} ${device}`));
    const named = (message: Heard | undefined, name: string): WireMetric | undefined =>
      message?.payload.metrics.find((metric) => metric.name === name);
    const written = <T extends ClientPacket['type']>(type: T) =>
      life.written.filter((packet): packet is Extract<ClientPacket, { type: T }> => packet.type === type);
    const births = () => of('NBIRTH', 'DBIRTH');

    test('each CONNECT asks for a clean session and leaves an NDEATH as its Will: QoS 1, not retained, bdSeq alone, no seq', () => {
      const connects = written('connect');
      expect(connects.length).toBeGreaterThanOrEqual(3);
      for (const { clean, version, will } of connects) {
        expect({ clean, version }).toEqual({ clean: true, version: 4 });
        expect(will).toMatchObject({ topic: 'spBv1.0/tower/NDEATH/edge-1', qos: 1, retain: false });
        const { seq, metrics } = readPayload(will?.payload ?? Buffer.alloc(0));
        expect(seq).toBeUndefined();
        expect(metrics.map(({ name, datatype }) => [name, datatype])).toEqual([['bdSeq', 4]]);
      }
    });

    test('bdSeq goes up by one with each CONNECT, and each NBIRTH carries that of the Will of its connection', () => {
      let ofWill: unknown;
      const pairs: unknown[][] = [];
      const wills: unknown[] = [];
      for (const packet of life.written) {
        if (packet.type === 'connect') {
          ofWill = readPayload(packet.will?.payload ?? Buffer.alloc(0)).metrics[0]?.value;
          wills.push(ofWill);
        }
        if (packet.type !== 'publish' || !packet.topic.includes('/NBIRTH/')) continue;
        pairs.push([ofWill, readPayload(packet.payload).metrics.find(({ name }) => name === 'bdSeq')?.value]);
      }
      expect(wills).toEqual(wills.map((_, i) => i));
      expect(pairs.length).toBeGreaterThanOrEqual(4);
      for (const [will, birth] of pairs) expect(birth).toBe(will);
    });

    test('NCMD and the STATE of the primary host are subscribed to at QoS 1 before anything is published; DCMD is not where nothing can be written', () => {
      const starts = life.written.flatMap(({ type }, i) => (type === 'connect' ? [i] : []));
      for (const start of starts) {
        const [first] = life.written.slice(start + 1).filter(({ type }) => type === 'subscribe' || type === 'publish');
        expect(first?.type).toBe('subscribe');
      }
      for (const { topics } of written('subscribe'))
        expect(topics).toEqual([
          { topic: 'spBv1.0/tower/NCMD/edge-1', qos: 1 },
          { topic: 'spBv1.0/STATE/plantroom', qos: 1 },
        ]);
    });

    test('nothing is said before the primary host is online: not for another host, not for its OFFLINE', () => {
      expect(types(chapter('waiting'))).toEqual([]);
      expect(types(chapter('born')).slice(0, 3)).toEqual(['NBIRTH', 'DBIRTH drive', 'DBIRTH panel']);
    });

    test('topics are spBv1.0, group, type, node and, for D messages alone, the device, none with a sign that MQTT keeps', () => {
      for (const { topic, type, device } of life.heard) {
        expect(device !== undefined).toBe(type.startsWith('D'));
        expect(topic).toBe(['spBv1.0', 'tower', type, 'edge-1', ...(device === undefined ? [] : [device])].join('/'));
        expect(topic).not.toMatch(/[+#]/);
      }
      expect(new Set(life.heard.map(({ type }) => type))).toEqual(
        new Set(['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH']),
      );
    });

    test('births, data and device deaths go at QoS 0, nothing is ever retained', () => {
      for (const packet of written('publish')) {
        expect(packet.retain).toBe(false);
        expect(packet.qos).toBe(packet.topic.includes('/NDEATH/') ? 1 : 0);
      }
      for (const { retain } of life.heard) expect(retain).toBe(false);
    });

    test('seq is 0 in each NBIRTH, one more in each message behind it, 0 after 255, and absent in NDEATH', () => {
      let expected: number | undefined;
      let wraps = 0;
      for (const { type, payload } of life.heard) {
        if (type === 'NDEATH') {
          expect(payload.seq).toBeUndefined();
          expected = undefined;
          continue;
        }
        if (type === 'NBIRTH') expected = 0;
        expect(payload.seq).toBe(expected);
        if (expected === 255) wraps += 1;
        expected = ((expected ?? 0) + 1) % 256;
      }
      expect(wraps).toBeGreaterThan(0);
    });

    test('each payload and each metric carries the time in UTC ms; a payload holds nothing that the standard has not', () => {
      for (const { payload, type } of life.heard) {
        expect(payload.timestamp).toBeGreaterThanOrEqual(life.fromMs);
        expect(payload.timestamp).toBeLessThanOrEqual(life.toMs);
        expect(payload.others).toEqual([]);
        for (const metric of payload.metrics) {
          expect(metric.others).toEqual([]);
          if (type === 'NDEATH') continue;
          expect(metric.timestamp, metric.name).toBeGreaterThanOrEqual(
            metric.name === 'Plantroom/Watermark' ? 0 : life.fromMs,
          );
          expect(metric.timestamp).toBeLessThanOrEqual(life.toMs);
        }
      }
    });

    test('each metric of a birth has name, datatype and a value in the field of its type, or says that it is null', () => {
      for (const { payload } of births()) {
        expect(payload.metrics.length).toBeGreaterThan(0);
        for (const { name, datatype, isNull, valueField } of payload.metrics) {
          expect(name).toBeTruthy();
          expect(datatype, name).toBeGreaterThan(0);
          if (isNull) expect(valueField, name).toBeUndefined();
          else expect(valueField, name).toBe(fieldOfType[datatype ?? 0]);
        }
      }
      const [, drive] = chapter('born');
      expect(drive?.payload.metrics).toMatchObject([
        { name: 'pump-1/flow', datatype: 10, value: 1 },
        { name: 'pump-1/mode', datatype: 3, value: -3 },
        { name: 'pump-1/serial', datatype: 12, isNull: true },
      ]);
    });

    test('NBIRTH holds bdSeq as Int64 and Node Control/Rebirth as Boolean false, by name alone', () => {
      for (const birth of of('NBIRTH')) {
        expect(named(birth, 'bdSeq')).toMatchObject({ datatype: 4, valueField: 'long', alias: undefined });
        expect(named(birth, 'Node Control/Rebirth')).toMatchObject({ datatype: 11, value: false, alias: undefined });
      }
    });

    test('aliases are unique in the node, told with the name in births and without it in data', () => {
      const aliases = chapter('born').flatMap(({ type, payload }) =>
        type.endsWith('BIRTH') ? payload.metrics.flatMap(({ alias }) => alias ?? []) : [],
      );
      expect(aliases).toHaveLength(4);
      expect(new Set(aliases).size).toBe(4);
      for (const { payload } of of('DDATA'))
        for (const { name, alias } of payload.metrics) {
          expect(name).toBeUndefined();
          expect(aliases).toContain(alias);
        }
      // Metrics of the node have no alias, so they go by name.
      for (const { payload } of of('NDATA'))
        for (const { name, alias } of payload.metrics) expect([typeof name, alias]).toEqual(['string', undefined]);
    });

    test('data hold only what the last births have told, in the type that was told', () => {
      let ofNode = new Map<string, number | undefined>();
      let ofDevices = new Map<number, number | undefined>();
      for (const { type, payload } of life.heard) {
        if (type === 'NBIRTH') {
          ofNode = new Map(payload.metrics.map(({ name, datatype }) => [name ?? '', datatype]));
          ofDevices = new Map();
        }
        if (type === 'DBIRTH') for (const { alias, datatype } of payload.metrics) ofDevices.set(alias ?? -1, datatype);
        for (const { name, alias, datatype } of type.endsWith('DATA') ? payload.metrics : []) {
          const told = alias === undefined ? ofNode.get(name ?? '') : ofDevices.get(alias);
          expect(told, `${type} ${name} ${alias}`).toBeDefined();
          expect(datatype ?? told).toBe(told);
        }
      }
    });

    test('a device is born after its node and before its data', () => {
      let nodeBorn = false;
      const born = new Set<string | undefined>();
      for (const { type, device } of life.heard) {
        if (type === 'NBIRTH') {
          nodeBorn = true;
          born.clear();
        } else if (type === 'NDEATH') nodeBorn = false;
        else {
          expect(nodeBorn, `${type} ${device}`).toBe(true);
          if (type === 'DBIRTH') born.add(device);
          else if (device !== undefined) expect(born.has(device), `${type} ${device}`).toBe(true);
          if (type === 'DDEATH') born.delete(device);
        }
      }
    });

    test('data are sent when something has changed, in the order in which it was read', () => {
      const ofFlow = (messages: readonly Heard[]) =>
        messages
          .filter(({ type }) => type === 'DDATA')
          .flatMap(({ payload }) => payload.metrics.filter(({ alias }) => alias === 0));
      // Each value was read twice.
      const told = ofFlow(chapter('born')).map(({ value, isNull }) => (isNull ? null : value));
      expect(told.slice(-300)).toEqual(Array.from({ length: 300 }, (_, i) => (i % 7 === 3 ? null : i + 2)));
      const live = ofFlow(life.heard).filter(({ isHistorical }) => !isHistorical);
      for (const [i, { timestamp }] of live.entries()) expect(timestamp).toBeGreaterThan(live[i - 1]?.timestamp ?? 0);
    });

    test('Quality is an Int32 of 0, 192 or 500, and a set of properties has as many keys as values', () => {
      const seen = new Set<unknown>();
      for (const { payload } of life.heard)
        for (const { properties } of payload.metrics) {
          if (properties === undefined) continue;
          expect(properties.keys.length).toBe(properties.values.length);
          for (const { type, isNull, valueField } of properties.values) {
            expect(type).toBeGreaterThan(0);
            if (!isNull) expect(valueField).toBe(fieldOfType[type ?? 0]);
          }
          const quality = properties.values[properties.keys.indexOf('Quality')];
          if (quality === undefined) continue;
          expect(quality.type).toBe(3);
          seen.add(quality.value);
        }
      expect([...seen].filter((code) => code !== 0 && code !== 192 && code !== 500)).toEqual([]);
      expect(seen.has(0) && seen.has(192)).toBe(true);
    });

    test('a rebirth command brings NBIRTH and every DBIRTH, no data between, with the bdSeq of this connection', () => {
      const said = types(chapter('rebirth'));
      // What was under way when the command came is before it.
      const from = said.indexOf('NBIRTH');
      expect(said.slice(from, from + 3)).toEqual(['NBIRTH', 'DBIRTH drive', 'DBIRTH panel']);
      const [first, second] = of('NBIRTH');
      expect(named(second, 'bdSeq')?.value).toBe(named(first, 'bdSeq')?.value);
    });

    test('a device that falls silent dies by DDEATH, with seq and time, and is born again when it is back', () => {
      const [death] = chapter('silent').filter(({ type }) => type === 'DDEATH');
      expect(death).toMatchObject({ device: 'drive', topic: 'spBv1.0/tower/DDEATH/edge-1/drive' });
      expect(death?.payload.timestamp).toBeGreaterThan(0);
      const back = types(chapter('back')).filter((type) => type.endsWith(' drive'));
      expect(back.slice(0, 2)).toEqual(['DBIRTH drive', 'DDATA drive']);
    });

    test('an old OFFLINE of the primary host changes nothing; its true one ends the connection with NDEATH and DISCONNECT', () => {
      const away = types(chapter('host-away'));
      expect(away.indexOf('DDATA drive')).toBeGreaterThanOrEqual(0);
      expect(away.indexOf('NDEATH')).toBeGreaterThan(away.indexOf('DDATA drive'));
      expect(away.at(-1)).toBe('NDEATH');
      const death = life.written.findIndex((p) => p.type === 'publish' && p.topic.includes('/NDEATH/'));
      const after = life.written.slice(death + 1).map(({ type }) => type);
      expect(after.slice(0, after.indexOf('connect'))).toContain('disconnect');
    });

    test('what was read while the host was away comes behind the births, as historical', () => {
      const back = chapter('host-back');
      expect(types(back).slice(0, 3)).toEqual(['NBIRTH', 'DBIRTH drive', 'DBIRTH panel']);
      const flows = back.filter(({ type }) => type === 'DDATA').flatMap(({ payload }) => payload.metrics);
      expect(flows.find(({ value }) => value === 1_003)).toMatchObject({ isHistorical: true });
      expect(flows.find(({ value }) => value === 1_004)).toMatchObject({ isHistorical: false });
    });

    test('a line that breaks lets the broker say the Will, with the bdSeq of the birth that it ends', () => {
      const deaths = of('NDEATH').map((death) => named(death, 'bdSeq')?.value);
      expect(deaths).toEqual([...new Set(deaths)]);
      const death = chapter('cut').find(({ type }) => type === 'NDEATH');
      const before = life.heard.slice(0, life.chapters.cut).findLast(({ type }) => type === 'NBIRTH');
      expect(death).toMatchObject({ type: 'NDEATH', qos: 1 });
      expect(named(death, 'bdSeq')?.value).toBe(named(before, 'bdSeq')?.value);
    });

    test('a stop says NDEATH and then disconnects; the broker has no Will left to say', () => {
      expect(types(chapter('stopped')).filter((type) => type === 'NDEATH')).toHaveLength(1);
      const last = life.written.slice(-4);
      const death = last.findIndex((packet) => packet.type === 'publish' && packet.topic.includes('/NDEATH/'));
      expect(death).toBeGreaterThanOrEqual(0);
      expect(last.at(-1)?.type).toBe('disconnect');
    });
  },
);
