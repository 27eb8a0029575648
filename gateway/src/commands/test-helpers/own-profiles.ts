const head = (profile: string, rest: string): string => `profile: own/${profile}
vendor: Own
model: ${profile}
sources: [own list]
certainty: B
${rest}`;

/** A valve that is told over MQTT what to do. */
export const valveProfile = head(
  'valve',
  `protocol: mqtt
parameters:
  name: { name: { zh: 名称, en: Name }, kind: string }
serves: { actuator: { class: actuator } }
mqtt: { topic: "site/{name}" }
silence: { after: 1h }
points:
  - point: setpoint
    at: { path: setpoint, type: number }
    write: { topic: "site/{name}/set", payload: '{"setpoint":{value}}', min: 0, max: 100, settleMs: 0 }
`,
);

/** A lift over Modbus TCP; `write` as its profile claims it, left out: nothing. */
export const liftProfile = (profile: string, write?: string): string =>
  head(
    profile,
    `protocol: modbus
serves: { car: { class: elevator } }
modbus: {}
poll: { fast: 1s, normal: 1s, slow: 10s }
silence: { polls: 3 }
points:
  - { point: floor, at: { table: holding, address: 20, type: s16 }${write === undefined ? '' : `, write: ${write}`} }
  - { point: locked, at: { table: coil, address: 21, type: bool } }
`,
  );
