import type { Language } from '@plantroom/contracts';
import { useSyncExternalStore } from 'react';

export type Theme = 'dark' | 'light';
export type Density = 'desk' | 'wall';

export interface Preferences {
  language: Language;
  theme: Theme;
  density: Density;
  /** Whether alarms are heard on this screen. */
  sound: boolean;
  /** Site chosen last; null: the first. */
  site: string | null;
}

const storageKey = 'plantroom.preferences';
const listeners = new Set<() => void>();

/** What is stored wins, then `?wall=1`, then the browser. */
export function initialPreferences(options: {
  stored: string | null;
  browserLanguages: readonly string[];
  prefersLight: boolean;
  wall: boolean;
}): Preferences {
  const first = options.browserLanguages[0] ?? 'zh';
  const preferences: Preferences = {
    language: first.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en',
    theme: options.prefersLight ? 'light' : 'dark',
    density: 'desk',
    sound: true,
    site: null,
  };
  const stored = parse(options.stored);
  if (stored.language === 'zh-CN' || stored.language === 'en') preferences.language = stored.language;
  if (stored.theme === 'dark' || stored.theme === 'light') preferences.theme = stored.theme;
  if (stored.density === 'desk' || stored.density === 'wall') preferences.density = stored.density;
  if (typeof stored.sound === 'boolean') preferences.sound = stored.sound;
  if (typeof stored.site === 'string') preferences.site = stored.site;
  if (options.wall) preferences.density = 'wall';
  return preferences;
}

function parse(stored: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function read(): Preferences {
  return initialPreferences({
    stored: localStorage.getItem(storageKey),
    browserLanguages: navigator.languages,
    prefersLight: matchMedia('(prefers-color-scheme: light)').matches,
    wall: new URLSearchParams(location.search).get('wall') === '1',
  });
}

let current: Preferences | null = null;

export function preferences(): Preferences {
  current ??= read();
  return current;
}

export function applyPreferences(): void {
  const { language, theme, density } = preferences();
  const root = document.documentElement;
  root.lang = language;
  root.classList.toggle('dark', theme === 'dark');
  root.dataset.density = density;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  localStorage.setItem(storageKey, JSON.stringify(current));
  applyPreferences();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}
