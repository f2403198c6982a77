// Defects that were found in other simulators of satellite networks, each as a test of its own: what concerns runs and results.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkId, LinkTable } from '@satsim/core';
import type { LinkState, TickUpdate } from '@satsim/core';
import { Router } from '@satsim/routing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';

const BROKEN_LANE = fileURLToPath(new URL('fixtures/peers-broken-lane', import.meta.url));
const NEEDY_LANE = fileURLToPath(new URL('../e2e/fixtures/needy-lane', import.meta.url));

interface Sample {
  readonly flow: string;
  readonly rttMs: number | null;
  readonly oneWayDelayMs: number | null;
  readonly lossPct: number | null;
  readonly goodputMbps: number | null;
  readonly hops: number | null;
  readonly pathHash: string | null;
}
interface Finished {
  readonly runDir: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly flows: readonly { id: string; rttMs: { median: number } | null; availability: number }[];
  readonly assertions: readonly { flow: string; actual: number | null; ok: boolean }[];
  readonly error: { code: string; message: string } | null;
}

const place = workplace();
afterAll(place.remove);

const jsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** A city under a shell, one that a line joins to it, and one at the pole that sees nothing. */
const SCENARIO = `
name: peers
seed: 5
time: { t0: "2026-11-20T00:00:00Z", duration: 2m, dt: 1s }
constellation: [ { walker: { name: W, pattern: delta, planes: 12, per_plane: 12, altitude_km: 600, inclination_deg: 40, phasing: 5 } } ]
ground:
  - { id: nairobi, lat: -1.29, lon: 36.82, relay: true }
  - { id: mombasa, lat: -4.04, lon: 39.66 }
  - { id: pole, lat: -90, lon: 0 }
links:
  isl: { pattern: plus_grid, capacity_mbps: 5000 }
  gsl: { policy: all_visible, min_elevation_deg: 20, capacity_mbps: 300, loss_pct: 0.5 }
  terrestrial: [ { a: nairobi, b: mombasa, delay_ms: 2.5, capacity_mbps: 800, loss_pct: 0.125 } ]
  thresholds: { delay_ms: 0 }
traffic:
  - { id: line, from: nairobi, to: mombasa }
  - { id: nowhere, from: nairobi, to: pole }
assertions:
  - { flow: line, quantity: rtt_ms.p99, op: "<", value: 6 }
  - { flow: line, quantity: rtt_ms.p99, op: "<", value: 4 }
  - { flow: nowhere, quantity: rtt_ms.p99, op: "<", value: 1000 }
exporters: { jsonl: {} }
`;

/** Runs the command whatever it ends with. */
async function run(file: string, ...more: string[]): Promise<Finished> {
  const { stdout, stderr, exitCode } = await place.satsim('run', file, ...more, '--format', 'json');
  expect(stdout, stderr).not.toBe('');
  return { ...(JSON.parse(stdout) as Finished), exitCode: exitCode ?? -1 };
}

describe('a run with flows, one of which has no way', () => {
  let finished: Finished;
  let samples: Sample[];
  let ticks: TickUpdate[];

  beforeAll(async () => {
    finished = await run(place.write('peers.satsim.yaml', SCENARIO));
    samples = jsonLines(join(finished.runDir, 'results/flows.jsonl'));
    ticks = await ticksOf(finished.runDir);
  });

  it('CORE: the one-way delay was taken for the round trip', () => {
    const line = samples.filter(({ flow }) => flow === 'line');
    expect(line).toHaveLength(120);
    for (const { rttMs, oneWayDelayMs } of line) expect([oneWayDelayMs, rttMs]).toEqual([2.5, 5]);
    expect(finished.flows.find(({ id }) => id === 'line')).toMatchObject({ rttMs: { median: 5 } });
  });

  it('LEOScope: triggers were never evaluated', () => {
    expect(finished.assertions).toMatchObject([
      { flow: 'line', actual: 5, ok: true },
      { flow: 'line', actual: 5, ok: false },
      { flow: 'nowhere', ok: false },
    ]);
    expect(finished).toMatchObject({ exitCode: 4, outcome: 'completed', error: { code: 'ASSERTION_FAILED' } });
  });

  it('LEOScope: values that were not set were compared as −1', () => {
    const nowhere = samples.filter(({ flow }) => flow === 'nowhere');
    expect(nowhere).toHaveLength(120);
    for (const sample of nowhere) expect(sample).toMatchObject({ rttMs: null, oneWayDelayMs: null, lossPct: 100, hops: null, pathHash: null });
    expect(finished.flows.find(({ id }) => id === 'nowhere')).toMatchObject({ rttMs: null, availability: 0 });
    // −1 ms is less than 1000 ms; nothing is not.
    expect(finished.assertions[2]).toMatchObject({ actual: null, ok: false });
  });

  it('StarryNet: a change of delay reset the loss, as not the whole state was sent', () => {
    const expected = { gsl: [300, 0.5], isl: [5000, 0], terrestrial: [800, 0.125] } as const;
    const moved = new Map<string, Set<number>>();
    for (const { updates } of ticks) {
      for (const link of updates) {
        expect(Object.keys(link).toSorted()).toEqual(['capacityMbps', 'kind', 'linkId', 'lossPct', 'oneWayDelayMs', 'source', 'target', 'up']);
        expect([link.capacityMbps, link.lossPct], link.linkId).toEqual(expected[link.kind]);
        moved.set(link.linkId, (moved.get(link.linkId) ?? new Set()).add(link.oneWayDelayMs));
      }
    }
    const delays = [...moved].filter(([id]) => id.startsWith('gsl')).map(([, values]) => values.size);
    expect(Math.max(...delays)).toBeGreaterThan(20);
  });
});

