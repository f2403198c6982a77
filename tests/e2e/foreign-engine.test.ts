import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until, workplace } from './satsim.js';
import type { ErrorObject } from './satsim.js';

const FOREIGN = fileURLToPath(new URL('../fixtures/foreign-engine', import.meta.url));

const place = workplace();
const engine = execa(process.execPath, [join(FOREIGN, 'server.js')], { reject: false });
let target = '';
beforeAll(async () => {
  engine.stdout.on('data', (chunk: Buffer) => (target += chunk.toString()));
  await until(() => target.includes('\n'));
  target = target.trim();
});
afterAll(async () => {
  engine.kill();
  await engine;
  place.remove();
});

const TICKS = 20;
const scenario = (engineAt: string, network = join(FOREIGN, 'network.json')): string =>
  place.write(
    'foreign.satsim.yaml',
    `name: foreign
time: { t0: "2026-11-20T00:00:00Z", duration: ${TICKS}s, dt: 1s }
ticks: { source: skylink, config: { target: "${engineAt}", network: ${network} } }
traffic: [ { id: k-p, from: kiruna, to: perth } ]
`,
  );
const run = (file: string) => place.satsim('run', file, '--plugin', FOREIGN, '--format', 'json');

/** Worked out from the foreign engine's own numbers: two beams of 1.5 ms and more, and one laser or, round the back, three. */
function oneWayMs(k: number): number {
  const first = Math.floor(k / 3) % 4;
  const dark = k > 0 && k % 4 === 0 && first === 0;
  const lasers = dark ? 2.001 + 2.002 + 2.003 : 2 + first / 1000;
  return 1.5 + k / 1000 + 1.51 + k / 1000 + lasers;
}

it('an engine with a contract of its own comes in as a plugin, and a run over it is like any other', async () => {
  const { stdout, stderr, exitCode } = await run(scenario(target));
  expect(exitCode, stderr).toBe(0);
  const { runDir, ...result } = JSON.parse(stdout) as { runDir: string };
  expect(result).toMatchObject({ outcome: 'completed', ticks: TICKS, lanes: [{ name: 'flow', state: 'stopped' }] });
  const samples = readFileSync(join(runDir, 'results/flows.jsonl'), 'utf8').trim().split('\n');
  expect(samples).toHaveLength(TICKS);
  const told = samples.map((line) => JSON.parse(line) as { rttMs: number; lossPct: number; hops: number });
  told.forEach(({ rttMs, lossPct }, k) => {
    expect(rttMs, `tick ${k}`).toBeCloseTo(2 * oneWayMs(k), 6);
    expect(lossPct).toBeGreaterThan(0);
  });
  expect(told.map(({ hops }) => hops)).toContain(5);
  expect(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')).toContain('2031.2-skylink');
});

it('twice gives the same trace', async () => {
  const [one, two] = [await run(scenario(target)), await run(scenario(target))].map(
    ({ stdout }) => (JSON.parse(stdout) as { traceSha256: string }).traceSha256,
  );
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(two).toBe(one);
});

it('keeps the contract of tick sources', async () => {
  const { stdout, exitCode } = await place.satsim('plugins', 'check', FOREIGN);
  expect(stdout).toMatch(/, 0 failed, 2 skipped/);
  expect(exitCode).toBe(0);
});

it('tells its own faults: a file that is not there, an engine that is not there', async () => {
  const missing = await run(scenario(target, 'nowhere.json'));
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringMatching(/foreign\.satsim\.yaml:3: ticks\.config\.network: .*nowhere\.json/)]);
  const gone = await run(scenario('127.0.0.1:1'));
  expect(gone.exitCode).toBe(1);
  expect((JSON.parse(gone.stdout) as { error: ErrorObject }).error).toMatchObject({
    code: 'GEOMRF_UNAVAILABLE',
    hint: expect.stringContaining('ticks.config.target'),
  });
});

it('without it a run is verified as far as that is possible, and that it is not all is the exit code', async () => {
  const { stdout } = await run(scenario(target));
  const { runDir } = JSON.parse(stdout) as { runDir: string };
  const verify = async (...args: string[]) => {
    const { exitCode, stdout: found } = await place.satsim('verify', runDir, '--format', 'json', ...args);
    return { exitCode, ...(JSON.parse(found) as object) };
  };
  expect(await verify('--plugin', FOREIGN)).toMatchObject({ exitCode: 0, ok: true, ticks: { identical: TICKS }, notComputed: null });
  const why = { code: 'SCENARIO_INVALID', message: expect.stringContaining('skylink') as string };
  const ticks = { identical: 0, recorded: TICKS };
  expect(await verify()).toMatchObject({ exitCode: 2, ok: true, files: { changed: [] }, ticks, notComputed: why, problems: [], error: why });
  appendFileSync(join(runDir, 'results/flows.jsonl'), '\n');
  const changed = { exitCode: 4, ok: false, files: { changed: [{ path: 'results/flows.jsonl' }] }, ticks, notComputed: why };
  expect(await verify()).toMatchObject({ ...changed, error: { code: 'VERIFICATION_FAILED' } });
});

it('that the scenario names and nobody has installed is a fault of that line', async () => {
  const { exitCode, stderr } = await place.satsim('run', scenario(target));
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/:3: ticks\.source: .*skylink/)]);
});
