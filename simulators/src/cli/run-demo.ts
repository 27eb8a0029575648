import { Demo } from '../demo/demo.ts';
import { type CommandContext, untilStopped } from './context.ts';

/** The demo building until a signal comes. */
export async function runDemo(context: CommandContext): Promise<number> {
  const demo = new Demo(context);
  try {
    await demo.start();
    process.send?.({ ready: true, url: `http://127.0.0.1:${demo.controlPort}` });
    await untilStopped();
  } finally {
    await demo.stop();
  }
  return 0;
}
