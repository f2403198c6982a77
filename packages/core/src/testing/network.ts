import type { NetworkNode } from '../contract/network.js';
import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import type { RunInfo } from '../contract/services.js';
import { type LinkKind, type LinkState, linkId, type TickUpdate } from '../contract/tick.js';

/** The kit's network is a line, so that every neighbour has exactly one way to the next: gnd-1 – sat-1 – sat-2 – sat-3. */
export const TEST_NODES: readonly NetworkNode[] = [
  { id: 'sat-1', role: 'satellite', relay: true },
  { id: 'sat-2', role: 'satellite', relay: true },
  { id: 'sat-3', role: 'satellite', relay: true },
  { id: 'gnd-1', role: 'ground_station', relay: false },
];

const NEIGHBOURS: readonly (readonly [LinkKind, string, string, delayMs: number])[] = [
  ['gsl', 'gnd-1', 'sat-1', 3.5],
  ['isl', 'sat-1', 'sat-2', 7.25],
  ['isl', 'sat-2', 'sat-3', 11],
];

/** A directed link of the kit's network, by its ends. */
export function testLink(source: string, target: string, change: Partial<LinkState> = {}): LinkState {
  const found = NEIGHBOURS.find(([, a, b]) => (a === source && b === target) || (a === target && b === source));
  if (!found) throw new RangeError(`the kit's network has no link ${source} – ${target}`);
  const [kind, , , oneWayDelayMs] = found;
  return { linkId: linkId(kind, source, target), source, target, kind, up: true, oneWayDelayMs, capacityMbps: 100, lossPct: 1.5, ...change };
}

/** All six directed links. */
export const TEST_LINKS: readonly LinkState[] = NEIGHBOURS.flatMap(([, a, b]) => [testLink(a, b), testLink(b, a)]);

const T0_MS = Date.UTC(2026, 10, 20);

export const TEST_RUN: RunInfo = { runId: 'contract-kit', seed: 1, t0Ms: T0_MS, t1Ms: T0_MS + 60_000, dtMs: 1_000, tickCount: 60, mode: 'offline' };

/** A flow in each direction over each pair of neighbours, and one from end to end. */
export const TEST_SCENARIO: Scenario = scenarioSchema.parse({
  name: 'contract-kit',
  seed: TEST_RUN.seed,
  time: { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:01:00Z', dt: '1s' },
  traffic: [
    ...TEST_LINKS.map(({ source, target }) => ({ id: `${source}-${target}`, from: source, to: target, kind: 'udp', rate_mbps: 10 })),
    { id: 'end-to-end', from: 'gnd-1', to: 'sat-3', kind: 'ping' },
  ],
});

/** A tick of the kit's run; what is not given is empty. A new object each time, that nobody else holds. */
export function testTick(
  tickIndex: number,
  { snapshot = false, removals = [], updates = [] }: Partial<Pick<TickUpdate, 'snapshot' | 'removals' | 'updates'>>,
): TickUpdate {
  return {
    runId: TEST_RUN.runId,
    scenarioRef: 'contract-kit',
    tickIndex,
    simTimeMs: TEST_RUN.t0Ms + tickIndex * TEST_RUN.dtMs,
    snapshot,
    removals: [...removals],
    updates: structuredClone(updates),
    stats: { computeMs: 0, linksEvaluated: updates.length, linksEmitted: updates.length },
  };
}

/** Freezes an object and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
