import { FaultBoard } from '../../faults/fault-board.ts';
import { controlApp } from '../control-app.ts';

/** The control interface of a building that has one pump. */
export function onePump() {
  let rate = 1;
  const board = new FaultBoard(new Map([['pump-1', 'pump']]));
  return controlApp({
    faults: () => board.active.map((active) => ({ ...active, level: board.level(active, 0) })),
    setFault: (request) => board.set(request, 0),
    clearFault: (id) => board.clear(id),
    state: () => ({ timeMs: 0, equipment: {} }),
    health: () => ({ status: 'ok' }),
    building: () => ({
      id: 'demo',
      name: { zh: '楼', en: 'Tower' },
      timeZone: 'Asia/Shanghai',
      systems: [],
      buildings: [],
    }),
    time: () => ({ nowMs: 0, offsetMs: 0, rate, achieved: rate, behind: false }),
    setRate(to) {
      rate = to;
    },
  });
}
