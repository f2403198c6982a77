import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findPlugins } from './plan-file.js';
import { planReplay } from './replay-plan.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-plan-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const trace = join(dir, 'bent-pipe.jsonl');
const links = ['oslo', 'singapore'].map((target) => ({
  linkId: `gsl:sat1>${target}`,
  kind: 'gsl',
  source: 'sat1',
  target,
  up: true,
  oneWayDelayMs: 4,
  capacityMbps: 100,
  lossPct: 0,
}));
writeFileSync(
  trace,
  [
    { dt: 1000, engineVersion: 'by hand', format: 'satsim-trace/1', seed: 0, specSha256: '', t0: 1795132800000 },
    { removals: [], simTimeMs: 1795132800000, snapshot: true, tickIndex: 0, updates: links },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);

const plan = async (...set: readonly string[]) =>
  planReplay(trace, await findPlugins(undefined), {
    artifactsRoot: join(dir, 'runs'),
    lanes: [],
    exporters: [],
    set,
    speed: null,
    upTo: 'end',
    checkEnvironment: false,
  });

test('what is wrong with a replay of a trace alone names no file that nobody has', async () => {
  const error = await plan().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'SCENARIO_INVALID', faults: [{ file: null, message: expect.stringContaining('nothing says which end of gsl:sat1>') }] });
  expect(String((error as { hint?: string } & Error).message)).toContain('--set "ground=');
  expect((error as Error).message).not.toContain('satsim-replay-');
  await expect(plan('links.gsl.polcy=x')).rejects.toMatchObject({ faults: [{ file: '--set' }] });
});

test('sites that are set make it whole', async () => {
  const sites = ['oslo', 'singapore'].map((id) => ({ id, lat: 1, lon: 2, role: 'user_terminal' }));
  expect((await plan(`ground=${JSON.stringify(sites)}`)).plan.network.nodes.map(({ id }) => id)).toEqual(['sat1', 'oslo', 'singapore']);
});
