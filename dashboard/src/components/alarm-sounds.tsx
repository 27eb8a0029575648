import { useEffect, useRef, useState } from 'react';
import { AlarmSounder } from '../format/alarm-sound.ts';
import { playChime, unlockChimes } from '../live/chime-player.ts';
import { useAlarms, useFloods, useLiveLoaded } from '../live/use-live.ts';
import { usePreferences } from '../state/preferences.ts';
import { useFloodOf } from '../state/use-flood-of.ts';

/** Sounds alarms on this screen, as long as its user wants to hear them. */
export function AlarmSounds() {
  const alarms = useAlarms();
  const floods = useFloods();
  const { floodOf } = useFloodOf();
  const loaded = useLiveLoaded();
  const { sound } = usePreferences();
  const sounder = useRef(new AlarmSounder());
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    for (const event of ['pointerdown', 'keydown'] as const) document.addEventListener(event, unlockChimes);
    return () => {
      for (const event of ['pointerdown', 'keydown'] as const) document.removeEventListener(event, unlockChimes);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn looks again, when a time has come and nothing else has changed
  useEffect(() => {
    if (!loaded) return;
    const nowMs = Date.now();
    const chime = sounder.current.take({ alarms, floods, floodOf, nowMs });
    if (chime !== null && sound) playChime(chime);
    const { nextMs } = sounder.current;
    if (nextMs === null) return;
    const timer = setTimeout(() => setTurn((now) => now + 1), Math.max(0, nextMs - nowMs));
    return () => clearTimeout(timer);
  }, [alarms, floods, loaded, sound, turn]);
  return null;
}
