import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test('a process ends with lines in its log that nobody reads any more', async () => {
  const program = `
    const { processLog } = await import(${JSON.stringify(new URL('process-log.ts', import.meta.url).href)});
    const log = processLog('orphan');
    process.stdin.once('data', () => {
      log.info('one');
      log.info('two');
      process.exit(3);
    });
    process.send('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  child.stdout?.destroy();
  child.stdin?.write('go\n');
  expect(await once(child, 'exit')).toEqual([3, null]);
});
