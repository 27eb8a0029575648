/** What the gateway itself has counted since its start. */
export interface GatewayCounters {
  /** Readings in the outbox. */
  produced: number;
  /** Of these: nothing but the news that a value has grown old, or is lost. They are no values, and line protocol carries none for them. */
  stale: number;
  lost: number;
  /** Readings that an uplink has yet to deliver. */
  pendingLines: number;
  pendingSparkplug: number;
  timeouts: number;
}

/** Read from its metrics page. */
export async function gatewayCounters(metricsPort: number): Promise<GatewayCounters> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  if (!answer.ok) throw new Error(`/metrics of the gateway answered ${answer.status}`);
  const samples = (await answer.text()).split('\n').flatMap((line) => {
    const found = /^plantroom_gateway_(\w+)\{(.*)\} (\S+)$/.exec(line);
    return found === null ? [] : [{ name: found[1], labels: found[2] ?? '', value: Number(found[3]) }];
  });
  const sum = (name: string, ...labels: string[]): number => {
    const fitting = samples.filter((s) => s.name === name && labels.every((label) => s.labels.includes(label)));
    if (fitting.length === 0) throw new Error(`the gateway does not say ${name} ${labels.join(' ')}`);
    return fitting.reduce((total, { value }) => total + value, 0);
  };
  return {
    produced: sum('outbox_readings', 'what="produced"'),
    stale: sum('pipeline', 'what="stale"'),
    lost: sum('pipeline', 'what="lost"'),
    pendingLines: sum('outbox_readings', 'what="pending"', 'part="line-protocol"'),
    pendingSparkplug: sum('outbox_readings', 'what="pending"', 'part="sparkplug"'),
    timeouts: sum('connection', 'what="timeouts"'),
  };
}
