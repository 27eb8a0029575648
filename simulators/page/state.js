import { words } from './words.js';

/** What the page knows. */
export const state = {
  language: localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
  theme: localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  building: undefined,
  faults: { catalogue: [], active: [] },
  values: {},
  time: undefined,
  selected: undefined,
};
export const word = (key) => words[state.language][key];
export const said = (text) => text[state.language];

export const equipmentOf = (id) =>
  state.building.systems.flatMap(({ equipment }) => equipment).find((one) => one.id === id);

/** As a person says it: a state by its name, a number with its unit. */
export function meant(value, about) {
  const called = about?.words[String(value)];
  if (called !== undefined) return said(called);
  const unit = about?.unit ?? '';
  return unit === '' ? format(value) : `${format(value)} ${unit}`;
}

function format(value) {
  if (value === null || value === undefined) return '—';
  if (typeof value !== 'number') return String(value);
  const size = Math.abs(value);
  return size >= 1000 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : String(Number(value.toPrecision(3)));
}
