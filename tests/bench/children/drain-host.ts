import { connectAsync } from 'mqtt';
import { decodePayload, toNumber } from '../../../gateway/src/uplink/sparkplug/payload.ts';
import { answerParent } from './answer.ts';

/** A Sparkplug host that says that it is online, confirms nothing, and notes how old each live value is when it comes. */
let historical = 0;
let lastHistoricalMs = 0;
let ages: number[] = [];

answerParent({
  async start({ broker }: { broker: string }) {
    const client = await connectAsync(broker, { clientId: 'bench-host' });
    client.on('message', (topic, payload) => {
      if (topic.split('/')[2] !== 'DDATA') return;
      const nowMs = Date.now();
      for (const { isHistorical, timestamp } of decodePayload(payload).metrics ?? []) {
        if (isHistorical === true) {
          historical += 1;
          lastHistoricalMs = nowMs;
        } else ages.push(nowMs - toNumber(timestamp));
      }
    });
    await client.subscribeAsync('spBv1.0/+/+/#', { qos: 0 });
    const state = JSON.stringify({ online: true, timestamp: Date.now() });
    await client.publishAsync('spBv1.0/STATE/plantroom', state, { qos: 1, retain: true });
  },
  counts: () => ({ backlogFields: historical, lastBacklogMs: lastHistoricalMs }),
  /** Of the live values that came since the last question. */
  ages() {
    const since = ages;
    ages = [];
    return since;
  },
});
