import type { Problem } from '@plantroom/contracts';
import { notAllowed } from '@plantroom/device-profiles';

/** What a column of the list says. `of` is the role or the parameter, where there is one. */
export type Column =
  | { field: 'id' | 'profile' | 'connection' | 'unitId' | 'without' }
  | { field: 'equipment'; role: string | undefined }
  | { field: 'parameter'; name: string }
  | { field: 'roleParameter'; role: string; name: string }
  | { field: 'poll'; poll: 'fast' | 'normal' | 'slow' }
  | { field: 'remark' };

/** Header texts, lower case, without spaces; the first of each is the one that templates and messages use. */
const plain: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'device', 'deviceid', '编号', '设备编号', '设备id', '设备号'],
  profile: ['profile', 'model', 'type', '型号', '设备型号', '模板', '设备模板'],
  connection: ['connection', 'line', 'channel', '连接', '线路', '通道', '总线'],
  unitId: [
    'unit',
    'unitid',
    'slave',
    'slaveid',
    'address',
    '站号',
    '从站',
    '从站号',
    '从站地址',
    '地址',
    '通讯地址',
    '单元号',
  ],
  without: ['without', '不采集', '排除测点'],
  remark: ['remark', 'remarks', 'note', 'notes', '备注', '说明'],
  'poll.fast': ['poll.fast', 'fast', '快速周期', '快'],
  'poll.normal': ['poll.normal', 'normal', '普通周期', '普通'],
  'poll.slow': ['poll.slow', 'slow', '慢速周期', '慢'],
};
const equipmentWords = ['equipment', 'serves', '服务对象', '被测设备', '所属设备'];
const parameterWords = ['parameter', 'param', '参数'];

/** The header line. Columns with problems are left out of the result. */
export function readHeader(
  cells: readonly string[],
  { source, line }: { source: string; line: number },
): { columns: (Column | undefined)[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const say = (path: string, message: string): void => {
    problems.push({ source, line, path, message });
  };
  const seen = new Set<string>();
  const columns = cells.map((cell): Column | undefined => {
    const text = cell.replace(/[\s\u3000*＊]/g, '').toLowerCase();
    if (text === '') return undefined;
    const column = columnOf(text);
    if (column === undefined) {
      say(cell, notAllowed(cell, 'a column', allowedColumns));
      return undefined;
    }
    const key = JSON.stringify(column);
    if (seen.has(key) && column.field !== 'remark') say(cell, 'says the same as a column before it');
    seen.add(key);
    return column;
  });
  for (const field of ['id', 'profile', 'connection'] as const) {
    if (!columns.some((column) => column?.field === field))
      say(field, `the column "${field}" (${plain[field]?.find((word) => /\p{Script=Han}/u.test(word))}) is missing`);
  }
  return { columns, problems };
}

const allowedColumns = [
  'id',
  'profile',
  'connection',
  'unit',
  'equipment',
  'equipment.<role>',
  'equipment.<role>.<parameter>',
  'parameter.<name>',
  'poll.fast',
  'poll.normal',
  'poll.slow',
  'without',
  'remark',
];

function columnOf(text: string): Column | undefined {
  for (const [field, words] of Object.entries(plain)) {
    if (!words.includes(text)) continue;
    if (field.startsWith('poll.')) return { field: 'poll', poll: field.slice(5) as 'fast' | 'normal' | 'slow' };
    return { field: field as 'id' | 'profile' | 'connection' | 'unitId' | 'without' | 'remark' };
  }
  const [word = '', first, second, ...more] = text.replaceAll(/[．。:：]/g, '.').split('.');
  if (more.length > 0) return undefined;
  if (equipmentWords.includes(word)) {
    if (first !== undefined && second !== undefined) return { field: 'roleParameter', role: first, name: second };
    return { field: 'equipment', role: first };
  }
  if (parameterWords.includes(word) && first !== undefined && second === undefined)
    return { field: 'parameter', name: first };
  return undefined;
}
