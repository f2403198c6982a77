import type { EngineEvent, TickMetrics, UnixMs } from '@satsim/core';
import { endOf, TickClock } from './tick-clock.js';
import { type Counter, type Instant, microseconds, type Slice, type TraceEvent } from './trace-event.js';
import { PID, Tracks } from './tracks.js';

/** From the top. Lanes come last: there may be any number of them. */
const ORDER = { ticks: 0, events: 1, compute: 2, translate: 3, lanes: 4 };

/** Turns what the run says of itself into trace events. Knows no file. */
export class Timeline {
  readonly #clock = new TickClock();
  readonly #tracks = new Tracks((event) => this.#out.push(event));
  /** Events whose tick has not been seen. */
  #early: EngineEvent[] = [];
  /** The newest tick: how long it was the newest is known with the next. */
  #tick: Pick<Slice, 'name' | 'ts' | 'args'> | null = null;
  #out: TraceEvent[] = [];

  begin(processName: string): readonly TraceEvent[] {
    return [{ ph: 'M', name: 'process_name', pid: PID, args: { name: processName } }];
  }

  tick(metrics: TickMetrics): readonly TraceEvent[] {
    const { tickIndex, simTimeMs, computeMs, translateMs, linksEmitted, driftMs } = metrics;
    const { deliveredUs, lanes } = this.#clock.add(metrics);
    const args = { tick: tickIndex, simTime: iso(simTimeMs) };

    this.#endTick(deliveredUs);
    this.#tick = { name: `tick ${tickIndex}`, ts: deliveredUs, args: { ...args, linksEmitted, ...(driftMs === null ? {} : { driftMs }) } };
    const translateUs = deliveredUs - microseconds(translateMs);
    this.#slice('engine: compute', ORDER.compute, 'compute', translateUs - microseconds(computeMs), translateUs, args);
    if (translateMs > 0) this.#slice('translate', ORDER.translate, 'translate', translateUs, deliveredUs, args);
    for (const { lane, startUs, endUs } of lanes) {
      if (startUs > deliveredUs) this.#slice(`lane ${lane}: deliver`, ORDER.lanes, 'deliver', deliveredUs, startUs, args);
      this.#slice(`lane ${lane}: apply`, ORDER.lanes, 'apply', startUs, endUs, args);
    }
    this.#counter('links emitted', { links: linksEmitted }, deliveredUs);
    if (driftMs !== null) this.#counter('drift', { ms: driftMs }, deliveredUs);

    return this.events(this.#early.splice(0));
  }

  events(events: readonly EngineEvent[]): readonly TraceEvent[] {
    for (const event of events) {
      const ts = this.#clock.ofEvent(event.tickIndex);
      if (ts === null) this.#early.push(event);
      else this.#instant(event, ts);
    }
    return this.#taken();
  }

  /** What is still open, and events of ticks that no lane applied any more. */
  end(): readonly TraceEvent[] {
    const { last } = this.#clock;
    this.#endTick(last === null ? 0 : endOf(last));
    for (const event of this.#early.splice(0)) this.#instant(event, last?.deliveredUs ?? 0);
    return this.#taken();
  }

  #endTick(endUs: number): void {
    if (this.#tick) this.#slice('ticks', ORDER.ticks, this.#tick.name, this.#tick.ts, endUs, this.#tick.args);
    this.#tick = null;
  }

  #slice(track: string, order: number, name: string, startUs: number, endUs: number, args: Slice['args']): void {
    const tid = this.#tracks.row(track, order, startUs, endUs);
    this.#out.push({ ph: 'X', name, ts: startUs, dur: endUs - startUs, pid: PID, tid, args });
  }

  #instant({ type, tickIndex, simTimeMs, seq, linkId, nodeId, attributes }: EngineEvent, ts: number): void {
    const sorted = Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const args = { tick: tickIndex, simTime: iso(simTimeMs), seq, ...(linkId === null ? {} : { linkId }), ...(nodeId === null ? {} : { nodeId }), ...sorted };
    const instant: Omit<Instant, 'tid'> = { ph: 'i', name: type, ts, s: 't', pid: PID, args };
    // A point takes no room: one row is enough, whatever the order.
    const tid = this.#tracks.row('events', ORDER.events, Infinity, -Infinity);
    this.#out.push({ ...instant, tid });
  }

  #counter(name: string, args: Counter['args'], ts: number): void {
    this.#out.push({ ph: 'C', name, ts, pid: PID, tid: PID, args });
  }

  #taken(): readonly TraceEvent[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

const iso = (timeMs: UnixMs): string => new Date(timeMs).toISOString();
