import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { EquipmentDetail, Health } from '@plantroom/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunningServer } from './server.ts';
import { boosterSite, yamlName } from './test-helpers/booster-site.ts';
import { startTestServer, TestClient, temporaryFolder } from './test-helpers/start-test-server.ts';

const { folder, remove } = temporaryFolder();
const siteFile = join(folder, 'site.yaml');

let server: RunningServer;
const start = () => startTestServer(folder, { env: { PLANTROOM_SITE_FILE: siteFile } });

afterAll(async () => {
  await server.stop();
  remove();
});

describe('starting', () => {
  test('a changed site file is taken over; a wrong one is told whole, and the rest runs on', async () => {
    writeFileSync(siteFile, boosterSite('Set'));
    server = await start();
    await server.stop();
    const more = `
  - { id: booster-2, class: booster-pump-set, name: ${yamlName('Set')}, space: b1 }
  - { id: sump-1, class: sump, name: ${yamlName('Sump')}, space: b1, dependsOn: [{ oneOf: [booster-1, booster-2] }] }`;
    writeFileSync(siteFile, boosterSite('Set two', more));
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
    writeFileSync(siteFile, boosterSite('Set three', '  - { id: p, class: pupm, name: { zh: 泵 }, space: b9 }\n'));
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
    const starting = startTestServer(own, { env: { PLANTROOM_HTTP_PORT: String(port) } });
    await expect(starting).rejects.toThrow(
      `HTTP port ${port} on 127.0.0.1 is taken by another program; set PLANTROOM_HTTP_PORT`,
    );
    await new Promise((resolve) => other.close(resolve));
    removeOwn();
  });
});
