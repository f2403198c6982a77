import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { columnTick } from './column-tick.js';
import { LinkTable } from './link-table.js';
import type { LinkIdentity, TickColumns, TickUpdate } from './tick.js';

const links: readonly LinkIdentity[] = [
  { linkId: 'isl:a>b', source: 'a', target: 'b', kind: 'isl' },
  { linkId: 'gsl:a>c', source: 'a', target: 'c', kind: 'gsl' },
  { linkId: 'isl:b>a', source: 'b', target: 'a', kind: 'isl' },
];
const columns: TickColumns = {
  links,
  removals: Int32Array.of(1),
  link: Int32Array.of(2, 0),
  up: Uint8Array.of(1, 0),
  oneWayDelayMs: Float64Array.of(7.25, 0),
  capacityMbps: Float64Array.of(100, 0.5),
  lossPct: Float64Array.of(0, 1.5),
};
const head = { runId: 'r', scenarioRef: 's', tickIndex: 3, simTimeMs: 3_000, snapshot: false, stats: { computeMs: 1, linksEvaluated: 2, linksEmitted: 2 } };
const plain: TickUpdate = {
  ...head,
  removals: ['gsl:a>c'],
  updates: [
    { linkId: 'isl:b>a', source: 'b', target: 'a', kind: 'isl', up: true, oneWayDelayMs: 7.25, capacityMbps: 100, lossPct: 0 },
    { linkId: 'isl:a>b', source: 'a', target: 'b', kind: 'isl', up: false, oneWayDelayMs: 0, capacityMbps: 0.5, lossPct: 1.5 },
  ],
};

test('removals and updates are made of the columns once, at first use', () => {
  let read = 0;
  const counting = new Proxy(columns, { get: (target, key) => ((read += 1), Reflect.get(target, key)) });
  const tick = columnTick(head, counting);
  expect(tick.columns).toBe(counting);
  expect(read).toBe(0);
  expect([tick.removals, tick.updates]).toEqual([plain.removals, plain.updates]);
  const { updates, removals } = tick;
  read = 0;
  expect(tick.updates).toBe(updates);
  expect(tick.removals).toBe(removals);
  expect(read).toBe(0);
});

test('deep equality sees the objects', () => {
  expect(columnTick(head, columns)).toEqual(plain);
  expect(columnTick(head, columns)).not.toEqual({ ...plain, removals: [] });
  expect(isDeepStrictEqual({ ...columnTick(head, columns) }, plain)).toBe(true);
});

test('JSON has the objects, and not the columns', () => {
  expect(JSON.parse(JSON.stringify(columnTick(head, columns)))).toEqual(plain);
});

test.each([
  ['a spread', (tick: TickUpdate) => ({ ...tick })],
  ['structuredClone', (tick: TickUpdate) => structuredClone(tick)],
  ['Object.assign', (tick: TickUpdate) => Object.assign({}, tick)],
])('a copy by %s has the objects as plain values, and no columns that could say something else', (_how, copy) => {
  const copied = copy(columnTick(head, columns));
  expect(copied).toEqual(plain);
  expect('columns' in copied).toBe(false);
  expect(Object.getOwnPropertyDescriptor(copied, 'updates')).toMatchObject({ value: plain.updates });
  const changed = { ...copied, updates: [] };
  expect(changed.columns).toBeUndefined();
});

test('a frozen one still makes its objects', () => {
  expect(Object.freeze(columnTick(head, columns)).updates).toEqual(plain.updates);
});

test('a LinkTable folds it as any other', () => {
  const [one, other] = [new LinkTable(), new LinkTable()];
  one.apply(columnTick(head, columns));
  other.apply(plain);
  expect([...one.values()]).toEqual([...other.values()]);
});
