import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestLaneDeps, testLaneDeps, testTick } from '@satsim/core/testing';
import { OfflineLane } from '@satsim/simulation';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { configSchema } from './config.js';
import { type FAKE_RUNS, fakeOmnet } from './fake-omnet.test-helper.js';
import { LANE, OmnetSimulator } from './omnet-simulator.js';

beforeEach(async () => {
  const cache = await mkdtemp(join(tmpdir(), 'satsim-cache '));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(cache, { recursive: true, force: true });
  });
});

/** A lane over a fake OMNeT++, prepared, with one empty tick. */
async function laneWith(root: string, test: TestLaneDeps, config: object = {}): Promise<OfflineLane> {
  const deps = { ...test.deps, config: configSchema.parse({ root, ...config }), scenario: { ...test.deps.scenario, traffic: [] } };
  const lane = new OfflineLane(LANE, deps, new OmnetSimulator(deps));
  await lane.prepare(new AbortController().signal);
  await lane.applyTick(testTick(0, { snapshot: true }), new AbortController().signal);
  return lane;
}

async function depsUntilTheEnd(): Promise<TestLaneDeps> {
  const test = await testLaneDeps();
  onTestFinished(async () => void (await test.dispose()));
  return test;
}

describe.skipIf(process.platform === 'win32')('a simulation by a fake OMNeT++', { timeout: 20_000 }, () => {
  it('that reaches its time: what it was and how it went is kept', async () => {
    const root = await fakeOmnet();
    const test = await depsUntilTheEnd();
    const lane = await laneWith(root, test);
    await lane.complete(new AbortController().signal);
    const { dir } = test.deps.artifacts;
    expect(JSON.parse(await readFile(join(dir, 'simulation.json'), 'utf8'))).toMatchObject({
      simulator: 'OMNeT++',
      version: '6.1',
      build: '240101-abc',
      edition: 'Academic Public License -- NOT FOR COMMERCIAL USE',
      compiler: 'fake-c++ 1.0',
      project: null,
      buildKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      exitCode: 0,
      finalEvent: { event: 7 },
      fingerprint: '1234-abcd/tplx',
      modules: { nodes: { 'sat-1': 'sat_1' } },
      scalars: { 'SatsimNetwork.controller': { link_rows: 0 } },
    });
    expect(test.provenance).toEqual({
      software: [
        {
          name: 'OMNeT++',
          version: '6.1',
          details: { build: '240101-abc', edition: 'Academic Public License -- NOT FOR COMMERCIAL USE', compiler: 'fake-c++ 1.0' },
        },
      ],
      facts: { buildKey: expect.stringMatching(/^[0-9a-f]{64}$/), fingerprint: '1234-abcd/tplx' },
    });
    for (const file of ['SatsimNetwork.ned', 'omnetpp.ini', 'General-#0.sca', 'omnetpp.out.log', 'omnetpp.err.log'])
      expect(await readdir(join(dir, 'results'))).toContain(file);
  });

  it('that says much after its end has ended all the same', async () => {
    const test = await depsUntilTheEnd();
    const lane = await laneWith(await fakeOmnet({ runs: 'talksOn' }), test);
    await lane.complete(new AbortController().signal);
    const { dir } = test.deps.artifacts;
    expect(JSON.parse(await readFile(join(dir, 'simulation.json'), 'utf8'))).toMatchObject({ finalEvent: { event: 7 }, fingerprint: '1234-abcd/tplx' });
    expect(await readFile(join(dir, 'results', 'omnetpp.out.log'), 'utf8')).toMatch(/flow 50: sent 10 packets\n$/);
  });

  it.each<[keyof typeof FAKE_RUNS, RegExp]>([
    ['error', /it stopped with an error \(exit code 1\).*links\.trace:4: delay_s is not a number/s],
    ['interrupted', /it was interrupted \(exit code 2\)/],
    ['aborted', /it aborted \(exit code 134\).*terminate called/s],
    ['cpuLimit', /it ended before its time, 62 s, though with exit code 0: CPU time limit reached -- at t=0\.5s/],
    ['tooEarly', /it ended at 0\.5 s, not at 62 s/],
    ['silent', /with exit code 0: it does not say why/],
    ['segfault', /it was ended by SIGSEGV/],
  ])('that ends otherwise (%s) fails the lane', async (runs, message) => {
    const test = await depsUntilTheEnd();
    const lane = await laneWith(await fakeOmnet({ runs }), test);
    await expect(lane.complete(new AbortController().signal)).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('results/omnetpp.out.log'),
    });
    await lane.finalize();
    expect((await test.dispose()).processIds).toEqual([]);
  });

  it('that does not end, not even by SIGTERM: an abort ends it within 1 s, and nothing runs then', async () => {
    const test = await depsUntilTheEnd();
    const lane = await laneWith(await fakeOmnet({ runs: 'hangs' }), test);
    const abort = new AbortController();
    const completing = lane.complete(abort.signal);
    const out = join(test.deps.artifacts.dir, 'results', 'omnetpp.out.log');
    await vi.waitFor(async () => expect(await readFile(out, 'utf8')).toContain('started'), 5_000);
    const aborted = performance.now();
    abort.abort(new Error('enough'));
    await expect(completing).rejects.toThrow('enough');
    expect(performance.now() - aborted).toBeLessThan(1_000);
    expect((await test.dispose()).processIds).toEqual([]);
  });

  it("of a project of the user's: the manifest has a hash of its settings; where it reads NED files there are no runs", async () => {
    const project = await mkdtemp(join(tmpdir(), 'satsim-project-'));
    onTestFinished(() => rm(project, { recursive: true }));
    for (const folder of ['src', 'simulations']) await mkdir(join(project, folder));
    await writeFile(join(project, 'simulations/omnetpp.ini'), '[General]\n');
    const root = await fakeOmnet();
    const test = await depsUntilTheEnd();
    const lane = await laneWith(root, test, { project_path: project });
    await lane.complete(new AbortController().signal);
    expect(test.provenance.facts).toMatchObject({ settings: expect.stringMatching(/^[0-9a-f]{64}$/) });

    const { dir } = test.deps.artifacts;
    await writeFile(join(dir, '../omnetpp.ini'), '');
    await expect(laneWith(root, test, { project_path: project, ini_path: join(dir, '../omnetpp.ini') })).rejects.toThrow(
      `paths.artifacts_root is in ${dirname(dir)}, where OMNeT++ reads NED files`,
    );
  });

  it('is compiled once; the second time it starts at once', async () => {
    const root = await fakeOmnet();
    await laneWith(root, await depsUntilTheEnd());
    const second = await depsUntilTheEnd();
    await laneWith(root, second);
    expect(second.logs.map(({ message }) => message).filter((message) => message.includes('compil'))).toEqual([]);
  });

  it('a compiler that complains fails prepare with file and line, and leaves nothing in the cache', async () => {
    const root = await fakeOmnet({ make: ['echo "SatNode.cc:17:33: error: no matching function" >&2', 'exit 2'] });
    await expect(laneWith(root, await depsUntilTheEnd())).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringMatching(/make failed with exit code 2: SatNode\.cc:17: no matching function/),
    });
    expect(await readdir(join(process.env['XDG_CACHE_HOME']!, 'satsim', 'native'))).toEqual([]);
  });

  it('without OMNeT++ prepare says what is missing', async () => {
    await expect(laneWith('/nowhere', await depsUntilTheEnd())).rejects.toMatchObject({ code: 'DEPENDENCY_MISSING' });
  });
});
