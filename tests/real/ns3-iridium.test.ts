import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { FlowSample } from '@satsim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { lacksNs3 } from './ns3/machine.js';

const NETWORK = `
name: iridium
seed: 42
constellation:
  - walker: { name: IR, pattern: star, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 3, raan_spread_deg: 189.6 }
ground:
  - { id: oslo, lat: 59.91, lon: 10.75 }
  - { id: singapore, lat: 1.35, lon: 103.82 }
  - { id: quito, lat: -0.18, lon: -78.47 }
  - { id: sydney, lat: -33.87, lon: 151.21 }
links:
  isl: { pattern: plus_grid, polar_cutoff_lat_deg: 70, capacity_mbps: 25 }
  gsl: { min_elevation_deg: 8, capacity_mbps: 10 }
`;
const PINGS = ['oslo singapore', 'singapore oslo', 'oslo quito', 'quito sydney', 'sydney oslo', 'singapore quito', 'sydney singapore', 'quito oslo']
  .map((ends, i) => `  - { id: p${i}, from: ${ends.replace(' ', ', to: ')} }`)
  .join('\n');

describe.skipIf(lacksNs3())('ns-3 on Iridium', () => {
  const place = workplace();
  const scenario = (name: string, duration: string, traffic: string): string =>
    place.write(`${name}.yaml`, `${NETWORK}time: { t0: "2026-11-20T00:00:00Z", duration: ${duration} }\ntraffic:\n${traffic}\nns3: {}\n`);
  beforeAll(() => {
    process.env['XDG_CACHE_HOME'] = join(place.dir, 'cache');
  });
  afterAll(() => {
    delete process.env['XDG_CACHE_HOME'];
    place.remove();
  });

  // Before all others: it wants nothing compiled.
  it('8 pings and 2 UDP flows of 1 Mbit/s, 60 s: within 20 s, after a first compilation within 30 s', { timeout: 180_000 }, async () => {
    const udp = '  - { id: u0, from: oslo, to: singapore, kind: udp, rate_mbps: 1 }\n  - { id: u1, from: quito, to: sydney, kind: udp, rate_mbps: 1 }';
    const file = scenario('figure', '1m', `${PINGS}\n${udp}`);
    let last = '';
    const simulation = async () => {
      const { runDir, runId } = await place.run(file, '--lane', 'ns3');
      last = runId;
      return JSON.parse(readFileSync(join(runDir, 'lanes/ns3/simulation.json'), 'utf8')) as { readonly wallS: number; readonly buildMs: number | null };
    };
    const [first, second] = [await simulation(), await simulation()];
    process.stderr.write(`ns-3: compiled in ${first.buildMs} ms, 60 s simulated in ${second.wallS.toFixed(2)} s\n`);
    expect(first.buildMs).not.toBeNull();
    // Of an idle machine.
    expect(first.buildMs!).toBeLessThan(30_000 * Math.max(1, (loadavg()[0]! + 1) / availableParallelism()));
    expect(second.buildMs).toBeNull();
    expect(Math.max(first.wallS, second.wallS)).toBeLessThan(20);
    expect(place.manifests().at(-1)).toMatchObject({
      provenance: {
        ns3: { software: [{ name: 'ns-3', version: expect.stringMatching(/^3\.\d+/) }], facts: { buildKey: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      },
    });
    expect(await place.output('show-run', last)).toMatch(/^ns3 {4}ns-3 3\.\d+\S* \(compiler g\+\+ .*\)\n {7}buildKey [0-9a-f]{64}$/m);
  });

  it.each([4, 6])(
    'IPv%i: the path of lane flow at every tick, its RTT to 1 ms and a hundredth at every tick without a handover',
    { timeout: 180_000 },
    async (version) => {
      const { runDir } = await place.run(scenario('agreement', '5m', PINGS), '--lane', 'flow', '--lane', 'ns3', '--set', `ns3.ip_version=${version}`);
      const samples = readFileSync(join(runDir, 'results/flows.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as FlowSample);
      const key = (flow: string, simTimeMs: number): string => `${flow} at ${simTimeMs}`;
      const expected = new Map(samples.filter(({ lane }) => lane === 'flow').map((sample) => [key(sample.flow, sample.simTimeMs), sample]));
      const seen = samples.filter(({ lane }) => lane === 'ns3');
      expect([expected.size, seen.length]).toEqual([8 * 300, 8 * 300]);
      const count = { compared: 0, handovers: 0 };
      for (const sample of seen) {
        const name = key(sample.flow, sample.simTimeMs);
        const of = expected.get(name)!;
        expect(sample.path, name).toEqual(of.path);
        const next = expected.get(key(sample.flow, sample.simTimeMs + 1000));
        if (next !== undefined && next.pathHash !== of.pathHash) count.handovers += 1;
        else if (of.rttMs === null) expect(sample, name).toMatchObject({ rttMs: null, lossPct: 100 });
        else {
          count.compared += 1;
          expect(sample.rttMs, name).not.toBeNull();
          expect(Math.abs(sample.rttMs! - of.rttMs), name).toBeLessThanOrEqual(1 + 0.01 * of.rttMs);
        }
      }
      expect(count.compared).toBeGreaterThan(2_000);
      expect(count.handovers).toBeGreaterThan(3);
    },
  );

  it('same scenario, same seed: the same files', { timeout: 180_000 }, async () => {
    const file = scenario('same', '30s', `${PINGS}\n  - { id: t0, from: oslo, to: singapore, kind: tcp }`);
    const [one, other] = [await place.run(file, '--lane', 'ns3'), await place.run(file, '--lane', 'ns3')];
    for (const path of ['links.trace', 'routes.trace', 'results/flowmon.xml', 'results/samples.csv', 'results/applied.csv', 'results/counters.csv'])
      expect(readFileSync(join(one.runDir, 'lanes/ns3', path)).equals(readFileSync(join(other.runDir, 'lanes/ns3', path))), path).toBe(true);
  });
});
