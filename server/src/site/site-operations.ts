import type { OperatingPosition, Shift, SiteModel } from '@plantroom/contracts';

const defaultPosition = { id: 'control-room', name: { zh: '值班岗', en: 'Duty desk' }, systems: [], equipment: [] };

const defaultShifts: readonly Shift[] = [
  { id: 'day', name: { zh: '白班', en: 'Day shift' }, from: '08:00', to: '20:00' },
  { id: 'night', name: { zh: '夜班', en: 'Night shift' }, from: '20:00', to: '08:00' },
];

/** Who watches what and when, as the site files say; a site without one has one position and two shifts. */
export class SiteOperations {
  readonly #models: ReadonlyMap<string, SiteModel>;

  constructor(models: readonly SiteModel[]) {
    this.#models = new Map(models.map((model) => [model.site, model]));
  }

  /** At least one; what none of them names belongs to the first. */
  positionsOf(site: string): readonly OperatingPosition[] {
    const positions = this.#models.get(site)?.operatingPositions;
    return (
      positions?.map(({ id, name, systems = [], equipment = [] }) => ({
        id,
        name,
        systems,
        equipment: equipment.map((slug) => `${site}/${slug}`),
      })) ?? [defaultPosition]
    );
  }

  /** In the order of the day, without gaps. */
  shiftsOf(site: string): readonly Shift[] {
    return this.#models.get(site)?.shifts ?? defaultShifts;
  }
}

interface PathProblem {
  path: string;
  message: string;
}

/** Pure: what a schema cannot see of positions and shifts. */
export function operationProblems(model: SiteModel): PathProblem[] {
  return [...positionProblems(model), ...shiftProblems(model.shifts ?? [])];
}

function positionProblems({ operatingPositions = [], equipment }: SiteModel): PathProblem[] {
  const problems: PathProblem[] = [];
  const known = new Set(equipment.map(({ id }) => id));
  const owners = new Map<string, string>();
  const claim = (path: string, name: string, position: string): void => {
    const owner = owners.get(name);
    if (owner !== undefined) problems.push({ path, message: `"${name}" belongs to position "${owner}" already` });
    owners.set(name, position);
  };
  operatingPositions.forEach((position, at) => {
    const path = `/operatingPositions/${at}`;
    claim(`${path}/id`, `id ${position.id}`, position.id);
    position.systems?.forEach((system, index) => {
      claim(`${path}/systems/${index}`, `system ${system}`, position.id);
    });
    position.equipment?.forEach((id, index) => {
      claim(`${path}/equipment/${index}`, id, position.id);
      if (known.has(id)) return;
      const message = `"${id}" is not known here; there are ${[...known].join(', ') || 'none'}`;
      problems.push({ path: `${path}/equipment/${index}`, message });
    });
  });
  return problems;
}

function shiftProblems(shifts: readonly Shift[]): PathProblem[] {
  const problems: PathProblem[] = [];
  const seen = new Set<string>();
  let minutes = 0;
  shifts.forEach((shift, at) => {
    if (seen.has(shift.id)) problems.push({ path: `/shifts/${at}/id`, message: `"${shift.id}" is there twice` });
    seen.add(shift.id);
    const next = shifts[(at + 1) % shifts.length];
    if (next !== undefined && next.from !== shift.to) {
      const message = `"${shift.to}" leaves a gap or an overlap; allowed: ${next.from}, where "${next.id}" begins`;
      problems.push({ path: `/shifts/${at}/to`, message });
    }
    minutes += shiftMinutes(shift);
  });
  if (problems.length === 0 && shifts.length > 0 && minutes !== dayMinutes) {
    problems.push({
      path: '/shifts',
      message: `together they take ${minutes} minutes; allowed: ${dayMinutes}, one day`,
    });
  }
  return problems;
}

const dayMinutes = 1440;

/** Minutes after midnight. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A shift that ends when it begins takes the whole day. */
function shiftMinutes({ from, to }: Shift): number {
  return ((minutesOf(to) - minutesOf(from) + dayMinutes - 1) % dayMinutes) + 1;
}
