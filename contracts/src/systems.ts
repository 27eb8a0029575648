import type { LocalText } from './local-text.ts';

/** The systems of the left rail; each class belongs to one. */
export const systems = ['elevators', 'water', 'power', 'fire', 'hvac', 'environment'] as const;
export type System = (typeof systems)[number];

export const systemNames: Record<System, LocalText> = {
  elevators: { zh: '电梯', en: 'Elevators' },
  water: { zh: '给排水', en: 'Water' },
  power: { zh: '供配电', en: 'Power' },
  fire: { zh: '消防', en: 'Fire' },
  hvac: { zh: '暖通空调', en: 'HVAC' },
  environment: { zh: '环境', en: 'Environment' },
};
