import type { EngineEvent, TickMetrics } from '@satsim/core';
import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.js';
import { byRow, overlaps, type ReadEvent } from './trace.test-helper.js';

const T0 = Date.parse('2026-11-20T00:00:00Z');
const tick = (tickIndex: number, deliveredAtMs: number, change: Partial<TickMetrics> = {}): TickMetrics => ({
  tickIndex,
  simTimeMs: T0 + tickIndex * 1000,
  computeMs: 4,
  translateMs: 1,
  linksEmitted: 7,
  driftMs: null,
  applyMs: { flow: 2 },
  deliveredAtMs,
  appliedAtMs: { flow: deliveredAtMs + 3 },
  ...change,
});
const event = (tickIndex: number, seq: number): EngineEvent => ({
  tickIndex,
  simTimeMs: T0 + tickIndex * 1000,
  seq,
  type: 'handover',
  linkId: 'gsl:a>S2',
  nodeId: 'a',
  attributes: { to: 'S2', from: 'S1' },
});

const rowsOf = (events: readonly object[]) => byRow(events as readonly ReadEvent[]);
const slices = (events: readonly object[], row: string) =>
  rowsOf(events)
    .get(row)
    ?.map(({ name, ts, dur }) => [name, ts, dur]);

describe('timeline', () => {
  it('a tick: computed, translated, delivered, applied', () => {
    const timeline = new Timeline();
    const events = [...timeline.tick(tick(0, 100)), ...timeline.tick(tick(1, 110)), ...timeline.end()];
    expect(slices(events, 'engine: compute')).toEqual([
      ['compute', 95_000, 4000],
      ['compute', 105_000, 4000],
    ]);
    expect(slices(events, 'translate')).toEqual([
      ['translate', 99_000, 1000],
      ['translate', 109_000, 1000],
    ]);
    expect(slices(events, 'lane flow: deliver')).toEqual([
      ['deliver', 100_000, 1000],
      ['deliver', 110_000, 1000],
    ]);
    expect(slices(events, 'lane flow: apply')).toEqual([
      ['apply', 101_000, 2000],
      ['apply', 111_000, 2000],
    ]);
    expect(slices(events, 'ticks')).toEqual([
      ['tick 0', 100_000, 10_000],
      ['tick 1', 110_000, 3000],
    ]);
    const args = rowsOf(events)
      .get('lane flow: apply')!
      .map((slice) => slice.args);
    expect(args).toEqual([
      { tick: 0, simTime: '2026-11-20T00:00:00.000Z' },
      { tick: 1, simTime: '2026-11-20T00:00:01.000Z' },
    ]);
  });

  it('each lane has rows of its own; a lane that did not apply the tick has nothing', () => {
    const timeline = new Timeline();
    const events = [
      ...timeline.tick(tick(0, 100, { applyMs: { flow: 3, omnet: 50 }, appliedAtMs: { flow: 103, omnet: 150 } })),
      ...timeline.tick(tick(1, 110)),
    ];
    expect(slices(events, 'lane omnet: apply')).toEqual([['apply', 100_000, 50_000]]);
    expect(slices(events, 'lane flow: apply')).toHaveLength(2);
    expect(slices(events, 'lane omnet: deliver')).toBeUndefined();
  });

  it('ticks that wait for a slow lane, or were computed ahead, do not overlap in a row', () => {
    const timeline = new Timeline();
    const events = Array.from({ length: 50 }, (_, k) =>
      timeline.tick(tick(k, 100 + k, { computeMs: 5, applyMs: { flow: 4 }, appliedAtMs: { flow: 104 + 4 * k } })),
    ).flat();
    events.push(...timeline.end());
    expect(overlaps(events as readonly ReadEvent[])).toEqual([]);
    expect([...rowsOf(events).keys()].filter((row) => row.startsWith('engine: compute'))).toHaveLength(5);
    expect([...rowsOf(events).keys()].filter((row) => row.startsWith('lane flow: apply'))).toHaveLength(1);
    expect([...rowsOf(events)].filter(([row]) => row.startsWith('lane flow: deliver')).flatMap(([, row]) => row)).toHaveLength(49);
  });

  it('counters: links emitted; drift where there is a clock to be late against', () => {
    const timeline = new Timeline();
    const events = [...timeline.tick(tick(0, 100)), ...timeline.tick(tick(1, 110, { driftMs: 2.5 }))];
    expect(
      rowsOf(events)
        .get('counters')!
        .map(({ name, ts, args }) => [name, ts, args]),
    ).toEqual([
      ['links emitted', 100_000, { links: 7 }],
      ['links emitted', 110_000, { links: 7 }],
      ['drift', 110_000, { ms: 2.5 }],
    ]);
  });

  it('an event stands where its tick went out, whichever of the two comes first', () => {
    const timeline = new Timeline();
    expect(timeline.events([event(0, 1)])).toEqual([]);
    const events = [...timeline.tick(tick(0, 100)), ...timeline.events([event(0, 2), event(1, 3)]), ...timeline.tick(tick(1, 110))];
    const instants = rowsOf(events).get('events')!;
    expect(instants.map(({ ph, name, ts, args }) => [ph, name, ts, args.seq])).toEqual([
      ['i', 'handover', 100_000, 1],
      ['i', 'handover', 100_000, 2],
      ['i', 'handover', 110_000, 3],
    ]);
    expect(instants[0]!.args).toEqual({ tick: 0, simTime: '2026-11-20T00:00:00.000Z', seq: 1, linkId: 'gsl:a>S2', nodeId: 'a', from: 'S1', to: 'S2' });
  });

  it('in the end nothing is left out: neither the last tick nor an event of a tick that never was', () => {
    const timeline = new Timeline();
    const events = [...timeline.tick(tick(0, 100)), ...timeline.events([event(5, 1)]), ...timeline.end()];
    expect(slices(events, 'ticks')).toEqual([['tick 0', 100_000, 3000]]);
    expect(
      rowsOf(events)
        .get('events')!
        .map(({ ts }) => ts),
    ).toEqual([100_000]);
    expect(timeline.end()).toEqual([]);
  });
});
