import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnTick } from '../../contract/column-tick.js';
import type { LinkState, TickUpdate } from '../../contract/tick.js';
import { TickPacker } from './tick-packer.js';
import { TickText } from './tick-text.js';

/** The definition, taken literally. */
function reference(tick: TickUpdate): string {
  const { runId: _runId, scenarioRef: _scenarioRef, stats: _stats, ...rest } = tick;
  const byId = (a: LinkState, b: LinkState): number => (a.linkId < b.linkId ? -1 : a.linkId > b.linkId ? 1 : 0);
  return `${JSON.stringify(sortKeys({ ...rest, removals: [...rest.removals].sort(), updates: [...rest.updates].sort(byId) }))}\n`;
}
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, -0, 1e21, 1e-7, 0.1 + 0.2));
const maybe = fc.option(number);
const rf = fc.record({ elevationDeg: maybe, azimuthDeg: maybe, slantRangeKm: number, snrDb: maybe, marginDb: maybe, modcod: fc.option(fc.string()) });
const node = fc.constantFrom('IR-1-2', 'IR-1-10', 'oslo', 'a.b_c', 'Z', 'é"\\');
const link = fc
  .record({
    source: node,
    target: node,
    kind: fc.constantFrom('isl' as const, 'gsl' as const, 'terrestrial' as const),
    up: fc.boolean(),
    oneWayDelayMs: number,
    capacityMbps: number,
    lossPct: number,
    rf: fc.option(rf, { nil: undefined }),
  })
  .map(({ rf: budget, ...rest }): LinkState => ({
    linkId: `${rest.kind}:${rest.source}>${rest.target}`,
    ...rest,
    ...(budget === undefined ? {} : { rf: budget }),
  }));
const id = fc.tuple(node, node).map(([a, b]) => `isl:${a}>${b}`);
const headOf = (tickIndex: number) => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: 1_700_000_000_000 + tickIndex,
  stats: { computeMs: 1, linksEvaluated: 2, linksEmitted: 3 },
});
const step = fc.record({
  snapshot: fc.boolean(),
  removals: fc.uniqueArray(id),
  updates: fc.uniqueArray(link, { selector: ({ linkId }) => linkId, maxLength: 30 }),
});

const textOf = (text: TickText, tick: TickUpdate): string => Buffer.from(text.line(tick)).toString();

test('the bytes are those of JSON with sorted keys and links, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const text = new TickText();
      steps.forEach((changes, tickIndex) => {
        const tick = { ...headOf(tickIndex), ...changes };
        expect(textOf(text, tick)).toBe(reference(tick));
      });
    }),
    { numRuns: 300 },
  );
});

test('and so they are for ticks with columns, also when plain ones come between', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.constantFrom(true, true, true, false)), { maxLength: 8 }), (steps) => {
      const text = new TickText();
      const packer = new TickPacker();
      steps.forEach(([{ snapshot, ...changes }, packed], tickIndex) => {
        const head = { ...headOf(tickIndex), snapshot };
        const tick = packed ? columnTick(head, packer.pack(changes)) : { ...head, ...changes };
        expect(textOf(text, tick)).toBe(reference(tick));
      });
    }),
    { numRuns: 300 },
  );
});

test('a link that is updated twice in one tick stands there twice, in the order given', () => {
  const update = (oneWayDelayMs: number, linkId = 'isl:b>a'): LinkState => ({
    linkId,
    source: 'b',
    target: 'a',
    kind: 'isl',
    up: true,
    oneWayDelayMs,
    capacityMbps: 1,
    lossPct: 0,
  });
  const changes = { snapshot: true, removals: [], updates: [update(2), update(1), update(3, 'isl:a>b')] };
  const tick = { ...headOf(0), ...changes };
  expect(textOf(new TickText(), tick)).toBe(reference(tick));
});

test('links come in the order of their ids in the thousands, too, and when others join them', () => {
  const text = new TickText();
  const packer = new TickPacker();
  const update = (n: number): LinkState => {
    const [source, target] = [`S-${(n * 7919) % 5003}`, `S-${n}`];
    return { linkId: `isl:${source}>${target}`, source, target, kind: 'isl', up: n % 3 > 0, oneWayDelayMs: n / 7, capacityMbps: n, lossPct: 0 };
  };
  for (const [tickIndex, count] of [3_000, 3_000, 3_100, 9_000, 10].entries()) {
    const updates = Array.from({ length: count }, (_, n) => update(n));
    const tick = columnTick({ ...headOf(tickIndex), snapshot: false }, packer.pack({ removals: [], updates }));
    expect(textOf(text, tick) === reference(tick)).toBe(true);
  }
});

test.each(['oneWayDelayMs', 'capacityMbps', 'lossPct'] as const)('%s that is not finite is an error naming tick, link and quantity', (quantity) => {
  const bad: LinkState = { linkId: 'isl:a>b', source: 'a', target: 'b', kind: 'isl', up: true, oneWayDelayMs: 1, capacityMbps: 1, lossPct: 0, [quantity]: NaN };
  const tick: TickUpdate = {
    runId: 'r',
    scenarioRef: 's',
    tickIndex: 7,
    simTimeMs: 0,
    snapshot: true,
    removals: [],
    updates: [bad],
    stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 1 },
  };
  expect(() => new TickText().line(tick)).toThrow(`tick 7: link isl:a>b has a quantity that is not a finite number: ${quantity} NaN`);
});
