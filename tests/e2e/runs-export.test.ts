import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDLESS, iridium, root, SHORT, until, workplace } from './satsim.js';

const EXPORTERS = ['jsonl', 'csv', 'parquet', 'czml', 'geojson', 'prometheus'];

describe('satsim runs export', () => {
  const place = workplace();
  const { output } = place;
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });
  let runId: string;
  let runDir: string;
  const filesOf = (dir: string) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));

  beforeAll(async () => {
    // Files that the scenario names are not there any more when it is exported.
    const scenario = place.write('iridium.satsim.yaml', readFileSync(iridium, 'utf8'));
    const chosen = EXPORTERS.flatMap((name) => ['--exporter', name]);
    const run = await place.run(scenario, ...SHORT, ...chosen, '--set', 'exporters.prometheus.listen=false', '--set', 'exporters.geojson.at=5s');
    ({ runId, runDir } = run);
    rmSync(scenario);
  });

  for (const name of EXPORTERS) {
    it(`${name}: the files are those of the run, byte for byte`, async () => {
      const out = join(place.dir, `as-${name}`);
      const to = name === 'prometheus' ? 'openmetrics' : name;
      const done = JSON.parse(await output('runs', 'export', runId, '--to', to, '--out', out, '--format', 'json')) as { out: string; files: string[] };
      expect(done).toMatchObject({ runId, runDir, to, out, warnings: [] });
      expect(done.files.length).toBeGreaterThan(0);
      for (const file of done.files) expect(readFileSync(file).equals(readFileSync(join(runDir, file.slice(out.length + 1)))), file).toBe(true);
    });
  }

  it('an exporter of somebody else gets what each tick cost, as in the run', async () => {
    const costs = ['--plugin', join(root, 'tests/e2e/fixtures/tick-costs')];
    const run = await place.run(iridium, ...SHORT, ...costs, '--exporter', 'tick-costs');
    await output('runs', 'export', run.runId, '--to', 'tick-costs', '--out', 'costs', ...costs);
    const recorded = readFileSync(join(run.runDir, 'results/tick-costs.json'), 'utf8');
    expect(JSON.parse(recorded)).toContainEqual(expect.objectContaining({ tickIndex: 9, computeMs: expect.any(Number) as number }));
    expect(readFileSync(join(place.dir, 'costs/results/tick-costs.json'), 'utf8')).toBe(recorded);
  });

  it('what the exporter is told can be changed', async () => {
    await output('runs', 'export', runId, '--to', 'geojson', '--out', 'later', '--set', 'exporters.geojson.at=8s');
    expect(readFileSync(join(place.dir, 'later/results/network.geojson'), 'utf8')).toContain('"tick_index":8,');
    const wrong = await place.satsim('runs', 'export', runId, '--to', 'geojson', '--out', 'wrong', '--set', 'exporters.geojson.at=soon');
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('exporters.geojson.at')]);
    expect(existsSync(join(place.dir, 'wrong'))).toBe(false);
    // In the words that a scenario's faults have.
    const unknown = await place.satsim('runs', 'export', runId, '--to', 'geojson', '--out', 'wrong', '--set', 'exporters.geojson.att=8s');
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/exporters\.geojson\.att: unknown key `att` \(did you mean `at`\?\)/) as string,
    });
  });

  it('an exporter that nobody has is refused; a place that is taken, too', async () => {
    expect((await place.satsim('runs', 'export', runId, '--to', 'nothing')).exitCode).toBe(2);
    expect((await place.satsim('runs', 'export', runId, '--to', 'csv', '--out', 'as-csv')).stderr).toContain('not empty');
    place.write('file', '');
    for (const [to, out] of [
      ['csv', 'file/x'],
      ['rocrate', 'file/x'],
      ['rocrate', 'file/x.zip'],
    ] as const)
      expect((await place.satsim('runs', 'export', runId, '--to', to, '--out', out)).stderr).toMatch(/^error: .*(no folder|not a folder).*\n.*--out/m);
  });

  it('an exporter that nobody has: all that there is is named', async () => {
    const { stderr } = await place.satsim('runs', 'export', runId, '--to', 'nothing');
    expect(stderr).toMatch(/^error: unknown exporter: nothing\n {2}known: csv, czml, geojson, jsonl, openmetrics, parquet, prometheus, rocrate, tracing/);
    expect((await place.satsim('runs', 'export', runId, '--to', 'openmetric')).stderr).toContain('did you mean openmetrics');
  });

  it('without recorded results says how they are recorded', async () => {
    const bare = await place.run(iridium, ...SHORT, '--set', 'exporters={}');
    const { exitCode, stderr } = await place.satsim('runs', 'export', bare.runId, '--to', 'csv', '--out', 'bare');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/has recorded no results[^]*--exporter jsonl/)]);
    // Ticks alone are enough for whoever takes only those.
    await output('runs', 'export', bare.runId, '--to', 'geojson', '--out', 'bare');
  });

  it('a run that was replayed is exported as the one that it replays', async () => {
    const replayed = JSON.parse(await output('replay', runId, '--exporter', 'jsonl', '--format', 'json')) as { runId: string };
    for (const to of ['parquet', 'geojson']) {
      await output('runs', 'export', replayed.runId, '--to', to, '--out', `replayed-${to}`);
      for (const file of filesOf(join(place.dir, `replayed-${to}`))) {
        // The engine's events are not among the recorded ticks.
        if (!file.endsWith('events.parquet'))
          expect(readFileSync(join(place.dir, `replayed-${to}`, file)).equals(readFileSync(join(runDir, file))), file).toBe(true);
      }
    }
  });

  it('a file that is damaged is named, and nothing is left', async () => {
    const file = join(runDir, 'results/flows.jsonl');
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, sound.slice(0, -20));
    const { exitCode, stderr } = await place.satsim('runs', 'export', runId, '--to', 'csv', '--out', 'damaged');
    writeFileSync(file, sound);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/flows\.jsonl:\d+ is not what satsim writes there/)]);
    expect(readdirSync(place.dir).filter((name) => name.startsWith('damaged'))).toEqual([]);
  });

  it('an archive is a run directory that others can list, show and verify, elsewhere and without the files of the scenario', async () => {
    const tle = [
      'ISS',
      '1 25544U 98067A   24294.40138889  .00016717  00000-0  30000-3 0  9990',
      '2 25544  51.6400 208.9163 0006703  69.9862  25.2906 15.49560532 10008',
    ];
    const elements = place.write('iss.tle', `${tle.join('\n')}\n`);
    const text = `name: one\ntime: { t0: "2024-10-20T09:38:00Z", duration: 20s, dt: 1s }\nconstellation: [ { elements: { file: iss.tle } } ]\nground: [ { id: a, lat: 10, lon: 20 } ]\nlinks: { gsl: { min_elevation_deg: 0, capacity_mbps: 10 } }\n`;
    const scenario = place.write('one.satsim.yaml', text);
    const run = await place.run(scenario);
    await output('runs', 'tag', run.runId, '+archived');
    const elsewhere = join(place.dir, 'elsewhere', run.runId);
    await output('runs', 'export', run.runId, '--to', 'rocrate', '--out', elsewhere);
    expect(filesOf(elsewhere).toSorted()).toEqual([...filesOf(run.runDir), 'ro-crate-metadata.json'].toSorted());
    for (const path of [run.runDir, elements, scenario]) rmSync(path, { recursive: true });
    expect(await output('show-run', run.runId, '--artifacts-root', 'elsewhere')).toMatch(/completed after 20 ticks[^]*tags +archived/);
    expect(await output('verify', elsewhere)).toMatch(/verified[^]*20 of 20 recorded are computed the same again/);
  });

  it('from an archive the scenario as it was given is run again and varied, with all files that it includes and names', async () => {
    for (const folder of ['given', 'shared']) mkdirSync(join(place.dir, folder));
    place.write('given/sites.csv', 'a,10,20\nb,-30,40\n');
    place.write('shared/time.yaml', 'include: end.yaml\ntime: { t0: "2026-11-20T00:00:00Z", dt: 1s }\n');
    place.write('shared/end.yaml', 'time: { duration: 5s }\n');
    const walker = '{ walker: { name: W, planes: 2, per_plane: 4, altitude_km: 1200, inclination_deg: 60 } }';
    const text = `include: ../shared/time.yaml\nname: given\nconstellation: [ ${walker} ]\nground: [ { csv: { file: sites.csv, columns: { id: 0, lat: 1, lon: 2 } } } ]\nlinks: { gsl: { min_elevation_deg: 5, capacity_mbps: 10 } }\n`;
    const scenario = place.write('given/main.satsim.yaml', text);
    const run = await place.run(scenario);
    const archive = join(place.dir, 'given-archive');
    await output('runs', 'export', run.runId, '--to', 'rocrate', '--out', archive);
    const { inputs } = JSON.parse(readFileSync(join(archive, 'manifests/run.json'), 'utf8')) as { inputs: { path: string; copy: string }[] };
    expect(inputs.map(({ path }) => path)).toEqual(['given/sites.csv', 'shared/time.yaml', 'shared/end.yaml'].map((path) => join(place.dir, path)));
    for (const { path, copy } of inputs) expect(readFileSync(join(archive, copy), 'utf8')).toBe(readFileSync(path, 'utf8'));
    const metadata = JSON.parse(readFileSync(join(archive, 'ro-crate-metadata.json'), 'utf8')) as { '@graph': Record<string, unknown>[] };
    const objects = metadata['@graph'].find((entity) => entity['@type'] === 'CreateAction')!['object'] as { '@id': string }[];
    expect(objects.map((object) => object['@id']).toSorted()).toEqual([...inputs.map(({ copy }) => copy), 'manifests/scenario.yaml'].toSorted());

    for (const path of [run.runDir, join(place.dir, 'given'), join(place.dir, 'shared')]) rmSync(path, { recursive: true });
    const recorded = join(archive, 'manifests/scenario.yaml');
    expect((await place.run(recorded)).traceSha256).toBe(run.traceSha256);
    expect(await place.run(recorded, '--set', 'time.duration=3s')).toMatchObject({ ticks: 3 });
    const swept = JSON.parse(await output('sweep', recorded, '--name', 'varied', '--grid', 'seed=1,2', '--format', 'json')) as { state: string };
    expect(swept).toMatchObject({ state: 'completed' });
    writeFileSync(join(archive, inputs[2]!.copy), 'time: { duration: 6s }\n');
    const changed = await place.satsim('run', recorded);
    expect([changed.exitCode, changed.stderr]).toEqual([1, expect.stringMatching(/end\.yaml is not what the run read/)]);
  });

  it('an archive has a licence and authors; nothing else takes them', async () => {
    await output('runs', 'export', runId, '--to', 'rocrate', '--out', 'licensed', '--license', 'CC-BY-4.0', '--author', 'Ada Byron 0000-0002-1825-0097');
    const metadata = readFileSync(join(place.dir, 'licensed/ro-crate-metadata.json'), 'utf8');
    for (const text of ['"https://spdx.org/licenses/CC-BY-4.0"', '"https://orcid.org/0000-0002-1825-0097"', '"Ada Byron"']) expect(metadata).toContain(text);
    expect((await place.satsim('runs', 'export', runId, '--to', 'rocrate', '--out', 'unlicensed')).stderr).toMatch(/warning: .*no licence/);
    const wrong = await place.satsim('runs', 'export', runId, '--to', 'csv', '--out', 'licensed-csv', '--license', 'CC-BY-4.0');
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('are of an archive')]);
  });

  it.each(['large', 'large.zip'])('an archive that is interrupted leaves nothing: %s', async (out) => {
    // Takes seconds to read, and no room.
    const file = join(runDir, 'lanes/large.bin');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 32);
    const exporting = place.start('runs', 'export', runId, '--to', 'rocrate', '--out', out, '--format', 'json');
    const left = () => readdirSync(place.dir).filter((name) => name.startsWith(out));
    await until(() => left().some((name) => name.startsWith(`${out}.partial-`)));
    exporting.kill('SIGINT');
    const { exitCode, stdout } = await exporting;
    rmSync(file);
    expect([exitCode, JSON.parse(stdout)]).toEqual([130, { error: expect.objectContaining({ code: 'INTERRUPTED' }) as unknown }]);
    expect(left()).toEqual([]);
  });

  it('a run that was killed is exported as far as it goes', async () => {
    const known = place.runs();
    const run = place.start('run', iridium, ...ENDLESS, '--exporter', 'jsonl', '--set', 'time.dt=50ms');
    const id = () => place.runs().find((one) => !known.includes(one));
    const results = () => join(place.dir, 'artifacts/runs', id() ?? 'none', 'results/flows.jsonl');
    await until(() => existsSync(results()) && statSync(results()).size > 0);
    run.kill('SIGKILL');
    await run;
    const recorded = readFileSync(results(), 'utf8');
    const { stderr, exitCode } = await place.satsim('runs', 'export', id()!, '--to', 'csv', '--out', 'killed');
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/warning: run .* did not end in order \(crashed\)/)]);
    const rows = readFileSync(join(place.dir, 'killed/results/flows.csv'), 'utf8').trim().split('\n');
    expect(rows.length - 1).toBe(recorded.split('\n').length - 1);
    await output('runs', 'export', id()!, '--to', 'parquet', '--out', 'killed-parquet');
  });

  it('a recorded file that has changed since is not taken for what the run read', async () => {
    place.write('sites.csv', 'a,10,20\nb,-30,40\n');
    const walker = '{ walker: { name: W, planes: 2, per_plane: 4, altitude_km: 1200, inclination_deg: 60 } }';
    const text = `name: sites\ntime: { t0: "2026-11-20T00:00:00Z", duration: 5s, dt: 1s }\nconstellation: [ ${walker} ]\nground: [ { csv: { file: sites.csv, columns: { id: 0, lat: 1, lon: 2 } } } ]\nlinks: { gsl: { min_elevation_deg: 5, capacity_mbps: 10 } }\n`;
    const run = await place.run(place.write('sites.satsim.yaml', text));
    const [copy] = readdirSync(join(run.runDir, 'manifests/elements'));
    writeFileSync(join(run.runDir, 'manifests/elements', copy!), 'a,10,20\nb,-30,50\n');
    const { exitCode, stderr } = await place.satsim('runs', 'export', run.runId, '--to', 'geojson', '--out', 'moved');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/sites\.csv is not what the run read: its SHA-256 is/)]);
  });
});
