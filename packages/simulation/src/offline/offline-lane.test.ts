import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaneDeps } from '@satsim/core';
import { laneContract, laneProperties, TEST_LINKS, testTick, type TestLaneDeps, testLaneDeps } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { offlineHarness } from '../testing/offline-harness.js';
import { standInSimulator } from '../testing/stand-in-simulator.js';
import { ring } from '../trace/ring.test-helper.js';
import { OfflineLane, type OfflineSimulator, type SimulationJob } from './offline-lane.js';

describe('the contract, over a stand-in for the simulator', () => {
  const harness = offlineHarness({ name: 'sim', create: (deps) => new OfflineLane('sim', deps, withSamples(standInSimulator('sim'))) });
  for (const { rule, skip, run } of [...laneContract(harness.create, harness), ...laneProperties(harness.create, harness)])
    test(rule, () => (expect(skip).toBe(false), run()));
});

/** Adds two samples of the kit's flow end-to-end, which is number 6. */
function withSamples(simulator: OfflineSimulator): OfflineSimulator {
  return {
    ...simulator,
    async run(job, signal) {
      const told = await simulator.run(job, signal);
      if (job.name === 'results') append(job, '6,0.000000000,0.0435,0.02175,0,,3,3>0>1>2\n6,1.5,,,1,,,\n');
      return told;
    },
  };
}
const append = ({ results }: SimulationJob, rows: string): void => {
  const file = join(results, 'samples.csv');
  writeFileSync(file, readFileSync(file, 'utf8') + rows);
};

