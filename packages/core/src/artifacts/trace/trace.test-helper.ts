import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import type { LinkIdentity, LinkState, TickUpdate } from '../../contract/tick.js';
import { ArtifactStore } from '../artifact-store.js';
import { TickText } from './tick-text.js';
import type { TraceHeader } from './trace-header.js';
import { TraceRecorder } from './trace-recorder.js';

export const HEADER: TraceHeader = { seed: 42, t0: 1_790_000_000_000, dt: 1_000, specSha256: 'ab'.repeat(32), engineVersion: 'test 1' };

export async function makeStore(atEnd: (clean: () => Promise<void>) => void = onTestFinished): Promise<ArtifactStore> {
  const root = await mkdtemp(join(tmpdir(), 'satsim-trace-'));
  atEnd(() => rm(root, { recursive: true, force: true }));
  return ArtifactStore.createRun(root, 'run');
}

/** @returns the hash of the run */
export async function record(store: ArtifactStore, ticks: readonly TickUpdate[]): Promise<string | null> {
  const recorder = await TraceRecorder.open(store, HEADER, true);
  for (const tick of ticks) await recorder.add(tick);
  return recorder.close();
}

/** What the ticks of a trace can say of themselves. */
export function headOf(tickIndex: number, links: number) {
  const stats = { computeMs: 0, linksEvaluated: 0, linksEmitted: links };
  return { runId: '', scenarioRef: '', tickIndex, simTimeMs: HEADER.t0 + tickIndex * HEADER.dt, stats };
}

const number = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, 1e21, 1e-7, 0.1 + 0.2))
  // JSON has one zero.
  .map((value) => value + 0);
const maybe = fc.option(number);
const rf = fc.record({ elevationDeg: maybe, azimuthDeg: maybe, slantRangeKm: number, snrDb: maybe, marginDb: maybe, modcod: fc.option(fc.string()) });
const node = fc.constantFrom('IR-1-2', 'IR-1-10', 'oslo', 'a.b_c', 'Z', 'é"\\', 'a>b', 'a:b', '');
/** Links whose ends do not follow from their ids; an id is of one link for as long as a stream lasts. */
const odd = fc.option(
  fc.constantFrom<LinkIdentity>(
    { linkId: 'x', source: 'oslo', target: 'Z', kind: 'gsl' },
    { linkId: 'é', source: 'Z', target: 'oslo', kind: 'terrestrial' },
    { linkId: 'isl:a', source: 'IR-1-2', target: 'IR-1-10', kind: 'isl' },
    { linkId: 'isl:a>b>c', source: 'a', target: 'b>c', kind: 'isl' },
    { linkId: 'gsl:lhasa>Z', source: 'oslo', target: 'oslo', kind: 'isl' },
  ),
  { nil: undefined, freq: 20 },
);
const link = fc
  .record({
    source: node,
    target: node,
    kind: fc.constantFrom('isl' as const, 'gsl' as const, 'terrestrial' as const),
    up: fc.boolean(),
    oneWayDelayMs: number,
    capacityMbps: number,
    lossPct: number,
    odd,
    rf: fc.option(rf, { nil: undefined, freq: 4 }),
  })
  .map(({ rf: budget, odd: other, ...rest }): LinkState => ({
    linkId: `${rest.kind}:${rest.source}>${rest.target}`,
    ...rest,
    ...other,
    ...(budget === undefined ? {} : { rf: budget }),
  }));
const id = fc.oneof(
  fc.tuple(node, node).map(([a, b]) => `isl:${a}>${b}`),
  fc.constantFrom('x', ''),
);

/** In one tick a link has one state. */
const updates = fc.uniqueArray(link, { maxLength: 20, selector: ({ linkId }) => linkId });

/** Any ticks: with and without budgets, empty, snapshots in the middle, links that come again, odd ids, removals of what never was. */
export const anyTicks = fc
  .array(fc.record({ snapshot: fc.boolean(), removals: fc.array(id, { maxLength: 4 }), updates, plain: fc.boolean() }), {
    maxLength: 10,
  })
  .map((steps) =>
    steps.map(({ plain, ...step }, k): TickUpdate => {
      const given = plain ? step.updates.map(({ rf: _rf, ...rest }) => rest) : step.updates;
      return { ...headOf(k, given.length), ...step, updates: given };
    }),
  );

/** Each tick's canonical line: long ticks are compared sooner so. */
export function linesOf(ticks: readonly TickUpdate[]): string[] {
  const text = new TickText();
  return ticks.map((tick) => Buffer.from(text.line(tick)).toString());
}

/** Without the accessors of ticks in columns. */
export const plainly = (ticks: readonly TickUpdate[]): TickUpdate[] => ticks.map((tick) => ({ ...tick }));

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
