export interface Mutation {
  /** What is broken: a requirement of docs/sparkplug.md. */
  requirement: string;
  file: string;
  /** Stands in the file exactly once. */
  from: string;
  to: string;
  /** The test that must fail: its key in docs/sparkplug.md. */
  test: string;
}

const edge = 'gateway/src/uplink/sparkplug';
const host = 'server/src/ingest';

/** One change each that a careless hand could make, and the test that must notice. */
export const mutations: readonly Mutation[] = [
  {
    requirement: 'principles-persistence-clean-session-311',
    file: `${edge}/client-options.ts`,
    from: 'clean: true',
    to: 'clean: false',
    test: 'E1',
  },
  {
    requirement: 'payloads-ndeath-will-message-qos',
    file: `${edge}/client-options.ts`,
    from: 'qos: 1, retain: false }',
    to: 'qos: 0, retain: false }',
    test: 'E1',
  },
  {
    requirement: 'payloads-nbirth-bdseq-repeat',
    file: `${edge}/bd-seq-store.ts`,
    from: '(last + 1) % 256',
    to: 'last',
    test: 'B1',
  },
  {
    requirement: 'topics-nbirth-bdseq-matching',
    file: `${edge}/session.ts`,
    from: 'bdSeqMetric(bdSeq, nowMs)',
    to: 'bdSeqMetric(bdSeq + 1, nowMs)',
    test: 'E2',
  },
  {
    requirement: 'message-flow-edge-node-ncmd-subscribe',
    file: `${edge}/sparkplug-uplink.ts`,
    from: 'subscribeAsync(topics, { qos: 1 })',
    to: 'subscribeAsync(topics, { qos: 0 })',
    test: 'E3',
  },
  {
    requirement: 'operational-behavior-edge-node-intentional-disconnect-ndeath',
    file: `${edge}/sparkplug-uplink.ts`,
    from: 'if (this.#leaving) throw',
    to: 'if (false) throw',
    test: 'L1',
  },
  {
    requirement: 'topics-dbirth-mqtt',
    file: `${edge}/sparkplug-uplink.ts`,
    from: 'publishAsync(topic, payload, { qos: 0 })',
    to: 'publishAsync(topic, payload, { qos: 1 })',
    test: 'E6',
  },
  {
    requirement: 'topics-nbirth-seq-num',
    file: `${edge}/session.ts`,
    from: 'this.#seq = 0;',
    to: '',
    test: 'E7',
  },
  {
    requirement: 'payloads-sequence-num-incrementing',
    file: `${edge}/session.ts`,
    from: '(seq + 1) % 256',
    to: '(seq + 1) % 255',
    test: 'E7',
  },
  {
    requirement: 'payloads-name-birth-data-requirement',
    file: `${edge}/metrics.ts`,
    from: '    timestamp: held.wireTimeMs,\n',
    to: '',
    test: 'E8',
  },
  {
    requirement: 'operational-behavior-data-commands-rebirth-name-aliases',
    file: `${edge}/metrics.ts`,
    from: "{ name: nodeMetrics.rebirth, type: 'Boolean'",
    to: "{ name: nodeMetrics.rebirth, alias: 99, type: 'Boolean'",
    test: 'E10',
  },
  {
    requirement: 'payloads-propertyset-quality-value-value',
    file: 'contracts/src/quality.ts',
    from: 'bad: 0,',
    to: 'bad: 1,',
    test: 'E15',
  },
  {
    requirement: 'operational-behavior-edge-node-termination-host-offline-timestamp',
    file: `${edge}/host-state.ts`,
    from: 'seen.timestamp < held.timestamp',
    to: 'false',
    test: 'X1',
  },
  {
    requirement: 'host-topic-phid-death-qos',
    file: `${host}/host-connection.ts`,
    from: 'qos: 1 as const',
    to: 'qos: 0 as const',
    test: 'H1',
  },
  {
    requirement: 'host-topic-phid-birth-payload-timestamp',
    file: `${host}/host-connection.ts`,
    from: '{ online: true, timestamp: this.#timestampMs }',
    to: '{ online: true, timestamp: this.#timestampMs + 1 }',
    test: 'H2',
  },
  {
    requirement: 'host-topic-phid-birth-retain',
    file: `${host}/host-connection.ts`,
    from: 'birth, { qos: 1, retain: true }',
    to: 'birth, { qos: 1, retain: false }',
    test: 'H2',
  },
  {
    requirement: 'host-topic-phid-death-retain',
    file: `${host}/host-connection.ts`,
    from: 'death, { qos: 1, retain: true }',
    to: 'death, { qos: 1, retain: false }',
    test: 'H3',
  },
  {
    requirement: 'operational-behavior-edge-node-termination-host-action-ndeath-node-offline',
    file: `${host}/node-session.ts`,
    from: 'told !== this.#controls.bdSeq',
    to: 'false',
    test: 'H6',
  },
  {
    requirement: 'operational-behavior-edge-node-termination-host-action-ddeath-devices-offline',
    file: `${host}/node-session.ts`,
    from: 'payload.timestampMs ?? this.#options.clock.nowMs());',
    to: 'this.#options.clock.nowMs());',
    test: 'H7',
  },
  {
    requirement: 'operational-behavior-host-reordering-param',
    file: `${host}/ordered-messages.ts`,
    from: 'after(reorderMs,',
    to: 'after(1_000,',
    test: 'H8',
  },
  {
    requirement: 'operational-behavior-host-reordering-start',
    file: `${host}/ordered-messages.ts`,
    from: 'ready.length > 0 || !this.#window.waiting',
    to: '!this.#window.waiting',
    test: 'H9',
  },
  {
    requirement: 'payloads-dcmd-qos',
    file: `${host}/host-connection.ts`,
    from: '{ qos: 0, retain: false }',
    to: '{ qos: 1, retain: false }',
    test: 'H10',
  },
  {
    requirement: 'topic-structure-namespace-unique-edge-node-descriptor',
    file: `${host}/sparkplug-host.ts`,
    from: 'return other;',
    to: 'return id;',
    test: 'F6',
  },
];
