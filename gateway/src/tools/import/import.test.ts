import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@plantroom/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolIo } from '../tool.ts';
import { importTool } from './import-tool.ts';
import { csvRows } from './read-rows.ts';

let folder: string;
let noted: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-import-'));
  noted = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

const gatewayFile = `# the tower
gateway: edge
site: tower
connections:
  - { id: riser, protocol: modbus, transport: rtu, path: /dev/ttyUSB0 } # behind the switchboard
devices:
  - { id: m0, profile: eastron/sdm120, connection: riser, unitId: 1, serves: { meter: m0 } }
uplinks: {}
outbox: { file: outbox.db }
`;

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function run(...args: string[]): Promise<number> {
  const io: ToolIo = {
    environment: { dataDir: folder, logLevel: 'info', variables: {} },
    clock: new VirtualClock(),
    out: () => undefined,
    note: (text) => {
      noted += text;
    },
    signal: new AbortController().signal,
    screen: undefined,
  };
  return importTool.run(args, io);
}

describe('import of a list of devices', () => {
  test('Chinese headers; the entries come into the file, its comments and the old file stay', async () => {
    const file = write('edge.yaml', gatewayFile);
    const list = write('l.csv', '\ufeff编号,型号,线路,站号,服务对象,快速周期\r\nm1,eastron/sdm120,riser,2,,10s\r\n');
    expect(await run(list, '--into', file)).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# the tower');
    expect(text).toContain('# behind the switchboard');
    expect(text).toMatch(/id: m1, profile: eastron\/sdm120, connection: riser, serves: \{ meter: m1 \}, unitId: 2/);
    expect(readFileSync(`${file}.bak`, 'utf8')).toBe(gatewayFile);
  });

  test('every faulty line is named with its column, and nothing is written', async () => {
    const file = write('edge.yaml', gatewayFile);
    const list = write(
      'l.csv',
      'id;profile;connection;unit;poll.fast\nm1;eastron/sdm12;riser;2;\nm2;eastron/sdm120;risr;3;\nm3;eastron/sdm120;riser;300;\nm0;eastron/sdm120;riser;4;\n',
    );
    expect(await run(list, '--into', file)).toBe(2);
    expect(noted).toMatch(/l\.csv:2 profile: "eastron\/sdm12" is not a profile — did you mean "eastron\/sdm120"/);
    expect(noted).toMatch(/l\.csv:4 unit: is "300", allowed are whole numbers from 0 to 255/);
    expect(readFileSync(file, 'utf8')).toBe(gatewayFile);
  });

  test("what the file's own validation finds is told by the line of the list", async () => {
    const file = write('edge.yaml', gatewayFile);
    const list = write('l.csv', 'id,profile,connection,unit\nm0,eastron/sdm120,riser,4\nm2,eastron/sdm120,risr,3\n');
    expect(await run(list, '--into', file)).toBe(2);
    expect(noted).toMatch(/l\.csv:2 id: "m0" is in the gateway file already; --replace/);
    expect(noted).toMatch(/l\.csv:3 connection: "risr" is not a connection/);
    expect(readFileSync(file, 'utf8')).toBe(gatewayFile);
  });

  test('a dry run writes nothing', async () => {
    const file = write('edge.yaml', gatewayFile);
    const list = write('l.csv', 'id,profile,connection,unit\nm1,eastron/sdm120,riser,2\n');
    expect(await run(list, '--into', file, '--dry-run')).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(gatewayFile);
  });

  test('GB18030 as Excel saves it, and semicolons', () => {
    // 表头;值
    const bytes = Uint8Array.of(0xb1, 0xed, 0xcd, 0xb7, 0x3b, 0xd6, 0xb5, 0x0a);
    expect(csvRows(bytes)[0]?.cells).toEqual(['表头', '值']);
  });
});
