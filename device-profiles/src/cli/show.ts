import { parseArgs } from 'node:util';
import { PlantroomError } from '@plantroom/contracts';
import { loadCatalog } from '../load-catalog.ts';
import { notAllowed } from '../nearest.ts';
import type { DeviceProfile, ModbusPoint, MqttPoint, SerialDelivery } from '../profile-schema.ts';
import { roleOf } from '../raw-types.ts';
import { table } from './table.ts';

/** `show VENDOR/MODEL`: what the profile says, one line a point. Throws PROFILE_UNKNOWN. */
export function showCommand(words: string[], say: (line: string) => void): number {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { catalog: { type: 'string', multiple: true } },
  });
  const { catalog } = loadCatalog({ folders: values.catalog ?? [] });
  const id = positionals[0] ?? '';
  const profile = catalog.profiles.get(id);
  if (!profile) {
    const known = [...catalog.profiles.keys()];
    throw new PlantroomError(
      'PROFILE_UNKNOWN',
      notAllowed(id, 'a profile.', known, { listedIn: 'npm run profiles -- list' }),
    );
  }
  say(`${profile.profile}: ${profile.vendor} ${profile.model}, certainty ${profile.certainty}`);
  for (const source of profile.sources) say(`  source: ${source}`);
  if (profile.notes !== undefined) say(`  ${profile.notes.trim()}`);
  if (profile.protocol === 'modbus' && profile.modbus.serial)
    say(`  delivered with ${delivered(profile.modbus.serial)}`);
  for (const [role, served] of Object.entries(profile.serves)) {
    say(`  serves ${role}: ${served.class}${served.many === true ? ', several' : ''}`);
  }
  const sets = [profile.parameters, ...Object.values(profile.serves).map((served) => served.parameters)];
  for (const [name, parameter] of sets.flatMap((set) => Object.entries(set ?? {}))) {
    const given = parameter.default === undefined ? 'must be given' : `default ${JSON.stringify(parameter.default)}`;
    say(`  parameter ${name}: ${parameter.name.en}, ${parameter.kind}, ${given}`);
  }
  say('');
  const rows = profile.points.map((point) => row(profile, point, unitOf(profile, point)));
  for (const line of table([['point', 'at', 'vendor', 'type', 'scale', 'unit', 'poll', 'writable'], ...rows]))
    say(line);
  return 0;

  function unitOf(of: DeviceProfile, point: ModbusPoint | MqttPoint): string {
    const served = of.serves[roleOf(of, point) ?? ''];
    return point.unit ?? catalog.classes.get(served?.class ?? '')?.points[point.point]?.unit ?? '';
  }
}

function delivered({ baudRate, parity, stopBits, unit }: SerialDelivery): string {
  const parts = [
    baudRate && `${baudRate} baud`,
    parity && (parity === 'none' ? 'no parity' : `${parity} parity`),
    stopBits && `${stopBits} stop bit${stopBits === 1 ? '' : 's'}`,
    unit && `unit id ${unit}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function row(profile: DeviceProfile, point: ModbusPoint | MqttPoint, unit: string): string[] {
  const modbus = profile.protocol === 'modbus';
  const { at } = point as ModbusPoint;
  const { topic, path } = (point as MqttPoint).at;
  const where = modbus ? `${at.table} ${at.address}` : `${topic ?? ''} ${path}`.trim();
  const steps = modbus ? (at.plus ?? []).map(({ of, times }) => ` + ${times}·(${of}-1)`).join('') : '';
  const named = point.role === undefined ? point.point : `${point.role}.${point.point}`;
  return [
    named,
    where + steps,
    modbus ? (at.vendorAddress ?? '') : '',
    at.type,
    String(point.scale ?? 1),
    unit,
    point.poll ?? 'normal',
    writable(point),
  ];
}

function writable({ write }: ModbusPoint | MqttPoint): string {
  if (write === undefined) return '';
  if (write.min !== undefined && write.max !== undefined) return `${write.min} to ${write.max}`;
  return write.codes === undefined ? 'yes' : write.codes.join(', ');
}
