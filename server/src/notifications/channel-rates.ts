import { type ChannelConfig, vendorLimits } from './domain/config.ts';
import { type RateLimit, RateWindow } from './domain/rate-window.ts';

const minuteMs = 60_000;
const secondMs = 1_000;

/** One window for each channel; it outlives a change of the channel's settings. */
export class ChannelRates {
  readonly #windows = new Map<string, { limits: string; window: RateWindow }>();

  setBack(byMs: number): void {
    for (const { window } of this.#windows.values()) window.setBack(byMs);
  }

  of(channel: ChannelConfig): RateWindow {
    const vendor = vendorLimits[channel.settings.kind];
    const limits: RateLimit[] = [
      { count: Math.min(channel.perMinute, vendor?.perMinute ?? channel.perMinute), perMs: minuteMs },
    ];
    if (vendor?.perSecond !== undefined) limits.push({ count: vendor.perSecond, perMs: secondMs });
    const key = JSON.stringify(limits);
    const held = this.#windows.get(channel.id);
    if (held?.limits === key) return held.window;
    const window = held === undefined ? new RateWindow(limits) : held.window.with(limits);
    this.#windows.set(channel.id, { limits: key, window });
    return window;
  }
}
