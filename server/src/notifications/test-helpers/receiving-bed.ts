import { afterEach, beforeEach, expect } from 'vitest';
import { NotifierBed } from './notifier-bed.ts';
import { credentials, Receivers } from './receivers.ts';

export const robot = { kind: 'wecom', mentionAll: 'never' } as const;
export const person = (id: string) => ({ type: 'person', id }) as const;
export const channel = (id: string) => ({ type: 'channel', id }) as const;

/** What each test of the notifier begins with, anew for each: a webhook `hook` that is told at once, and a robot `group`. */
export class ReceivingBed {
  bed!: NotifierBed;
  receivers!: Receivers;
  baseUrl!: string;

  /** To be called while tests are collected. Nothing that a receiver refuses passes unseen. */
  constructor(startMs: number) {
    beforeEach(async () => {
      const bed = new NotifierBed(startMs);
      this.bed = bed;
      await bed.open();
      // A test may put another bed in its place.
      this.receivers = new Receivers({ nowMs: () => this.bed.clock.nowMs() });
      this.baseUrl = await this.receivers.start();
      const { baseUrl } = this;
      await bed.channel(
        { id: 'hook', settings: { kind: 'webhook', url: `${baseUrl}/hook` }, coalesceS: 0, perMinute: 600 },
        credentials.webhook,
      );
      await bed.channel({ id: 'group', settings: { ...robot, baseUrl } }, credentials.wecom);
    });
    afterEach(async () => {
      expect(this.receivers.refused).toEqual([]);
      await this.bed.destroy();
      await this.receivers.stop();
    });
  }

  /** What the webhook was told, by message. */
  hooks(): string[][] {
    return this.receivers
      .of('/hook')
      .map(({ body }) =>
        (body.alarms as { alarm: string; event: string }[]).map(({ alarm, event }) => `${event} ${alarm}`),
      );
  }

  /** What the robot said. */
  group(): string[] {
    return this.receivers.of('/cgi-bin/').map(({ body }) => (body.text as { content: string }).content);
  }
}
