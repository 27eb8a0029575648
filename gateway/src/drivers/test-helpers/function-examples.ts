import type { ModbusRequest } from '../modbus/request.ts';

export interface FunctionExample {
  name: string;
  request: ModbusRequest;
  /** Request and answer without unit id, as the standard prints them. */
  asked: string;
  answered: string;
  values: readonly number[];
}

export const exampleUnit = 0x11;
const head = { unit: exampleUnit, framing: 'standard', strictTransactionId: true } as const;
const write = (table: 'coil' | 'holding', start: number, words: number[], single: boolean): ModbusRequest => ({
  ...head,
  table,
  start,
  words,
  single,
});

/** Modbus Application Protocol 1.1b3, §6.1 to §6.6, §6.11, §6.12 and §6.17. */
export const functionExamples: readonly FunctionExample[] = [
  {
    name: 'function 1',
    request: { ...head, table: 'coil', start: 0x13, count: 19 },
    asked: '01 00 13 00 13',
    answered: '01 03 CD 6B 05',
    values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1],
  },
  {
    name: 'function 2',
    request: { ...head, table: 'discrete', start: 0xc4, count: 22 },
    asked: '02 00 C4 00 16',
    answered: '02 03 AC DB 35',
    values: [0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1],
  },
  {
    name: 'function 3',
    request: { ...head, table: 'holding', start: 0x6b, count: 3 },
    asked: '03 00 6B 00 03',
    answered: '03 06 02 2B 00 00 00 64',
    values: [0x22b, 0, 0x64],
  },
  {
    name: 'function 4',
    request: { ...head, table: 'input', start: 8, count: 1 },
    asked: '04 00 08 00 01',
    answered: '04 02 00 0A',
    values: [10],
  },
  {
    name: 'function 5',
    request: write('coil', 0xac, [1], true),
    asked: '05 00 AC FF 00',
    answered: '05 00 AC FF 00',
    values: [],
  },
  {
    name: 'function 5, off',
    request: write('coil', 0xac, [0], true),
    asked: '05 00 AC 00 00',
    answered: '05 00 AC 00 00',
    values: [],
  },
  {
    name: 'function 6',
    request: write('holding', 1, [3], true),
    asked: '06 00 01 00 03',
    answered: '06 00 01 00 03',
    values: [],
  },
  {
    name: 'function 15',
    request: write('coil', 0x13, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0], false),
    asked: '0F 00 13 00 0A 02 CD 01',
    answered: '0F 00 13 00 0A',
    values: [],
  },
  {
    name: 'function 16',
    request: write('holding', 1, [0x0a, 0x102], false),
    asked: '10 00 01 00 02 04 00 0A 01 02',
    answered: '10 00 01 00 02',
    values: [],
  },
  {
    name: 'function 23',
    request: { ...head, start: 3, count: 6, writeStart: 0x0e, words: [0xff, 0xff, 0xff] },
    asked: '17 00 03 00 06 00 0E 00 03 06 00 FF 00 FF 00 FF',
    answered: '17 0C 00 FE 0A CD 00 01 00 03 00 0D 00 FF',
    values: [0xfe, 0xacd, 1, 3, 13, 0xff],
  },
];
