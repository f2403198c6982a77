import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { TickUpdate } from '@satsim/core';
import { LinkDeltaBatchSchema, LinkType } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ColumnEncoder } from './column-encoder.test-helper.js';
import type { BatchInit } from './fake-engine.test-helper.js';
import { TickTranslator } from './to-tick-update.js';

const NODES = ['SAT-1', 'SAT-2', 'SAT-3', 'oslo', 'tokyo'];
const MODCODS = ['QPSK 1/2', '8PSK 3/4'];

/** Over the wire and back: what the client gets lies somewhere in a larger message. */
const received = (init: BatchInit) => fromBinary(LinkDeltaBatchSchema, toBinary(LinkDeltaBatchSchema, create(LinkDeltaBatchSchema, init)));
const withoutTimes = ({ stats, ...tick }: TickUpdate) => ({ ...tick, stats: { ...stats, translateMs: 0 } });

const key = fc
  .tuple(fc.constantFrom(...NODES), fc.constantFrom(...NODES), fc.constantFrom(LinkType.SAT_GS, LinkType.SAT_UT, LinkType.ISL, LinkType.TERRESTRIAL))
  .map(([src, dst, linkType]) => ({ src, dst, linkType }));
const positive = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.constantFrom(0, -0, 0.003, 62.5e6, 1e-13));
const angle = fc.option(fc.double({ min: -360, max: 360, noNaN: true }), { nil: undefined });
const update = fc.record({
  key,
  up: fc.boolean(),
  oneWayDelayS: positive,
  capacityBps: positive,
  lossRate: fc.double({ min: 0, max: 1, noNaN: true }),
  rangeM: fc.option(positive, { nil: undefined }),
  elevationDeg: angle,
  azimuthDeg: angle,
  snrDb: angle,
  snrMarginDb: angle,
  modcod: fc.constantFrom(undefined, ...MODCODS),
});
const keyText = ({ key: { src, dst, linkType } }: { key: { src: string; dst: string; linkType: number } }) => `${linkType} ${src} ${dst}`;
const story = fc.array(fc.record({ updates: fc.uniqueArray(update, { selector: keyText, maxLength: 12 }), remove: fc.array(fc.nat({ max: 30 })) }), {
  maxLength: 8,
});

type Steps = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** What an engine would send: links are removed that are there. */
function batches(steps: Steps, debug: boolean): BatchInit[] {
  const known = new Map<string, { src: string; dst: string; linkType: LinkType }>();
  return steps.map(({ updates, remove }, k) => {
    const removals = [...new Set(remove)].flatMap((at) => [...known.values()][at] ?? []);
    for (const gone of removals) known.delete(keyText({ key: gone }));
    for (const one of updates) known.set(keyText(one), one.key);
    const shown = updates.map(({ rangeM, elevationDeg, azimuthDeg, snrDb, snrMarginDb, modcod, ...rest }) => {
      const figures = { rangeM, elevationDeg, azimuthDeg, snrDb, snrMarginDb, modcod };
      return { ...rest, ...(debug ? Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) : {}) };
    });
    return {
      tickIndex: BigInt(k),
      time: timestampFromMs(1_000 * k),
      isFullSnapshot: k === 0,
      removals,
      updates: shown,
      ...(k % 2 === 0 ? { stats: { computeMs: 0.5, linksEvaluated: 10, linksEmitted: updates.length } } : {}),
    };
  });
}

