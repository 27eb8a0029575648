import { type System, systemNames } from '@plantroom/contracts';
import { useCallback } from 'react';
import { useLocalText } from './i18n.ts';

export function useSystemName(): (system: System) => string {
  const text = useLocalText();
  return useCallback((system: System) => text(systemNames[system]), [text]);
}
