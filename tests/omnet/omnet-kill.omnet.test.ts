import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENDLESS, iridium, pause, root, until, workplace } from '../e2e/satsim.js';
import { needOmnet } from './need-omnet.js';

const place = workplace();
const cache = join(place.dir, 'cache');
const native = join(cache, 'satsim/native');
/** Minutes of simulation: links of Gbit/s, full. */
const HEAVY = `include: ${iridium}
links: { isl: { capacity_mbps: 10000 }, gsl: { capacity_mbps: 1000 } }
traffic:
  - { id: bulk, from: oslo, to: singapore, kind: udp, rate_mbps: 900 }
assertions: []
`;

const inCache = (): string[] => (existsSync(native) ? readdirSync(native) : []);
const outLog = (): string => join(place.dir, 'artifacts/runs', place.runs().at(-1)!, 'lanes/omnet/results/omnetpp.out.log');
const PHASES: readonly (readonly [phase: string, reached: () => boolean])[] = [
  ['compiling', () => inCache().some((name) => name.startsWith('.satsim-build-') && existsSync(join(native, name, 'Makefile')))],
  ['simulating', () => place.runs().length > 0 && existsSync(outLog()) && readFileSync(outLog(), 'utf8').includes('Event #')],
];

describe('a run with OMNeT++ that is ended', { timeout: 300_000 }, () => {
  beforeEach(needOmnet);
  beforeAll(() => vi.stubEnv('XDG_CACHE_HOME', cache));
  afterEach(async () => {
    await place.killAll();
    // What is killed with satsim is given a moment by the kernel.
    await pause(500);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    place.remove();
  });

  it.each([
    ['compiling', 'SIGINT'],
    ['compiling', 'SIGKILL'],
    ['simulating', 'SIGTERM'],
    ['simulating', 'SIGKILL'],
  ] as const)('while %s, by %s, leaves no process and nothing half done', async (phase, signal) => {
    const before = place.runs().length;
    const running = place.start('run', place.write('heavy.satsim.yaml', HEAVY), '--lane', 'omnet');
    const reached = PHASES.find(([name]) => name === phase)![1];
    await until(() => place.runs().length > before && reached(), 120_000);
    running.kill(signal);
    const { exitCode } = await running;
    const left = (): readonly string[] => place.leftovers().filter((thing) => thing.startsWith('process'));
    // A compiler whose make was killed with satsim finishes the file that it is in.
    if (phase === 'compiling' && signal === 'SIGKILL') await until(() => left().length === 0);
    else await pause(500);
    expect(left()).toEqual([]);
    if (signal !== 'SIGKILL') {
      expect(exitCode).toBe(130);
      expect(place.manifests().at(-1)).toMatchObject({ outcome: 'interrupted' });
      expect(inCache().filter((name) => name.startsWith('.') || name.endsWith('.lock'))).toEqual([]);
    }
    if (phase === 'compiling') expect(inCache().filter((name) => /^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('while ticks come, by %s: nothing is simulated; what was written in order is whole lines', async (signal) => {
    const before = place.runs().length;
    const running = place.start('run', iridium, ...ENDLESS, '--lane', 'omnet');
    const trace = (): string => join(place.dir, 'artifacts/runs', place.runs().at(-1)!, 'lanes/omnet/links.trace');
    await until(() => place.runs().length > before && existsSync(trace()) && readFileSync(trace(), 'utf8').split('\n').length > 1_000, 120_000);
    running.kill(signal);
    const { exitCode } = await running;
    expect(existsSync(outLog())).toBe(false);
    await pause(500);
    expect(place.leftovers().filter((thing) => thing.startsWith('process'))).toEqual([]);
    if (signal === 'SIGKILL') return;
    expect(exitCode).toBe(130);
    expect(readFileSync(trace(), 'utf8')).toMatch(/\n$/);
  });

  it('hinders no later one, and what was left of a build that was killed is gone then', async () => {
    const { outcome } = await place.run(join(root, 'examples/iridium.satsim.yaml'), '--lane', 'omnet', '--set', 'time.duration=10s', '--set', 'assertions=[]');
    expect(outcome).toBe('completed');
    expect(inCache()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});
