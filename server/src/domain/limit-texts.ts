import type { AlarmGuidance, LimitKind, LocalText } from '@plantroom/contracts';

const minutes = 60_000;

const exceeded: Record<LimitKind, LocalText> = {
  HH: { zh: '超高高限', en: 'very high' },
  H: { zh: '超高限', en: 'high' },
  L: { zh: '低于低限', en: 'low' },
  LL: { zh: '低于低低限', en: 'very low' },
};

/** What an alarm says when the engineer who set the limit gave no words of his own. */
export function genericGuidance(pointName: LocalText, kind: LimitKind): AlarmGuidance {
  return {
    name: { zh: `${pointName.zh}${exceeded[kind].zh}`, en: `${pointName.en} ${exceeded[kind].en}` },
    cause: {
      zh: '运行工况超出设定范围，或测量有误。',
      en: 'The equipment runs outside the set range, or the measurement is wrong.',
    },
    consequence: {
      zh: '持续超限可能损坏设备或影响供应。',
      en: 'Staying outside may damage the equipment or interrupt supply.',
    },
    response: {
      zh: '到现场核对读数，查明原因并恢复到限值以内。',
      en: 'Compare the reading on site, find the cause and bring the value back inside the limit.',
    },
    timeToRespondMs: 30 * minutes,
  };
}

/** Work order for a limit that belongs to no failure mode of the class. */
export const genericOrder = (pointName: LocalText) => ({
  title: { zh: `检查:${pointName.zh}越限`, en: `Inspect: ${pointName.en} out of limits` },
  skills: [] as string[],
  checklist: [
    { zh: '现场核对读数', en: 'Compare the reading on site' },
    { zh: '查明越限原因', en: 'Find out why the limit was passed' },
    { zh: '处理后确认数值恢复', en: 'After the work, confirm that the value is back' },
  ] satisfies LocalText[],
  minutes: null,
});
