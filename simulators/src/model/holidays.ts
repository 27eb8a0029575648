/**
 * Days off by law in China: 全国年节及纪念日放假办法 (as revised in November 2024). Days that a year's notice moves to make longer
 * breaks are not among them.
 */
const everyYear = new Set(['1-1', '5-1', '5-2', '10-1', '10-2', '10-3']);

/** Those that follow the moon or the sun: Spring Festival's eve and three days, Qingming, Dragon Boat, Mid-Autumn. */
const byYear: Readonly<Record<number, readonly string[]>> = {
  2025: ['1-28', '1-29', '1-30', '1-31', '4-4', '5-31', '10-6'],
  2026: ['2-16', '2-17', '2-18', '2-19', '4-5', '6-19', '9-25'],
  2027: ['2-5', '2-6', '2-7', '2-8', '4-5', '6-9', '9-15'],
  2028: ['1-25', '1-26', '1-27', '1-28', '4-4', '5-28', '10-3'],
};

/** `month` from 1. */
export function isHoliday({ year, month, day }: { year: number; month: number; day: number }): boolean {
  const key = `${month}-${day}`;
  return everyYear.has(key) || byYear[year]?.includes(key) === true;
}
