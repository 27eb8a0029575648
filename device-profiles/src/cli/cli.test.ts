import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profilesCli } from './profiles-cli.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'profiles-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...words: string[]) {
  const said = { stdout: '', stderr: '' };
  const status = profilesCli(words, {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
  });
  return { status, ...said };
}

describe('npm run profiles', () => {
  it('is a program with an exit status', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'lst'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('unknown command "lst"');
  });

  it('list: one line a profile, by vendor, class and words', () => {
    const { status, stdout } = run('list', '--class', 'vav-box');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^profile +protocol +certainty +classes +points +writable +device$/);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^belimo\/vav +modbus +B +vav-box +11 +2 +Belimo/)]);
    expect(run('list', 'no such device').stdout).toBe('no profile fits\n');
  });

  it('show: every point with the vendor’s number, unit, scale, poll class and what may be written', () => {
    const { status, stdout } = run('show', 'belimo/actuator');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^setpoint +holding 0 +1 +u16 +0\.01 +percent +normal +0 to 100$/m);
    expect(stdout).toMatch(/^position +holding 4 +5 +u16 +0\.01 +percent +normal$/m);
  });

  it('show: an unknown profile is named with the nearest', () => {
    const { status, stderr } = run('show', 'belimo/actuatr');
    expect(status).toBe(2);
    expect(stderr).toContain('"belimo/actuator"');
  });

  it('new: a skeleton whose blanks, and nothing else, the check finds; filled in, it is sound', () => {
    expect(run('new', 'acme/meter', '--class', 'power-meter', '--folder', folder).status).toBe(0);
    const profile = join(folder, 'profiles/acme/meter.yaml');
    const vectors = join(folder, 'vectors/acme/meter.yaml');
    expect(existsSync(vectors)).toBe(true);
    const blank = run('check', folder);
    expect(blank.status).toBe(2);
    const paths = blank.stdout.split('\n').filter((line) => line.includes('meter.yaml:'));
    // An expected value that is left blank is "not available" to the schema; it is found once the profile is sound and can be held against it.
    expect(paths.map((line) => line.split(' ')[1]).sort()).toEqual([
      '/certainty',
      '/points/0/at/address',
      '/source',
      '/sources',
    ]);
    const edit = (path: string, pairs: [string, string][]) =>
      writeFileSync(
        path,
        pairs.reduce((text, [from, to]) => text.replace(from, to), readFileSync(path, 'utf8')),
      );
    edit(profile, [
      ['sources:', 'sources: [Acme manual, page 3]'],
      ['certainty:', 'certainty: B'],
      ['address: ,', 'address: 0,'],
    ]);
    edit(vectors, [
      ['source:', 'source: Acme manual, page 3'],
      ['{ 0: [] }', '{ 0: [0x00E6] }'],
      ['voltage-l1: }', 'voltage-l1: 230 }'],
    ]);
    const filled = run('check', folder);
    expect(filled.stdout).toMatch(/ 0 problems\n$/);
    expect(filled.status).toBe(0);
    expect(run('new', 'acme/meter', '--class', 'power-meter', '--folder', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exists already'),
    });
  });

  it('wrong words cost status 2 and say what is allowed', () => {
    expect(run('list', '--colour', 'red').status).toBe(2);
    expect(run('new', 'Acme', '--class', 'power-meter').status).toBe(2);
    expect(run('new', 'acme/x', '--class', 'power-metre').stderr).toContain('"power-meter"');
  });
});
