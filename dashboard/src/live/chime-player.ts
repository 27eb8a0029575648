import type { Chime } from '../format/alarm-sound.ts';

/** Tones one after the other: Hz (0: a pause) and seconds. */
const tones: Record<Chime, readonly (readonly [number, number])[]> = {
  'life-safety': [
    [880, 0.25],
    [660, 0.25],
    [880, 0.25],
    [660, 0.25],
    [880, 0.25],
    [660, 0.25],
  ],
  critical: [
    [784, 0.15],
    [0, 0.1],
    [784, 0.15],
    [0, 0.1],
    [784, 0.15],
  ],
  alarm: [[587, 0.25]],
  summary: [
    [523, 0.2],
    [392, 0.3],
  ],
};
const volume: Record<Chime, number> = { 'life-safety': 0.4, critical: 0.25, alarm: 0.12, summary: 0.12 };
const edgeS = 0.01;

let context: AudioContext | null = null;

/** Browsers let a page sound only after the first touch or key; what fell due before stays silent. */
export function playChime(chime: Chime): void {
  context ??= new AudioContext();
  const { currentTime, destination, state } = context;
  if (state !== 'running') {
    void context.resume().catch(() => undefined);
    return;
  }
  let atS = currentTime;
  for (const [hz, s] of tones[chime]) {
    if (hz > 0) {
      const oscillator = new OscillatorNode(context, { frequency: hz });
      const gain = new GainNode(context, { gain: 0 });
      // Without soft edges each tone clicks.
      gain.gain.setValueAtTime(0, atS);
      gain.gain.linearRampToValueAtTime(volume[chime], atS + edgeS);
      gain.gain.setValueAtTime(volume[chime], atS + s - edgeS);
      gain.gain.linearRampToValueAtTime(0, atS + s);
      oscillator.connect(gain).connect(destination);
      oscillator.start(atS);
      oscillator.stop(atS + s);
    }
    atS += s;
  }
}

/** To be called at a touch or a key. */
export function unlockChimes(): void {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
}
