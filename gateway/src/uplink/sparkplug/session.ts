import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CommandOutcome, type Reading, type SparkplugMessageType, sparkplugTopic } from '@plantroom/contracts';
import { storedLanes as lanes, type StoredLane } from '../../outbox/outbox.ts';
import type { GatewayPoint } from '../../pipeline/point-table.ts';
import { Confirmation } from './confirmation.ts';
import { DataPayload } from './data-payload.ts';
import { byDevice, type DeviceRun, qualityOf } from './device-runs.ts';
import { isReached, type Positions } from './former-points.ts';
import { bdSeqMetric, birthMetric, controlMetrics, outboxMetric, outcomeMetric, progressMetrics } from './metrics.ts';
import type { NodeCommand } from './node-commands.ts';
import { OwedReport } from './owed-report.ts';
import { encodePayload, type UMetric } from './payload.ts';
import { ProgressPayload } from './progress-payload.ts';
import { type NextSlice, SendOrder, sliceReadings } from './send-order.ts';
import { SendWindow } from './send-window.ts';
import type { SessionOptions, SessionStart } from './session-options.ts';

const maxMetrics = 500;
/** Far more than commands can run at once. */
const maxOutcomes = 500;

/** Births, data and deaths over one connection: everything between its NBIRTH and its end. */
export class SparkplugSession {
  readonly #o: SessionOptions;
  readonly #order: SendOrder;
  readonly #counts: Record<StoredLane, number> = { safety: 0, live: 0 };
  readonly #replayed: Record<StoredLane, number> = { safety: 0, live: 0 };
  /** What lies before was buffered while the host was away or is older than the device's birth. By lane, by device. */
  readonly #historicalBefore: Record<StoredLane, Float64Array>;
  readonly #born: Uint8Array;
  /** Quality that the host holds of each point. */
  readonly #told: (string | undefined)[];
  /** Ends of commands that the host has not been told yet; bounded by what the desk lets run. */
  readonly #outcomes: CommandOutcome[] = [];
  readonly #payload = new DataPayload();
  readonly #progressPayload = new ProgressPayload();
  readonly #report = new OwedReport();
  readonly #window: SendWindow;
  /** Telemetry waits for the host to confirm what is under way. */
  #isWaiting = false;
  #seq = 0;
  #watermarkMs = 0;
  #rebirth = true;
  #running = false;
  #again = false;
  readonly #confirmation: Confirmation;
  /** Its last positions, when another table has taken the place of its own. */
  #until: Positions | undefined;
  #holds = false;
  #stopped = false;
  /** Revision of the outbox's holes that the host has been told. */
  #outboxTold: number | undefined;

