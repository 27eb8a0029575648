import type { FaultSpec } from '../fault-spec.ts';

const activity = {
  kind: 'activity',
  classes: ['elevator'],
  onset: 'sudden',
  usualRampS: 0,
  severity: { zh: '与程度无关', en: 'The same at any severity' },
} as const;

export const elevatorActivities = [
  {
    ...activity,
    id: 'elevator-inspection',
    name: { zh: '电梯检修', en: 'Elevator on inspection' },
    standsFor: { zh: '维保人员轿顶作业', en: 'Maintenance visit, work on the car roof' },
    effect: { zh: '到站清客后以检修速度上下运行', en: 'Empties at a landing, then moves at inspection speed' },
  },
  {
    ...activity,
    id: 'held-door',
    name: { zh: '搬运占门', en: 'Door held by movers' },
    standsFor: { zh: '搬家搬货，按住开门按钮', en: 'Movers who hold the door button' },
    effect: {
      zh: '门保持打开，光幕时断时续，其余电梯接管召唤',
      en: 'The door stays open, the light curtain comes and goes, the other cars take the calls',
    },
  },
  {
    ...activity,
    id: 'independent-service',
    name: { zh: '独立运行', en: 'Independent service' },
    standsFor: { zh: '专用运货', en: 'The car is reserved for a transport' },
    effect: {
      zh: '退出群控，按轿内指令往返，长时间开门装卸',
      en: 'Leaves the group, runs by its own buttons and stands open to load',
    },
  },
  {
    ...activity,
    id: 'attendant-service',
    name: { zh: '司机操作', en: 'Attendant service' },
    standsFor: { zh: '高峰时专人操作', en: 'An attendant at rush hours' },
    effect: { zh: '继续应召，开门时间更长', en: 'Serves calls with longer door times' },
  },
  {
    ...activity,
    id: 'car-cleaning',
    name: { zh: '轿厢保洁', en: 'Car cleaning' },
    standsFor: { zh: '锁梯后清洁轿厢', en: 'The car is locked off and cleaned' },
    effect: { zh: '锁梯，门开着，光幕时断时续', en: 'Locked off with open doors, the light curtain comes and goes' },
  },
  {
    ...activity,
    id: 'locked-off',
    name: { zh: '锁梯', en: 'Elevator locked off' },
    standsFor: { zh: '夜间锁梯', en: 'Locked off for the night' },
    effect: { zh: '清客后回基站关门停用', en: 'Empties, goes to the main floor and rests there' },
  },
  {
    ...activity,
    id: 'recall-test',
    name: { zh: '消防返回试验', en: 'Fire recall test' },
    standsFor: { zh: '基站消防开关试验', en: 'Test of the recall switch at the main floor' },
    effect: {
      zh: '不应召，直返基站开门待命',
      en: 'Goes to the main floor without a stop and stands there with open doors',
    },
  },
  {
    ...activity,
    id: 'firefighter-drill',
    name: { zh: '消防员操作演练', en: 'Firefighter drill' },
    standsFor: { zh: '消防演练', en: 'Drill of the fire brigade' },
    effect: { zh: '返回基站后由消防员操作往返各层', en: 'After recall the firefighters drive it from floor to floor' },
  },
] as const satisfies readonly FaultSpec[];
