import type { LinkState, TickUpdate, TraceHeader } from '@satsim/core';
import { describe, expect, test } from 'vitest';
import { compareTicks } from './compare-ticks.js';
import { describeDivergence, differenceOf } from './divergence.js';

const HEADER: TraceHeader = { seed: 0, t0: 0, dt: 1_000, specSha256: '', engineVersion: '' };
const link = (linkId: string, extra: Partial<LinkState> = {}): LinkState => ({
  linkId,
  source: 'a',
  target: 'b',
  kind: 'isl',
  up: true,
  oneWayDelayMs: 1,
  capacityMbps: 2,
  lossPct: 0,
  ...extra,
});
const tick = (tickIndex: number, extra: Partial<TickUpdate> = {}): TickUpdate => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: tickIndex * 1_000,
  snapshot: tickIndex === 0,
  removals: [],
  updates: [link('isl:a>b'), link('isl:b>a')],
  stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 2 },
  ...extra,
});
const rf = { elevationDeg: 30, azimuthDeg: 1, slantRangeKm: 1_000, snrDb: 9, marginDb: 1, modcod: 'QPSK 1/2' };

describe('the first difference', () => {
  test.each<[string, Partial<TickUpdate>, Partial<TickUpdate>, string]>([
    ['a quantity', {}, { updates: [link('isl:b>a', { lossPct: 3 }), link('isl:a>b')] }, 'link isl:b>a, lossPct: 0 was recorded, now it is 3'],
    [
      'the first link by id',
      {},
      { updates: [link('isl:b>a', { up: false }), link('isl:a>b', { up: false })] },
      'link isl:a>b, up: true was recorded, now it is false',
    ],
    ['a link that is not told', {}, { updates: [link('isl:b>a')] }, 'link isl:a>b, updated: true was recorded, now it is false'],
    ['a link that is told', { updates: [link('isl:b>a')] }, {}, 'link isl:a>b, updated: false was recorded, now it is true'],
    ['a removal', { removals: ['isl:x>y'] }, {}, 'link isl:x>y, removed: true was recorded, now it is false'],
    ['a snapshot', {}, { snapshot: true }, 'snapshot: false was recorded, now it is true'],
    [
      'a budget',
      { updates: [link('isl:a>b', { rf })] },
      { updates: [link('isl:a>b', { rf: { ...rf, snrDb: null } })] },
      'link isl:a>b, rf.snrDb: 9 was recorded, now it is null',
    ],
    ['no budget', { updates: [link('isl:a>b', { rf })] }, { updates: [link('isl:a>b')] }, 'link isl:a>b, rf: {'],
  ])('%s', async (_what, recorded, now, expected) => {
    const found = differenceOf(tick(5, recorded), tick(5, now));
    expect(describeDivergence(found!)).toContain(`tick 5 (1970-01-01T00:00:05.000Z), ${expected}`);
    const compared = await compareTicks(HEADER, stream([tick(4), tick(5, recorded), tick(6)]), stream([tick(4), tick(5, now), tick(6)]));
    expect(compared).toMatchObject({ ticks: 1, divergence: found });
  });

  test('is none in the order of links, what a tick cost, or the run it is for', () => {
    expect(differenceOf(tick(1), tick(1, { runId: 'other', updates: [link('isl:b>a'), link('isl:a>b', { oneWayDelayMs: 1 })] }))).toBeNull();
  });
});

test('a stream that ends early parts where it ends; one that goes on is not looked at', async () => {
  const both = [tick(0), tick(1), tick(2)];
  expect(await compareTicks(HEADER, stream(both), stream(both.slice(0, 2)))).toMatchObject({ ticks: 2, divergence: { tickIndex: 2, field: 'tick' } });
  expect(await compareTicks(HEADER, stream(both.slice(0, 2)), stream(both))).toMatchObject({ ticks: 2, divergence: null });
});

async function* stream(ticks: readonly TickUpdate[]): AsyncGenerator<TickUpdate> {
  yield* ticks;
}