describe('after the last tick', () => {
  let bench: TestLaneDeps;
  const { signal } = new AbortController();
  beforeEach(async () => {
    bench = await testLaneDeps();
  });
  afterEach(() => bench.dispose());

  async function complete(simulator: OfflineSimulator, deps: Partial<LaneDeps> = {}, whenDone = signal): Promise<void> {
    const lane = new OfflineLane('sim', { ...bench.deps, ...deps }, simulator);
    await lane.prepare(signal);
    await lane.applyTick(testTick(0, { snapshot: true, updates: TEST_LINKS }), signal);
    await lane.complete(whenDone);
    await lane.finalize();
  }
  const text = (path: string): string => readFileSync(join(bench.deps.artifacts.dir, path), 'utf8');

  test('the simulator finds tables of the whole network and of the traffic', async () => {
    await complete(standInSimulator('sim'));
    expect(text('results/nodes.csv')).toBe('node,id,role\n0,sat-1,satellite\n1,sat-2,satellite\n2,sat-3,satellite\n3,gnd-1,ground_station\n');
    expect(text('results/links.csv').split('\n').slice(0, 2)).toEqual([
      'pair,forward,backward,a,b,kind,forward_id,backward_id',
      '0,0,1,0,3,gsl,gsl:sat-1>gnd-1,gsl:gnd-1>sat-1',
    ]);
    const flows = text('results/flows.csv').split('\n');
    expect(flows[0]).toBe('flow,id,kind,source,target,start_s,stop_s,interval_s,rate_bps,pattern,packet_bytes,congestion,dscp');
    expect(flows[1]).toBe('0,gnd-1-sat-1,udp,3,0,0,60,,10000000,constant,1500,,0');
    expect(flows[7]).toBe('6,end-to-end,ping,3,2,0,60,1,,,84,,0');
    expect(JSON.parse(text('link_map.json'))).toMatchObject({ 'gsl:sat-1>gnd-1': 0, 'gsl:gnd-1>sat-1': 1 });
    expect(JSON.parse(text('node_map.json'))).toEqual({ 'sat-1': 0, 'sat-2': 1, 'sat-3': 2, 'gnd-1': 3 });
    expect(JSON.parse(text('simulation.json'))).toMatchObject({ simulator: 'stand-in', linkRows: 6, counters: { link_rows: 6 } });
  });

  test('its samples are those of the lane', async () => {
    await complete(withSamples(standInSimulator('sim')));
    const head = { lane: 'sim', flow: 'end-to-end', goodputMbps: null };
    expect(bench.samples).toEqual([
      {
        ...head,
        simTimeMs: bench.deps.run.t0Ms,
        rttMs: 43.5,
        oneWayDelayMs: 21.75,
        lossPct: 0,
        hops: 3,
        pathHash: expect.stringMatching(/^[0-9a-f]{16}$/),
        path: ['gnd-1', 'sat-1', 'sat-2', 'sat-3'],
      },
      { ...head, simTimeMs: bench.deps.run.t0Ms + 1500, rttMs: null, oneWayDelayMs: null, lossPct: 100, hops: null, pathHash: null },
    ]);
  });

  const spoiling = (spoil: (job: SimulationJob) => void): OfflineSimulator => {
    const simulator = standInSimulator('sim');
    return {
      ...simulator,
      run: async (job, abort) => {
        const told = await simulator.run(job, abort);
        spoil(job);
        return told;
      },
    };
  };
  const manySamples: OfflineSimulator = spoiling((job) => append(job, '6,0,1,1,0,,1,\n'.repeat(20_000)));
  test('many samples are handed on in pieces, each when the one before has been taken', async () => {
    const held: number[] = [];
    let count = 0;
    const results = {
      write: () => void count++,
      flush: async () => {
        held.push(count);
        await new Promise(setImmediate);
        count = 0;
      },
    };
    await complete(manySamples, { results });
    expect(held).toEqual([4096, 4096, 4096, 4096]);
    expect(count).toBe(20_000 - 4 * 4096);
  });

  test('an abort ends it also while the exporters do not take what there is', async () => {
    const abort = new AbortController();
    const flush = (): Promise<void> => {
      abort.abort(new Error('stop'));
      return new Promise(() => {});
    };
    await expect(complete(manySamples, { results: { write() {}, flush } }, abort.signal)).rejects.toThrow('stop');
  });

  test.each<[string, (job: SimulationJob) => void, RegExp]>([
    [
      'rows that were not applied',
      ({ results }) => writeFileSync(join(results, 'counters.csv'), 'name,value\nlink_rows,5\n'),
      /^the simulator applied 5 of 6 link rows$/,
    ],
    ['no counters at all', ({ results }) => writeFileSync(join(results, 'counters.csv'), ''), /counters\.csv:1: the file is empty$/],
    ['a sample of no flow', (job) => append(job, '9,0,,,1,,,\n'), /samples\.csv:2: there is no flow 9: the scenario has 7$/],
    ['a sample by no node', (job) => append(job, '6,0,1,1,0,,1,3>9\n'), /samples\.csv:2: there is no node 9$/],
    ['a sample without a time', (job) => append(job, '6,,1,1,0,,1,\n'), /samples\.csv:2: t_s is empty$/],
    ['half a sample', (job) => append(job, '6,0,1\n'), /samples\.csv:2: 8 fields are wanted, not 3$/],
    ['no number', (job) => append(job, '6,0,fast,1,0,,1,\n'), /samples\.csv:2: rtt_s is not a number: fast$/],
    ['another header', ({ results }) => writeFileSync(join(results, 'samples.csv'), 'flow\n'), /samples\.csv:1: the header is not flow,t_s/],
  ])('what is wrong with its results is told by file and line: %s', async (_what, spoil, says) => {
    await expect(complete(spoiling(spoil))).rejects.toMatchObject({ code: 'LANE_FAILED', lane: 'sim', message: expect.stringMatching(says) });
  });

  test('a tick before prepare or after finalize is refused', async () => {
    const lane = new OfflineLane('sim', bench.deps, standInSimulator('sim'));
    await expect(lane.applyTick(testTick(0, {}), signal)).rejects.toMatchObject({ code: 'LANE_FAILED', tickIndex: 0 });
    await lane.prepare(signal);
    await lane.finalize();
    await expect(lane.applyTick(testTick(0, {}), signal)).rejects.toMatchObject({ code: 'LANE_FAILED' });
  });
});

test('1,000 duplex links × 600 ticks × 10 %, and the routes between 10 nodes, are in their files after less than a second', async () => {
  const { deps, dispose } = await testLaneDeps();
  onTestFinished(async () => void (await dispose()));
  const { nodes, ticks } = ring(1_000, 600, 0.1);
  const traffic = Array.from({ length: 5 }, (_, i) => ({ ...deps.scenario.traffic[0]!, id: `f${i}`, from: `n${100 * i}`, to: `n${100 * i + 500}` }));
  const lane = new OfflineLane('sim', { ...deps, nodes, scenario: { ...deps.scenario, traffic } }, standInSimulator('sim'));
  const { signal } = new AbortController();
  const all = [...ticks()];
  await lane.prepare(signal);
  // CPU time: whoever else uses the machine does not count.
  const started = process.cpuUsage();
  for (const tick of all) await lane.applyTick(tick, signal);
  await lane.finalize();
  const { user, system } = process.cpuUsage(started);
  const rows = (file: string) => readFileSync(join(deps.artifacts.dir, file), 'utf8').split('\n').length - 2;
  expect(rows('links.trace')).toBeGreaterThan(100_000);
  expect(rows('routes.trace')).toBeGreaterThan(10_000);
  console.info(`written in ${(user + system) / 1e3} ms`);
  expect((user + system) / 1e6).toBeLessThan(1);
});
