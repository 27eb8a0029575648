import type { PointNews, SignalJudge } from './signal-judge.ts';

/** Moments judged before others have their turn. */
const momentsInATurn = 2_000;

/** Brings what is read point by point to the rules in order of time. */
export class SignalNews {
  readonly #waiting = new Map<SignalJudge, (readonly [operand: number, news: PointNews])[]>();

  add(judge: SignalJudge): void {
    this.#waiting.set(judge, []);
  }

  news(judge: SignalJudge, operand: number, news: PointNews): void {
    this.#waiting.get(judge)?.push([operand, news]);
  }

  /** Everything before this time has been told of all points. */
  async advance(toMs: number, pause: () => Promise<void>): Promise<void> {
    let moments = 0;
    for (const [judge, waiting] of this.#waiting) {
      waiting.sort(([, a], [, b]) => a.atMs - b.atMs);
      for (const [i, [operand, news]] of waiting.entries()) {
        judge.news(operand, news);
        if (waiting[i + 1]?.[1].atMs !== news.atMs) judge.advance(news.atMs);
        if (++moments % momentsInATurn === 0) await pause();
      }
      waiting.length = 0;
      judge.advance(toMs - 1);
    }
  }

  end(atMs: number): void {
    for (const judge of this.#waiting.keys()) judge.end(atMs);
  }
}