describe('columns and messages', () => {
  test.each([false, true])('say the same, to the last bit (debug fields: %s)', (debug) => {
    fc.assert(
      fc.property(story, (steps) => {
        const encoder = new ColumnEncoder(NODES, { modcods: MODCODS, debug });
        const [fromMessages, fromColumns] = [new TickTranslator('r'), new TickTranslator('r')];
        for (const init of batches(steps, debug)) {
          const plain = fromMessages.translate(received(init), 's');
          const packed = fromColumns.translate(received(encoder.encode(init)), 's');
          expect(withoutTimes(packed)).toStrictEqual(withoutTimes(plain));
          expect(packed.columns === undefined).toBe(debug && plain.updates.length > 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('numbers stay with their links, in ticks that were read long ago, too', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const encoder = new ColumnEncoder(NODES);
        const translator = new TickTranslator('r');
        const inits = batches(steps, false);
        const ticks = inits.map((init) => translator.translate(received(encoder.encode(init)), 's'));
        const plain = new TickTranslator('r');
        ticks.forEach((tick, k) => {
          expect(tick.columns!.links).toBe(ticks[0]!.columns!.links);
          expect(tick.updates).toStrictEqual(plain.translate(received(inits[k]!), 's').updates);
        });
      }),
    );
  });
});

describe('columns that cannot be', () => {
  const SAT_TO_OSLO = { src: 'SAT-1', dst: 'oslo', linkType: LinkType.SAT_GS };
  const good = (): BatchInit => ({
    tickIndex: 4n,
    isFullSnapshot: true,
    updates: [{ key: SAT_TO_OSLO, up: true, oneWayDelayS: 0.003, capacityBps: 1e6, lossRate: 0 }],
  });
  const real = (value: number) => new Uint8Array(Float64Array.of(value).buffer);
  const index = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
  const NOTHING = new Uint8Array(0);

  test.each([
    ['a delay that is no number', { oneWayDelayS: real(NaN) }, 'gsl:SAT-1>oslo with delay NaN s'],
    ['an infinite delay', { oneWayDelayS: real(Infinity) }, 'gsl:SAT-1>oslo with delay Infinity s'],
    ['a negative delay', { oneWayDelayS: real(-1e-9) }, 'gsl:SAT-1>oslo with delay -1e-9 s'],
    ['a negative capacity', { capacityBps: real(-1) }, 'capacity -1 bit/s'],
    ['an infinite capacity', { capacityBps: real(Infinity) }, 'capacity Infinity bit/s'],
    ['a loss above one', { lossRate: real(1.01) }, 'loss 1.01'],
    ['a loss that is no number', { lossRate: real(NaN) }, 'loss NaN'],
    ['a state that is neither up nor down', { up: Uint8Array.of(2) }, 'gsl:SAT-1>oslo with 2 for up'],
    ['delays for no link', { oneWayDelayS: NOTHING }, '0 bytes of one_way_delay_s where 8 were due'],
    ['capacities for two links', { capacityBps: new Uint8Array(16) }, '16 bytes of capacity_bps where 8 were due'],
    ['half a loss', { lossRate: new Uint8Array(4) }, '4 bytes of loss_rate where 8 were due'],
    ['no states', { up: NOTHING }, '0 bytes of up where 1 were due'],
    ['half an index', { link: new Uint8Array(3) }, '3 bytes of link: no whole number of indices'],
    ['an index that no link has', { link: index(1) }, 'index 1, which no link has'],
    ['an index beyond all', { link: index(2 ** 32 - 1) }, 'index 4294967295, which no link has'],
    ['a removal of nothing', { removed: index(0) }, 'index 0, which no link has'],
    ['an index that is too large for so few links', { entered: index(7), link: index(7) }, 'index 7, with 1 links at most so far'],
    ['no source', { enteredSource: NOTHING }, '0 bytes of entered_source where 4 were due'],
    ['no type', { enteredType: NOTHING }, '0 bytes of entered_type where 1 were due'],
    ['a node that it did not name', { enteredTarget: index(5) }, 'a link from node 0 to 5; it named 5 nodes'],
    ['a type that nobody knows', { enteredType: Uint8Array.of(200) }, 'a link of the unknown type 200: SAT-1 to oslo'],
    ['budgets of half the links', { rangeM: new Uint8Array(4) }, '4 bytes of range_m where 8 were due'],
    ['a MODCOD that it did not name', { ...debugColumns(), modcod: index(3) }, 'MODCOD 3; it named 0'],
  ])('%s', (_what, columns, message) => {
    const batch = received(new ColumnEncoder(NODES).encode(good()));
    Object.assign(batch.columns!, columns);
    const translate = () => new TickTranslator('r').translate(batch, 's');
    expect(translate).toThrow(expect.objectContaining({ code: 'GEOMRF_INTERNAL', message: expect.stringContaining(message) }));
  });

  test('a link under the index of another', () => {
    const translator = new TickTranslator('r');
    const encoder = new ColumnEncoder(NODES);
    translator.translate(received(encoder.encode(good())), 's');
    const again = received(new ColumnEncoder(NODES).encode({ ...good(), isFullSnapshot: false }));
    expect(() => translator.translate(again, 's')).toThrow('tick 4: the engine sent index 0 for a second link');
  });

  function debugColumns() {
    return { rangeM: real(1), elevationDeg: real(NaN), azimuthDeg: real(NaN), snrDb: real(NaN), snrMarginDb: real(NaN) };
  }
});

test('a long run of comings and goings takes no more room than the largest set, but for the names', () => {
  const encoder = new ColumnEncoder(NODES);
  const translator = new TickTranslator('r');
  const link = (dst: string) => ({ key: { src: 'SAT-1', dst, linkType: LinkType.SAT_GS }, up: true, oneWayDelayS: 1, capacityBps: 1, lossRate: 0 });
  const ends = ['oslo', 'tokyo', 'SAT-2'];
  let tick = translator.translate(received(encoder.encode({ isFullSnapshot: true, updates: [link(ends[0]!)] })), 's');
  for (let k = 1; k < 1_000; k++) {
    const [from, to] = [ends[(k - 1) % 3]!, ends[k % 3]!];
    tick = translator.translate(received(encoder.encode({ tickIndex: BigInt(k), removals: [link(from).key], updates: [link(to)] })), 's');
    expect([tick.removals, tick.updates.map(({ linkId }) => linkId)]).toEqual([[`gsl:SAT-1>${from}`], [`gsl:SAT-1>${to}`]]);
  }
  expect(tick.columns!.links.length).toBe(3);
});
