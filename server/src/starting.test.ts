import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { EquipmentDetail, Health } from '@plantroom/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunningServer } from './server.ts';
import { startTestServer, TestClient, temporaryFolder } from './test-helpers/start-test-server.ts';

// Nobody listens there: the server must start and say so.
const mqttUrl = 'mqtt://127.0.0.1:9';
const { folder, remove } = temporaryFolder();
const siteFile = join(folder, 'site.yaml');
const name = (text: string) => `{ zh: ${text}, en: ${text} }`;
const site = (equipmentName: string, extra = '') => `
site: hq
name: ${name('HQ')}
timeZone: Asia/Shanghai
spaces:
  - { id: b1, kind: building, name: ${name('B1')} }
equipment:
  - { id: booster-1, class: booster-pump-set, name: ${name(equipmentName)}, space: b1 }
${extra}`;

let server: RunningServer;
const start = () => startTestServer(folder, { mqttUrl, env: { PLANTROOM_SITE_FILE: siteFile } });

afterAll(async () => {
  await server.stop();
  remove();
});

describe('starting', () => {
  test('a changed site file is taken over; a wrong one is told whole, and the rest runs on', async () => {
    writeFileSync(siteFile, site('Set'));
    server = await start();
    await server.stop();
    const more = `
  - { id: booster-2, class: booster-pump-set, name: ${name('Set')}, space: b1 }
  - { id: sump-1, class: sump, name: ${name('Sump')}, space: b1, dependsOn: [{ oneOf: [booster-1, booster-2] }] }`;
    writeFileSync(siteFile, site('Set two', more));
    server = await start();
    let admin = new TestClient(server.url);
    await admin.signIn();
    expect((await admin.call('GET', '/api/equipment/hq/booster-1')).body).toMatchObject({
      name: { en: 'Set two' },
      space: 'hq/b1',
    });
    const { body: sump } = await admin.call<EquipmentDetail>('GET', '/api/equipment/hq/sump-1');
    expect(sump.dependsOn).toEqual([{ oneOf: ['hq/booster-1', 'hq/booster-2'], needs: 1 }]);

    await server.stop();
    writeFileSync(siteFile, site('Set three', '  - { id: p, class: pupm, name: { zh: 泵 }, space: b9 }\n'));
    server = await start();
    admin = new TestClient(server.url);
    await admin.signIn();
    const { body } = await admin.call<Health>('GET', '/api/health');
    expect(body.parts.configuration?.detail).toMatch(/site\.yaml:9 \/equipment\/1\/name/);
    expect((await admin.call('GET', '/api/equipment/hq/booster-1')).body).toMatchObject({ name: { en: 'Set two' } });
  });

  test('a taken port is one clear error that names port and variable', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { folder: own, remove: removeOwn } = temporaryFolder();
    const starting = startTestServer(own, { mqttUrl, env: { PLANTROOM_HTTP_PORT: String(port) } });
    await expect(starting).rejects.toThrow(
      `HTTP port ${port} on 127.0.0.1 is taken by another program; set PLANTROOM_HTTP_PORT`,
    );
    await new Promise((resolve) => other.close(resolve));
    removeOwn();
  });
});
