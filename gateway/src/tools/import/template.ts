import { writeFileSync } from 'node:fs';
import { PlantroomError } from '@plantroom/contracts';

const lines = [
  ['id', 'profile', 'connection', 'unit', 'equipment', 'poll.fast', 'poll.normal', 'poll.slow', 'remark'],
  ['# 编号', '型号', '线路', '站号', '服务对象', '快速周期', '普通周期', '慢速周期', '备注'],
  [
    '# floor-01',
    'chint/dtsu666',
    'riser',
    '7',
    'floor-01',
    '15s',
    '30s',
    '300s',
    'lines with # are left out / 以 # 开头的行不导入',
  ],
];

/** A list to fill in, with the mark by which Excel knows UTF-8. Throws USAGE unless it is to be CSV. */
export function writeTemplate(file: string): void {
  if (!file.toLowerCase().endsWith('.csv'))
    throw new PlantroomError('USAGE', `--template is "${file}", a template is a .csv (Excel opens it)`);
  const text = lines
    .map((cells) => cells.map((cell) => (/[",;]/.test(cell) ? `"${cell}"` : cell)).join(','))
    .join('\r\n');
  writeFileSync(file, `\ufeff${text}\r\n`, { flag: 'wx' });
}
