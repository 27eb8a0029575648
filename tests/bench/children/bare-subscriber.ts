import { connectAsync } from 'mqtt';
import { answerParent } from './answer.ts';

/** The peer: the library subscribes, the payload is parsed and dropped. It acknowledges before anything is stored. */
let messages = 0;
let lastMs = 0;
let sum = 0;

answerParent({
  async subscribe({ url }: { url: string }) {
    const client = await connectAsync(url, { clientId: 'bench-bare', clean: true });
    client.on('message', (_topic, payload) => {
      const { temperature } = JSON.parse(payload.toString()) as { temperature: number };
      sum += temperature;
      messages += 1;
      lastMs = Date.now();
    });
    await client.subscribeAsync('bench/#', { qos: 1 });
  },
  counts: () => ({ messages, lastMs, sum }),
});
