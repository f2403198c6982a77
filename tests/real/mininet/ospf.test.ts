import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, prefixOf, remainders } from './machine.js';
import { PING, small } from './scenarios.js';

const T0_MS = Date.parse('2026-11-20T00:00:00Z');
/** Greetings come once a second; a minute's worth of states and a shortest path follow them. */
const CONVERGED_S = 8;
const FAULT_S = 10;
const END_S = 20;

interface Sample {
  readonly simTimeMs: number;
  readonly lossPct: number;
  readonly hops: number | null;
}

describe.skipIf(lacksMininet('bird', '/usr/lib/frr/zebra', '/usr/lib/frr/ospfd', 'traceroute'))('OSPF finds its way by itself, and another one', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });

  it.concurrent.each(['bird', 'frr'] as const)('%s', { timeout: 90_000 }, async (routing) => {
    const trace = (at: number) => `{ node: west, at: ${at}s, command: [traceroute, -n, -q, "1", -N, "1", -w, "1", 10.0.0.12] }`;
    const scenario = small({
      seconds: END_S,
      traffic: PING,
      faults: `{ at: ${FAULT_S}s, for: 1m, link: [E-1-3, E-1-4] }`,
      mininet: `routing: ${routing}, exec: [${trace(CONVERGED_S)}, ${trace(END_S - 2)}]`,
      ring: true,
    });
    const finished = await place.run(place.write(`${routing}.satsim.yaml`, scenario));
    expect(finished).toMatchObject({ outcome: 'completed', lanes: [{ error: null }] });
    const lane = laneOf(place, finished.runId);
    const met = (log: string): readonly string[] => [...lane.text(log).matchAll(/^ *\d+ {2}10\.0\.0\.(\d+) /gm)].map(([, number]) => number!);
    expect(met('exec/1-west.log')).toEqual(['2', '3', '4', '5', '12']);
    expect(met('exec/2-west.log')).toEqual(['2', '1', '10', '9', '8', '7', '6', '5', '12']);
    const samples = readFileSync(join(finished.runDir, 'results/flows.jsonl'), 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Sample]));
    const lost = samples.filter(({ lossPct }) => lossPct === 100).map(({ simTimeMs }) => (simTimeMs - T0_MS) / 1000);
    expect(lost.filter((s) => s > CONVERGED_S && s < FAULT_S - 0.5)).toEqual([]);
    expect(lost.filter((s) => s > FAULT_S + 4)).toEqual([]);
    // Nobody told satsim which way the packets took.
    expect(new Set(samples.map(({ hops }) => hops))).toEqual(new Set([null]));
    expect(remainders([prefixOf(lane.nodes())])).toEqual([]);
  });
});
