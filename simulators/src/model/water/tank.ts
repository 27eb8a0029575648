/** The tank that the set draws from; a float-controlled valve fills it from the town main. */
export interface Tank {
  volumeM3: number;
  filling: boolean;
  fillM3h: number;
  temperatureC: number;
  /** Totals since the model began: volume = start + filled − drawn, always. */
  filledM3: number;
  drawnM3: number;
}

export const tankData = { areaM2: 10, fillFromM: 1.7, fillToM: 2.4, overflowM: 2.9, fillM3h: 32 } as const;

export function levelOf(tank: Tank): number {
  return tank.volumeM3 / tankData.areaM2;
}

export function newTank(levelM: number): Tank {
  return {
    volumeM3: levelM * tankData.areaM2,
    filling: false,
    fillM3h: 0,
    temperatureC: 17,
    filledM3: 0,
    drawnM3: 0,
  };
}

/** Hands back what could really be drawn: an empty tank gives nothing. */
export function stepTank(tank: Tank, drawM3h: number, dtS: number): { tank: Tank; drawnM3: number } {
  const level = levelOf(tank);
  const filling = level < tankData.fillFromM || (tank.filling && level < tankData.fillToM);
  const fillM3h = filling ? tankData.fillM3h : 0;
  const filled = (fillM3h * dtS) / 3600;
  const drawn = Math.min(tank.volumeM3 + filled, (drawM3h * dtS) / 3600);
  return {
    drawnM3: drawn,
    tank: {
      ...tank,
      filling,
      fillM3h,
      volumeM3: tank.volumeM3 + filled - drawn,
      filledM3: tank.filledM3 + filled,
      drawnM3: tank.drawnM3 + drawn,
    },
  };
}
