import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowComparison, FlowSample } from '@satsim/core';
import { expect } from 'vitest';
import { root, type workplace } from '../e2e/satsim.js';

interface Finished {
  readonly runDir: string;
  readonly exitCode: number;
  readonly comparison: readonly FlowComparison[];
}

const TICKS = 600;
const END = ['--set', `time.duration=${TICKS}s`];

/**
 * The example for several lanes, for ten minutes: each lane and `flow` agree in RTT to 1 ms and 1 % at every tick without a
 * handover, and in the path at every tick; by the run's own comparison, and by one that is made here of the samples.
 */
export async function expectAgreement(lanes: readonly string[], place: ReturnType<typeof workplace>): Promise<void> {
  const named = ['flow', ...lanes].flatMap((lane) => ['--lane', lane]);
  const args = ['run', join(root, 'examples/iridium-parallel.satsim.yaml'), ...END, ...named, '--format', 'json'];
  const { stdout, stderr, exitCode } = await place.satsim(...args);
  expect(exitCode, stderr + stdout).toBe(0);
  const { comparison, runDir } = JSON.parse(stdout) as Finished;
  expect(comparison.filter(({ verdict }) => verdict !== 'agree')).toEqual([]);
  const rtt = comparison.filter(({ quantity }) => quantity === 'rtt_ms');
  expect(rtt).toHaveLength(8 * lanes.length);
  for (const { pairs, handovers } of rtt) expect(pairs + handovers).toBeGreaterThanOrEqual(TICKS - 2);

  const samples = readFileSync(join(runDir, 'results/flows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FlowSample);
  const pings = new Set(rtt.map(({ flow }) => flow));
  const of = (name: string) =>
    new Map(samples.filter((each) => each.lane === name && pings.has(each.flow)).map((each) => [`${each.flow} ${each.simTimeMs}`, each]));
  const expected = of('flow');
  for (const lane of lanes) expectSame(expected, of(lane));
}

function expectSame(expected: ReadonlyMap<string, FlowSample>, found: ReadonlyMap<string, FlowSample>): void {
  expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  const before = new Map<string, readonly string[]>();
  let judged = 0;
  for (const [key, analytic] of expected) {
    const seen = found.get(key)!;
    const path = analytic.path!;
    expect(seen.path, key).toEqual(path);
    const last = before.get(analytic.flow) ?? path;
    before.set(analytic.flow, path);
    if (last[1] !== path[1] || last.at(-2) !== path.at(-2)) continue;
    judged += 1;
    expect(Math.abs(seen.rttMs! - analytic.rttMs!), key).toBeLessThanOrEqual(1 + 0.01 * analytic.rttMs!);
  }
  expect(judged).toBeGreaterThan(0.98 * 8 * TICKS);
}