it('Mininet: shaping could not return to no loss and no delay', async () => {
  const file = place.write(
    'clear.satsim.yaml',
    `
name: clear
time: { t0: "2026-11-20T00:00:00Z", duration: 8s, dt: 1s }
ground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 0, lon: 1 } ]
links: { terrestrial: [ { a: a, b: b, delay_ms: 0, capacity_mbps: 50 } ] }
faults: [ { at: 2s, for: 3s, link: [a, b], effect: { loss_pct: 20, delay_ms: 30, capacity_mbps: 5 } } ]
`,
  );
  const { runDir } = await place.run(file);
  const table = new LinkTable();
  const states = (await ticksOf(runDir)).map((tick) => {
    table.apply(tick);
    const { up, oneWayDelayMs, capacityMbps, lossPct } = table.get('terrestrial:a>b')!;
    return { up, oneWayDelayMs, capacityMbps, lossPct };
  });
  const clear = { up: true, oneWayDelayMs: 0, capacityMbps: 50, lossPct: 0 };
  const degraded = { up: true, oneWayDelayMs: 30, capacityMbps: 5, lossPct: 20 };
  expect(states).toEqual([clear, clear, degraded, degraded, degraded, clear, clear, clear]);
});

describe('xEdgeSim, xeoverse: things of the same time crashed the heap', () => {
  it('events of one instant are ordered by seq, the same in every run', async () => {
    const file = place.write('events.satsim.yaml', SCENARIO.replace('duration: 2m', 'duration: 60s'));
    const events = await Promise.all(
      [1, 2].map(async () => jsonLines<{ seq: number; simTimeMs: number; type: string }>(join((await run(file)).runDir, 'results/events.jsonl'))),
    );
    const together = [...Map.groupBy(events[0]!, ({ simTimeMs }) => simTimeMs).values()];
    expect(Math.max(...together.map(({ length }) => length))).toBeGreaterThan(5);
    expect(events[0]!.map(({ seq }) => seq)).toEqual(events[0]!.map((_, i) => i + events[0]![0]!.seq));
    for (let i = 1; i < events[0]!.length; i++) expect(events[0]![i]!.simTimeMs).toBeGreaterThanOrEqual(events[0]![i - 1]!.simTimeMs);
    expect(events[1]).toEqual(events[0]);
  });

  it('ways of equal delay, all of them, are told apart by hops and names', () => {
    const SIZE = 12;
    const nodes = Array.from({ length: SIZE * SIZE }, (_, i) => ({ id: name(i % SIZE, Math.floor(i / SIZE)), role: 'satellite' as const, relay: true }));
    const updates = nodes.flatMap((_, i) => {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      return [
        [x + 1, y],
        [x, y + 1],
      ].flatMap(([u, v]) => (u! < SIZE && v! < SIZE ? [link(name(x, y), name(u!, v!)), link(name(u!, v!), name(x, y))] : []));
    });
    const ways = [updates, updates.toReversed()].map((some) => {
      const router = new Router(nodes);
      router.apply({ snapshot: true, removals: [], updates: some });
      return router.path(name(0, 0), name(SIZE - 1, SIZE - 1))!.nodes;
    });
    // Down first: `00-01` comes before `01-00`.
    expect(ways[0]).toEqual([...Array.from({ length: SIZE }, (_, i) => name(0, i)), ...Array.from({ length: SIZE - 1 }, (_, i) => name(i + 1, SIZE - 1))]);
    expect(ways[1]).toEqual(ways[0]);
  });

  const name = (x: number, y: number): string => `${String(x).padStart(2, '0')}-${String(y).padStart(2, '0')}`;
  const link = (source: string, target: string): LinkState => {
    return { linkId: linkId('isl', source, target), source, target, kind: 'isl', up: true, oneWayDelayMs: 1, capacityMbps: 1, lossPct: 0 };
  };
});

describe('LEOScope: failed runs ended COMPLETE, as the exception was swallowed', () => {
  it.each(['prepare', 'applyTick', 'finalize'])('a lane that throws in %s fails the run, and the reason stands everywhere', async (where) => {
    const file = place.write('broken.satsim.yaml', SCENARIO.replace(/assertions:[\s\S]*exporters: .*/, `broken: { in: ${where} }\n`));
    const finished = await run(file, '--plugin', BROKEN_LANE, '--lane', 'broken', '--lane', 'flow');
    expect(finished).toMatchObject({ outcome: 'failed', exitCode: 1 });
    expect(finished.error!.message).toContain(`an index of undefined in ${where}`);
    expect(place.manifests().at(-1)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(`an index of undefined in ${where}`) as string });
    const summary = JSON.parse(readFileSync(join(finished.runDir, 'summary.json'), 'utf8')) as { outcome: string };
    expect(summary.outcome).toBe('failed');
  });
});

it('xEdgeSim: a missing program only warned, and the run failed later', async () => {
  const file = place.write('needy.satsim.yaml', SCENARIO);
  const before = place.runs().length;
  const { stdout, exitCode } = await place.satsim('run', file, '--plugin', NEEDY_LANE, '--lane', 'flow', '--lane', 'needy', '--format', 'json');
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'DEPENDENCY_MISSING', message: expect.stringContaining('no-such-program') as string, hint: 'apt-get install no-such-package' },
  });
  expect(place.runs()).toHaveLength(before);
  expect(place.leftovers()).toEqual([]);
});
