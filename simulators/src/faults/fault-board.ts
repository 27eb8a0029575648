import { PlantroomError } from '@plantroom/contracts';
import { faultCatalogue } from './catalogue.ts';
import type { FaultSpec } from './fault-spec.ts';

/** A fault that is on. */
export interface ActiveFault {
  id: string;
  equipment: string;
  fault: string;
  /** 0 … 1, reached after `rampS`. */
  severity: number;
  rampS: number;
  sinceMs: number;
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
}

/** Which faults are on and how far each has grown. */
export class FaultBoard {
  /** Equipment id → class. */
  readonly #classes: ReadonlyMap<string, string>;
  #state: FaultBoardState;

  constructor(classes: ReadonlyMap<string, string>, state: FaultBoardState = { next: 1, active: [] }) {
    this.#classes = classes;
    this.#state = state;
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
    const before = this.#state.active.find((a) => a.equipment === request.equipment && a.fault === request.fault);
    const active: ActiveFault = {
      id: before?.id ?? `fault-${this.#state.next}`,
      equipment: request.equipment,
      fault: request.fault,
      severity: request.severity ?? 1,
      rampS: request.rampS ?? 0,
      sinceMs: nowMs,
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
    const active = this.#state.active.find((a) => a.equipment === target.equipment && a.fault === target.fault);
    if (active === undefined) return 0;
    const grown = active.rampS <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - active.sinceMs) / (active.rampS * 1000)));
    return active.severity * grown;
  }

  #check({ equipment, fault }: FaultRequest): void {
    const ofClass = this.#classes.get(equipment);
    if (ofClass === undefined) {
      const ids = [...this.#classes.keys()].join(', ');
      throw new PlantroomError('FAULT_EQUIPMENT_UNKNOWN', `no equipment "${equipment}"; allowed: ${ids}`);
    }
    const spec = faultCatalogue.find((s) => s.id === fault);
    const fits = (s: FaultSpec): boolean => s.classes === 'any' || s.classes.includes(ofClass);
    if (spec !== undefined && fits(spec)) return;
    const allowed = faultCatalogue.filter(fits).map((s) => s.id);
    throw new PlantroomError(
      spec === undefined ? 'FAULT_UNKNOWN' : 'FAULT_NOT_APPLICABLE',
      `fault "${fault}" ${spec === undefined ? 'is not known' : `does not befall class ${ofClass}`}; allowed for ${equipment}: ${allowed.join(', ')}`,
    );
  }
}
