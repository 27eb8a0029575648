import type { Alarm } from '@plantroom/contracts';

/** The point, device or gateway that an alarm is about; gateways have several sources, told apart behind a #. */
export function alarmSource({ source }: Pick<Alarm, 'source'>): string {
  return source.split('#')[0] ?? source;
}
