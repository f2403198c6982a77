import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '@satsim/core';
import { afterAll, expect, it } from 'vitest';
import { differencesFrom, type PlannedCell } from './planned.js';

const runDir = mkdtempSync(join(tmpdir(), 'satsim-planned-'));
afterAll(() => rmSync(runDir, { recursive: true, force: true }));
const scenario = { name: '${x}', links: { gsl: { min_elevation_deg: 10 } }, paths: { artifacts_root: 'a' } };
mkdirSync(join(runDir, 'manifests'));
writeFileSync(join(runDir, 'manifests/scenario.normalized.json'), JSON.stringify(scenario).replace('${', '$${'));
const manifest = {
  components: [
    { name: 'core', version: '1.0.0' },
    { name: 'flow', version: '1.0.0' },
  ],
  inputs: [{ path: '/a.tle', sha256: 'aa' }],
  recording: { path: '/r.zst', sha256: 'cc' },
  engine: { engineVersion: '1.0.0' },
};
const run = { runDir, manifest } as unknown as RunRecord;
const planned: PlannedCell = {
  scenario,
  inputs: [
    { path: '/a.tle', sha256: 'aa' },
    { path: '/r.zst', sha256: 'cc' },
  ],
  components: { flow: '1.0.0', core: '1.0.0' },
  engineVersion: '1.0.0',
  artifactsRoot: 'a',
  emulates: false,
};

it.each<[string, Partial<PlannedCell>, readonly string[]]>([
  ['nothing', {}, []],
  [
    'only the place of runs and of files',
    { scenario: { ...scenario, paths: {} }, inputs: planned.inputs.map((one) => ({ ...one, path: `/b${one.path}` })) },
    [],
  ],
  [
    'a field',
    { scenario: { ...scenario, links: { gsl: { min_elevation_deg: 15, mask: [1] } } } },
    ['links.gsl.mask: nothing is [1] now', 'links.gsl.min_elevation_deg: 10 is 15 now'],
  ],
  ['a file', { inputs: [{ path: '/a.tle', sha256: 'bb' }, planned.inputs[1]!] }, ['/a.tle has changed']],
  ['a file less', { inputs: [planned.inputs[1]!] }, ['/a.tle is not used any more']],
  ['the trace that is replayed', { inputs: [planned.inputs[0]!, { path: '/r.zst', sha256: 'dd' }] }, ['/r.zst has changed']],
  ['a version', { components: { ...planned.components, flow: '1.1.0' } }, ['flow: "1.0.0" is "1.1.0" now']],
  ['the engine', { engineVersion: '2.0.0' }, ['engine: "1.0.0" is "2.0.0" now']],
  ['an engine that is not ours', { engineVersion: null }, []],
])('when %s is different', async (_, change, expected) => {
  expect(await differencesFrom(run, { ...planned, ...change })).toEqual(expected);
});

it('a run that does not say what it was made of tells nothing', async () => {
  expect(await differencesFrom({ ...run, manifest: null }, planned)).toBeNull();
  expect(await differencesFrom({ ...run, runDir: join(runDir, 'none') }, planned)).toBeNull();
});