  constructor(options: SessionOptions, { hostConfirms, outcomes, sent }: SessionStart) {
    const { outbox, table, uplink } = options;
    this.#o = options;
    this.#window = new SendWindow(options.clock);
    const committed = { safety: outbox.committed(uplink, 'safety'), live: outbox.committed(uplink, 'live') };
    this.#order = new SendOrder(outbox, sent ?? committed);
    this.#outcomes.push(...outcomes);
    this.#historicalBefore = {
      safety: new Float64Array(table.devices.length),
      live: new Float64Array(table.devices.length),
    };
    this.#born = new Uint8Array(table.devices.length);
    this.#told = table.points.map(() => undefined);
    this.#confirmation = new Confirmation(options.clock, hostConfirms);
  }

  /** It has an end, sends nothing of what lies behind it, and is further from it than the longest slice. */
  get holdsLong(): boolean {
    const { sent } = this.#order;
    const { safety, live } = this.#until ?? sent;
    return this.#holds && safety + live - sent.safety - sent.live > sliceReadings;
  }

  /** It has sent what it was to send, or was stopped: the next one may begin. */
  get ended(): boolean {
    if (this.#running) return false;
    return this.#stopped || (this.#until !== undefined && isReached(this.#order.sent, this.#until));
  }

  /** For the next one. */
  handOver(): SessionStart & { sent: Positions } {
    return { hostConfirms: this.#confirmation.isGiven, outcomes: this.#outcomes, sent: this.#order.sent };
  }

  /** It ends when everything before `until` has been sent; `hold`: and sends nothing of what lies behind. */
  endAt(until: Positions, { hold }: { hold: boolean }): void {
    // Readings between two changes may be of points that only the table between them had.
    if (this.#holds) this.#stopped = true;
    this.#until = until;
    this.#holds = hold;
  }

  /** It ends with the slice that is under way. */
  stop(): void {
    this.#stopped = true;
  }

  command(command: NodeCommand): void {
    const { outbox, uplink } = this.#o;
    if (command.kind === 'rebirth') this.#rebirth = true;
    else if (command.kind === 'stored-to') {
      this.#confirmation.came();
      outbox.commit(uplink, command.lane, Math.min(command.position, this.#order.sent[command.lane]));
    } else {
      this.#replayed[command.lane] = command.request;
      const end = this.#order.replay(command.lane, command.position);
      if (end !== undefined) this.#historicalBefore[command.lane].fill(end);
    }
  }

  /** Goes out with the next pump, behind the readings that are there by then. */
  outcome(outcome: CommandOutcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > maxOutcomes) this.#outcomes.shift();
  }

  /** What it could not tell before its end, for the session that follows. */
  untold(): readonly CommandOutcome[] {
    return this.#outcomes;
  }

  /**
   * Sends what there is to send: births, safety, live, deaths, and what has been sent, if that is asked for or cannot wait until it is. One
   * run at a time; a call during a run makes it look again.
   */
  async pump(options: { progress: boolean }): Promise<void> {
    if (options.progress) this.#report.ask();
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      do {
        while (this.#again && !this.#stopped) {
          this.#again = false;
          await this.#drain();
        }
        if (this.#report.isDue) {
          this.#report.answered();
          await this.#sendProgress();
        }
        // Something may have come while the host was told.
      } while (this.#again && !this.#stopped);
    } finally {
      this.#running = false;
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      if (this.#stopped) return;
      if (this.#rebirth) await this.#nodeBirth();
      await this.#deviceBirths();
      const next = this.#next();
      if (next === undefined) {
        // Nothing is left to send at this instant, so what is complete in the outbox is complete on the wire.
        if (!this.#holds && !this.#isWaiting) this.#watermarkMs = this.#o.pipeline.watermarkMs();
        await this.#sendOutcomes();
        if (!this.#isWaiting) await this.#deviceDeaths();
        return;
      }
      // Between the slices of a backlog the host hears how far it has come.
      if (this.#report.isDueBetween) await this.#sendProgress();
      await this.#send(next);
      // Handing packets over waits for nothing while the connection takes them: polls, and with them live data, would wait for the whole backlog.
      if (this.#report.isLong) await nextTurn();
    }
  }

  #next(): NextSlice | undefined {
    this.#isWaiting = this.#order.ahead !== undefined && !this.#isWindowOpen();
    return this.#order.next({
      until: this.#holds ? this.#until : undefined,
      backlogWaits: this.#isWaiting,
      // A slice ends where a device's history ends, so that all of it is one or the other.
      most: (lane, from) => {
        let most = sliceReadings;
        for (const end of this.#historicalBefore[lane]) if (end > from && end - from < most) most = end - from;
        return most;
      },
    });
  }

  #isWindowOpen(): boolean {
    // A foreign host never confirms.
    if (this.#confirmation.isGiven === false) return true;
    const { outbox, uplink } = this.#o;
    return this.#window.isOpen({ sent: this.#order.sent.live, confirmed: outbox.committed(uplink, 'live') });
  }

  async #nodeBirth(): Promise<void> {
    const { clock, bdSeq, commands } = this.#o;
    this.#rebirth = false;
    this.#outboxTold = undefined;
    this.#seq = 0;
    this.#born.fill(0);
    // What it holds back is not its own to send.
    if (!this.#holds) this.#order.leap();
    for (const lane of lanes) {
      this.#counts[lane] = 0;
      this.#replayed[lane] = 0;
    }
    const nowMs = clock.nowMs();
    await this.#publish('NBIRTH', undefined, [
      bdSeqMetric(bdSeq, nowMs),
      ...controlMetrics(nowMs),
      ...(commands === undefined ? [] : [outcomeMetric(commands.last, nowMs)]),
      ...progressMetrics(this.#progress(), nowMs),
      ...this.#outboxMetrics(nowMs),
    ]);
  }

  /** Only what the host does not know: holes are few and change seldom. */
  #outboxMetrics(nowMs: number): UMetric[] {
    const { outbox } = this.#o;
    if (outbox.revision === this.#outboxTold) return [];
    const { bytes, maxBytes, refusing, revision } = outbox.stats();
    this.#outboxTold = revision;
    return [outboxMetric({ bytes, maxBytes, refusing, holes: outbox.holes() }, nowMs)];
  }

  async #deviceBirths(): Promise<void> {
    const { table, pipeline } = this.#o;
    for (let device = 0; device < table.devices.length; device++) {
      if (this.#born[device] === 0 && pipeline.deviceState(device) === 'online') await this.#deviceBirth(device);
    }
  }

  async #deviceBirth(device: number): Promise<void> {
    const { table, pipeline, outbox, commands } = this.#o;
    const runtime = table.devices[device];
    const [profile, connection] = [runtime?.profile.profile ?? '', runtime?.connection ?? ''];
    for (const lane of lanes) {
      const before = this.#historicalBefore[lane];
      before[device] = Math.max(before[device] ?? 0, outbox.position(lane));
    }
    // What was read in the present millisecond may still be on its way: a null of that time would take its place.
    const emptyMs = pipeline.watermarkMs();
    const metrics = (table.ofDevice[device] ?? []).map((point) => {
      const last = pipeline.last(point.index);
      this.#told[point.index] = last === undefined ? undefined : qualityOf(last);
      return birthMetric(point, last, { profile, connection, emptyMs, writable: commands?.writable(point) === true });
    });
    this.#born[device] = 1;
    await this.#publish('DBIRTH', table.devices[device]?.id, metrics);
  }

  async #deviceDeaths(): Promise<void> {
    const { table, pipeline } = this.#o;
    for (let device = 0; device < table.devices.length; device++) {
      if (this.#born[device] === 0 || pipeline.deviceState(device) !== 'offline') continue;
      this.#born[device] = 0;
      await this.#publish('DDEATH', table.devices[device]?.id, []);
    }
  }

  async #send(next: NextSlice): Promise<void> {
    const { table, outbox, uplink, onSent } = this.#o;
    const { slice } = next;
    const { lane } = slice;
    let standsAlone = this.#order.ahead !== undefined;
    for (const [device, run] of byDevice(slice.readings, table)) {
      // A device that is gone again is born for what it left behind; its death follows when everything is sent.
      if (this.#born[device] === 0) await this.#deviceBirth(device);
      const historical = slice.from < (this.#historicalBefore[lane][device] ?? 0);
      standsAlone ||= historical;
      for (let at = 0; at < run.readings.length; at += maxMetrics)
        this.#counts[lane] += await this.#publishData(device, run, { at, historical });
      // Rebirth: data stops at once (data-commands-rebirth-action-1); the slice is sent again after it.
      if (this.#rebirth) return;
    }
    onSent(slice.readings.length);
    this.#report.sent(lane, slice.readings.length, { standsAlone });
    this.#order.advance(next);
    if (this.#confirmation.isGiven === false) outbox.commit(uplink, lane, this.#order.sent[lane]);
  }

  /** At most `maxMetrics` of the run, from its reading number `at` on. Answers how many. */
  async #publishData(
    device: number,
    { points, readings }: DeviceRun,
    { at, historical }: { at: number; historical: boolean },
  ): Promise<number> {
    const { table, clock } = this.#o;
    const end = Math.min(at + maxMetrics, readings.length);
    const payload = this.#payload;
    payload.begin(clock.nowMs());
    for (let i = at; i < end; i++) {
      const point = points[i] as GatewayPoint;
      const reading = readings[i] as Reading;
      const quality = qualityOf(reading);
      const qualityChanged = this.#told[point.index] !== quality;
      this.#told[point.index] = quality;
      // The quality travels whenever it is not good or has changed, so a host may hold it or assume good.
      const properties = qualityChanged || reading.quality !== 'good' || reading.deviceTimeMs !== undefined;
      payload.add(point, reading, { historical, properties });
    }
    await this.#publishBytes('DDATA', table.devices[device]?.id, payload.end(this.#nextSeq()));
    return end - at;
  }

  #progress(): Parameters<typeof progressMetrics>[0] {
    const { sent: positions, ahead } = this.#order;
    return { watermarkMs: this.#watermarkMs, positions, ahead, counts: this.#counts, replayed: this.#replayed };
  }

  async #sendOutcomes(): Promise<void> {
    const { commands, clock } = this.#o;
    // What is not in the birth may not be in data.
    if (commands === undefined || this.#outcomes.length === 0) return;
    const nowMs = clock.nowMs();
    const telling = [...this.#outcomes];
    const metrics = telling.map((outcome) => outcomeMetric(outcome, nowMs));
    await this.#publish('NDATA', undefined, metrics);
    this.#outcomes.splice(0, telling.length);
  }

  async #sendProgress(): Promise<void> {
    const { outbox: store, uplink } = this.#o;
    if (this.#confirmation.told()) for (const lane of lanes) store.commit(uplink, lane, this.#order.sent[lane]);
    this.#report.told();
    const nowMs = this.#o.clock.nowMs();
    const outbox = this.#outboxMetrics(nowMs);
    if (outbox.length > 0)
      await this.#publish('NDATA', undefined, [...progressMetrics(this.#progress(), nowMs), ...outbox]);
    else {
      const payload = this.#progressPayload.encode(this.#progress(), { timestampMs: nowMs, seq: this.#nextSeq() });
      await this.#publishBytes('NDATA', undefined, payload);
    }
  }

  #publish(type: SparkplugMessageType, device: string | undefined, metrics: UMetric[]): Promise<void> {
    const seq = this.#nextSeq();
    return this.#publishBytes(type, device, encodePayload({ timestamp: this.#o.clock.nowMs(), seq, metrics }));
  }

  #publishBytes(type: SparkplugMessageType, device: string | undefined, payload: Uint8Array): Promise<void> {
    const { group, node, publish } = this.#o;
    const topic = sparkplugTopic(device === undefined ? { group, type, node } : { group, type, node, device });
    return publish(topic, payload);
  }

  #nextSeq(): number {
    const seq = this.#seq;
    this.#seq = (seq + 1) % 256;
    return seq;
  }
}
