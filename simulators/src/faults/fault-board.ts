import { PlantroomError, type PointValue } from '@plantroom/contracts';
import { faultCatalogue } from './catalogue.ts';
import type { EquipmentPart, FaultSpec } from './fault-spec.ts';

/** A fault that is on. */
export interface ActiveFault {
  id: string;
  equipment: string;
  fault: string;
  /** 0 … 1, reached after `rampS`. */
  severity: number;
  rampS: number;
  sinceMs: number;
  /** The one point that it befalls; left out: the whole equipment. */
  point?: string;
  /** What points held when it came, as far as its course hangs on that. */
  held?: Record<string, PointValue>;
}

/** Plain data for the snapshot. */
export interface FaultBoardState {
  next: number;
  active: ActiveFault[];
}

export interface FaultRequest {
  equipment: string;
  fault: string;
  /** Left out: 1. */
  severity?: number;
  /** Left out: 0, at once. */
  rampS?: number;
  /** Left out: the whole equipment, where the fault allows it. */
  point?: string;
}

/** Who serves an equipment: over which protocols, and which points. */
export interface EquipmentWire {
  protocols: ReadonlySet<'modbus' | 'mqtt'>;
  points: ReadonlySet<string>;
}

/** What a board knows of the equipment beyond its class; what is left out is not checked. */
export interface FaultBoardOptions {
  wires?: ReadonlyMap<string, EquipmentWire>;
  parts?: ReadonlyMap<string, ReadonlySet<EquipmentPart>>;
}

/** Which faults are on and how far each has grown. */
export class FaultBoard {
  /** Equipment id → class. */
  readonly #classes: ReadonlyMap<string, string>;
  readonly #wires: FaultBoardOptions['wires'];
  readonly #parts: FaultBoardOptions['parts'];
  #state: FaultBoardState;

  constructor(
    classes: ReadonlyMap<string, string>,
    state: FaultBoardState = { next: 1, active: [] },
    { wires, parts }: FaultBoardOptions = {},
  ) {
    this.#classes = classes;
    this.#state = state;
    this.#wires = wires;
    this.#parts = parts;
  }

  get active(): readonly ActiveFault[] {
    return this.#state.active;
  }

  state(): FaultBoardState {
    return this.#state;
  }

  /** Throws FAULT_UNKNOWN or FAULT_NOT_APPLICABLE with what is allowed; the same fault again changes the one that is on. */
  set(request: FaultRequest, nowMs: number): ActiveFault {
    this.#check(request);
    const before = this.#state.active.find(
      (a) => a.equipment === request.equipment && a.fault === request.fault && a.point === request.point,
    );
    const active: ActiveFault = {
      id: before?.id ?? `fault-${this.#state.next}`,
      equipment: request.equipment,
      fault: request.fault,
      severity: request.severity ?? 1,
      rampS: request.rampS ?? 0,
      sinceMs: nowMs,
      ...(request.point === undefined ? {} : { point: request.point }),
    };
    this.#state = {
      next: this.#state.next + (before === undefined ? 1 : 0),
      active: [...this.#state.active.filter((a) => a.id !== active.id), active],
    };
    return active;
  }

  /** Throws FAULT_NOT_ACTIVE with the ids that are. */
  clear(id: string): ActiveFault {
    const found = this.#state.active.find((a) => a.id === id);
    if (found === undefined) {
      const ids = this.#state.active.map((a) => a.id).join(', ') || 'none';
      throw new PlantroomError('FAULT_NOT_ACTIVE', `no active fault "${id}"; active: ${ids}`);
    }
    this.#state = { ...this.#state, active: this.#state.active.filter((a) => a !== found) };
    return found;
  }

  /** How far it has grown, 0 … severity. */
  level(target: { equipment: string; fault: string }, nowMs: number): number {
    for (const active of this.#state.active)
      if (active.equipment === target.equipment && active.fault === target.fault) return levelOf(active, nowMs);
    return 0;
  }

  /** Remembers what a point held when the fault came; answers what was remembered first. */
  held(active: ActiveFault, point: string, value: PointValue): PointValue {
    active.held ??= {};
    const first = active.held[point] ?? value;
    active.held[point] = first;
    return first;
  }

  #check(request: FaultRequest): void {
    const { equipment, fault } = request;
    const ofClass = this.#classes.get(equipment);
    if (ofClass === undefined) {
      const ids = [...this.#classes.keys()].join(', ');
      throw new PlantroomError('FAULT_EQUIPMENT_UNKNOWN', `no equipment "${equipment}"; allowed: ${ids}`);
    }
    const spec = faultCatalogue.find((s) => s.id === fault);
    const fits = (s: FaultSpec): boolean => this.#fits(s, equipment, ofClass);
    if (spec !== undefined && fits(spec)) {
      this.#checkPoint(request, spec);
      return;
    }
    const allowed = faultCatalogue.filter(fits).map((s) => s.id);
    throw new PlantroomError(
      spec === undefined ? 'FAULT_UNKNOWN' : 'FAULT_NOT_APPLICABLE',
      `fault "${fault}" ${spec === undefined ? 'is not known' : `does not befall ${this.#why(spec, ofClass)}`}; allowed for ${equipment}: ${allowed.join(', ')}`,
    );
  }

  #fits({ classes, part, over }: FaultSpec, equipment: string, ofClass: string): boolean {
    if (classes !== 'any' && !classes.includes(ofClass)) return false;
    if (part !== undefined && this.#parts !== undefined && this.#parts.get(equipment)?.has(part) !== true) return false;
    return over === undefined || this.#wires === undefined || this.#wires.get(equipment)?.protocols.has(over) === true;
  }

  #why({ classes, part, over }: FaultSpec, ofClass: string): string {
    if (classes === 'any') return `what is not read over ${over}`;
    return classes.includes(ofClass) ? `what is or has no ${part}` : `class ${ofClass}`;
  }

  #checkPoint({ equipment, fault, point }: FaultRequest, spec: FaultSpec): void {
    const points = this.#wires?.get(equipment)?.points;
    const allowed = points === undefined ? 'a point of the equipment' : [...points].join(', ');
    const refuse = (why: string): never => {
      throw new PlantroomError('FAULT_POINT', `fault "${fault}" ${why}`);
    };
    if (point === undefined && spec.point === 'needed') refuse(`needs a point; allowed for ${equipment}: ${allowed}`);
    if (point === undefined) return;
    if (spec.point === undefined) refuse(`befalls the whole of ${equipment}; point is "${point}", allowed is none`);
    if (points !== undefined && !points.has(point))
      refuse(`cannot befall point "${point}"; allowed for ${equipment}: ${allowed}`);
  }
}

/** How far it has grown, 0 … severity. */
export function levelOf({ severity, rampS, sinceMs }: ActiveFault, nowMs: number): number {
  return severity * (rampS <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - sinceMs) / (rampS * 1000))));
}
