import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun, discoverPlugins, loadScenario, planRun } from '@satsim/core';
import { startEmbeddedEngine } from '@satsim/geomrf-engine';
import { afterAll, expect, it } from 'vitest';
import { root, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);

const ISS = ['1 25544U 98067A   24294.40138889  .00016717  00000-0  30000-3 0  9990', '2 25544  51.6400 208.9163 0006703  69.9862  25.2906 15.49560532 10008'];
const OTHER = [
  '1 25544U 98067A   24294.40138889  .00016717  00000-0  30000-3 0  9990',
  '2 25544  51.6400 108.9163 0006703  69.9862  25.2906 15.49560532 10007',
];
const SCENARIO = `
name: one
time: { t0: "2024-10-20T09:38:00Z", duration: 60s, dt: 1s }
constellation: [ { elements: { file: iss.tle } } ]
ground: [ { csv: { file: sites.csv, columns: { id: 0, lat: 1, lon: 2 } } } ]
links: { gsl: { min_elevation_deg: 0, policy: all_visible, capacity_mbps: 10 } }
`;

/** Plans the scenario, lets something happen to its files, and runs it. */
async function run(between: (files: { readonly tle: string; readonly sites: string }) => void) {
  const files = { tle: place.write('iss.tle', `${ISS.join('\n')}\n`), sites: place.write('sites.csv', 'a,10,20\nb,-30,40\n') };
  const hostPackageJson = join(root, 'packages/cli/package.json');
  const registry = await discoverPlugins({ cwd: place.dir, hostPackageJson, extra: [] });
  const loaded = await loadScenario(place.write('one.satsim.yaml', SCENARIO), {
    set: [`paths.artifacts_root=${join(place.dir, 'runs')}`],
    laneNames: registry.names('lane'),
  });
  const plan = await planRun(loaded, registry, { checkEnvironment: false });
  between(files);
  const started = await createRun(plan, { startEngine: startEmbeddedEngine });
  const { outcome, traceSha256 } = await started.start();
  expect(outcome).toBe('completed');
  const manifest = JSON.parse(readFileSync(join(started.runDir, 'manifests/run.json'), 'utf8')) as { inputs: { sha256: string; copy: string }[] };
  for (const { sha256, copy } of manifest.inputs) {
    expect(
      createHash('sha256')
        .update(readFileSync(join(started.runDir, copy)))
        .digest('hex'),
    ).toBe(sha256);
  }
  return { traceSha256, inputs: manifest.inputs.map(({ sha256 }) => sha256) };
}

it('what a run computes with is what its manifest has, whatever happens to the files after it was planned', async () => {
  const usual = await run(() => undefined);
  expect(await run(({ tle }) => writeFileSync(tle, `${OTHER.join('\n')}\n`))).toEqual(usual);
  expect(await run(({ sites }) => writeFileSync(sites, 'a,-10,-20\nb,-30,40\n'))).toEqual(usual);
  expect(
    await run(({ tle, sites }) => {
      rmSync(tle);
      rmSync(sites);
      expect(existsSync(tle)).toBe(false);
    }),
  ).toEqual(usual);
});
