import type { FaultSpec } from './fault-spec.ts';

/** The catalogue as Markdown, for docs/faults.md. Pure. */
export function describeCatalogue(catalogue: readonly FaultSpec[]): string {
  const count = (kind: FaultSpec['kind']): number => catalogue.filter((spec) => spec.kind === kind).length;
  const sections = [
    { kind: 'equipment', title: 'Faults of equipment' },
    { kind: 'wire', title: 'Faults of the wire' },
    { kind: 'activity', title: 'Activities' },
  ] as const;
  return [
    '# What can befall the simulated building',
    '',
    `${count('equipment')} faults of equipment, ${count('wire')} of the wire, and ${count('activity')} activities that no alarm may mistake for a fault.`,
    'Written by `npm run simulators -- fault document`; a test compares it with the code.',
    '',
    ...sections
      .filter(({ kind }) => count(kind) > 0)
      .flatMap(({ kind, title }) => [
        `## ${title}`,
        '',
        '| fault | befalls | stands for | begins | severity 0 to 1 | what follows |',
        '|---|---|---|---|---|---|',
        ...catalogue.filter((spec) => spec.kind === kind).map(row),
        '',
      ]),
  ].join('\n');
}

function row(spec: FaultSpec): string {
  const { id, name, standsFor, onset, usualRampS, severity, effect } = spec;
  const befalls = whatItBefalls(spec);
  const begins = onset === 'sudden' ? 'suddenly' : `over ${duration(usualRampS)}`;
  const cells = [`\`${id}\` ${name.en} · ${name.zh}`, befalls, standsFor.en, begins, severity.en, effect.en];
  return `| ${cells.join(' | ')} |`;
}

const deviceOver = { modbus: 'any Modbus device', mqtt: 'any MQTT sensor' } as const;

function whatItBefalls({ classes, part, over, point }: FaultSpec): string {
  const only = part === undefined ? '' : ` (${part})`;
  const whole =
    classes !== 'any' ? `${classes.join(', ')}${only}` : over === undefined ? 'any device' : deviceOver[over];
  if (point === undefined) return whole;
  return point === 'needed' ? `one point of ${whole}` : `${whole}, or one point of it`;
}

/** Largest whole unit. */
function duration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  for (const [size, unit] of units) if (seconds >= size && seconds % size === 0) return `${seconds / size} ${unit}`;
  return `${seconds} s`;
}
