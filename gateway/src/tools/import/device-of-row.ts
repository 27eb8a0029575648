import type { Problem } from '@plantroom/contracts';
import { type Catalog, type DeviceProfile, notAllowed, type ProfileParameter } from '@plantroom/device-profiles';
import type { DeviceConfig } from '../../config/gateway-config.ts';
import type { Column } from './columns.ts';
import type { Row } from './read-rows.ts';

type ParameterText = string | number | (number | string)[];
type Parameters = Record<string, ParameterText>;

/** A line of the list as the entry that goes into the gateway file. What only the whole file shows is left to its own validation. */
export function deviceOfRow(
  row: Row,
  { columns, catalog, source }: { columns: readonly (Column | undefined)[]; catalog: Catalog; source: string },
): { device: DeviceConfig | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  const say = (path: string, message: string): void => {
    problems.push({ source, line: row.line, path, message });
  };
  const extra = row.cells.slice(columns.length).find((cell) => cell !== '');
  if (extra !== undefined) say(`column ${columns.length + 1}`, `"${extra}" stands under no header`);
  const cell = (field: 'id' | 'profile' | 'connection' | 'unitId' | 'without'): string => {
    const at = columns.findIndex((column) => column?.field === field);
    return row.cells[at] ?? '';
  };
  for (const field of ['id', 'profile', 'connection'] as const) {
    if (cell(field) === '') say(columnName({ field }), 'is empty');
  }
  const profile = catalog.profiles.get(cell('profile'));
  if (profile === undefined) {
    if (cell('profile') !== '')
      say(columnName({ field: 'profile' }), notAllowed(cell('profile'), 'a profile', [...catalog.profiles.keys()]));
    return { device: undefined, problems };
  }
  const device: DeviceConfig = {
    id: cell('id'),
    profile: profile.profile,
    connection: cell('connection'),
    serves: servesOf(row, { columns, profile, say }),
  };
  const unit = cell('unitId');
  if (unit !== '') {
    const number = Number(unit);
    if (/^\d+$/.test(unit) && number <= 255) device.unitId = number;
    else say(columnName({ field: 'unitId' }), `is "${unit}", allowed are whole numbers from 0 to 255`);
  } else if (profile.protocol === 'modbus') {
    say(columnName({ field: 'unitId' }), 'is empty; a Modbus device needs its unit id');
  }
  const parameters: Parameters = {};
  const poll: Record<string, string> = {};
  for (const [i, column] of columns.entries()) {
    const text = row.cells[i] ?? '';
    if (column === undefined || text === '') continue;
    if (column.field === 'parameter') parameters[column.name] = parameterOf(text, profile.parameters?.[column.name]);
    if (column.field === 'poll') poll[column.poll] = text;
  }
  if (Object.keys(parameters).length > 0) device.parameters = parameters;
  if (Object.keys(poll).length > 0) device.poll = poll;
  const without = list(cell('without'));
  if (without.length > 0) device.without = without;
  return { device: problems.length === 0 ? device : undefined, problems };
}

interface RowParts {
  columns: readonly (Column | undefined)[];
  profile: DeviceProfile;
  say(path: string, message: string): void;
}

/** `equipment` alone serves the only role; left empty, the equipment is called as the device. */
function servesOf(row: Row, { columns, profile, say }: RowParts): DeviceConfig['serves'] {
  const roles = Object.keys(profile.serves);
  const serves: Record<string, DeviceConfig['serves'][string]> = {};
  const ofRole = (role: string): Parameters => {
    const parameters: Parameters = {};
    for (const [i, column] of columns.entries()) {
      const text = row.cells[i] ?? '';
      if (column?.field === 'roleParameter' && column.role === role && text !== '')
        parameters[column.name] = parameterOf(text, profile.serves[role]?.parameters?.[column.name]);
    }
    return parameters;
  };
  for (const [i, column] of columns.entries()) {
    const text = row.cells[i] ?? '';
    if (column?.field !== 'equipment' || text === '') continue;
    const role = column.role ?? (roles.length === 1 ? roles[0] : undefined);
    const name = columnName(column);
    if (role === undefined) {
      say(name, `${profile.profile} has several roles: write equipment.<role>; allowed are ${roles.join(', ')}`);
    } else if (profile.serves[role] === undefined) {
      say(name, notAllowed(role, `a role of ${profile.profile}`, roles));
    } else {
      const parameters = ofRole(role);
      const entries = list(text).map((equipment) =>
        Object.keys(parameters).length === 0 ? { equipment } : { equipment, parameters },
      );
      const [only] = entries;
      if (profile.serves[role].many === true) serves[role] = entries;
      else if (entries.length > 1 || only === undefined) say(name, `"${text}": the role ${role} serves exactly one`);
      else serves[role] = 'parameters' in only ? only : only.equipment;
    }
  }
  const [role] = roles;
  const id = row.cells[columns.findIndex((column) => column?.field === 'id')] ?? '';
  if (Object.keys(serves).length === 0 && roles.length === 1 && role !== undefined) {
    const parameters = ofRole(role);
    const entry = Object.keys(parameters).length === 0 ? { equipment: id } : { equipment: id, parameters };
    serves[role] = profile.serves[role]?.many === true ? [entry] : 'parameters' in entry ? entry : id;
  }
  return serves;
}

/** A text by the kind that the profile declares; an undeclared one goes through as it stands, and the file's validation names it. */
function parameterOf(text: string, declared: ProfileParameter | undefined): ParameterText {
  if (declared?.kind === 'string') return text;
  if (declared?.kind === 'number-list') return list(text).map((entry) => (/^\d+$/.test(entry) ? Number(entry) : entry));
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Separated by comma, semicolon or space, Chinese ones too. */
function list(text: string): string[] {
  return text.split(/[\s,;，；、]+/).filter((entry) => entry !== '');
}

/** What a message calls the column. */
export function columnName(column: Column): string {
  switch (column.field) {
    case 'unitId':
      return 'unit';
    case 'equipment':
      return column.role === undefined ? 'equipment' : `equipment.${column.role}`;
    case 'parameter':
      return `parameter.${column.name}`;
    case 'roleParameter':
      return `equipment.${column.role}.${column.name}`;
    case 'poll':
      return `poll.${column.poll}`;
    default:
      return column.field;
  }
}
