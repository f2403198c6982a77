import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ErrorObject, workplace } from './satsim.js';

const TLE = (raan: number, checksum: number): string =>
  `ISS\n1 25544U 98067A   24294.40138889  .00016717  00000-0  30000-3 0  9990\n2 25544  51.6400 ${raan}.9163 0006703  69.9862  25.2906 15.49560532 1000${checksum}\n`;
const [ONE, OTHER] = [TLE(208, 8), TLE(108, 7)];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('satsim elements import', () => {
  const place = workplace();
  const { output } = place;
  afterAll(place.remove);
  const scenario = (file: string, t0 = '2024-10-20T09:38:00Z'): string =>
    place.write(
      `${file.replace(/\W/g, '-').slice(0, 20)}.satsim.yaml`,
      `name: one\ntime: { t0: "${t0}", duration: 5s, dt: 1s }\nconstellation: [ { elements: { file: "${file}" } } ]\nground: [ { id: a, lat: 10, lon: 20 } ]\nlinks: { gsl: { min_elevation_deg: 0, capacity_mbps: 10 } }\n`,
    );
  const inputsOf = (runDir: string) =>
    (JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as { inputs: { sha256: string; copy: string }[] }).inputs;
  const importing = async (file: string, ...args: string[]) =>
    JSON.parse(await output('elements', 'import', file, ...args, '--format', 'json')) as Record<string, unknown>;

  it('keeps a file by the hash of its content, and a name for it', async () => {
    const file = place.write('iss.tle', ONE);
    expect(await importing(file, '--name', 'iss')).toMatchObject({
      sha256: sha256(ONE),
      name: 'iss',
      satellites: 1,
      format: 'tle',
      importedFrom: file,
      replaced: null,
    });
    // Once more changes nothing.
    const before = readdirSync(join(place.dir, 'artifacts/elements')).toSorted();
    expect(await importing(file, '--name', 'iss')).toMatchObject({ sha256: sha256(ONE), replaced: null });
    expect(readdirSync(join(place.dir, 'artifacts/elements')).toSorted()).toEqual(before);
    expect(JSON.parse(await output('elements', 'list', '--format', 'json'))).toMatchObject([{ sha256: sha256(ONE), names: ['iss'] }]);
    expect(await output('elements', 'list')).toContain(`sha256:${sha256(ONE)}`);
  });

  it('a scenario names it by hash or name, also when the file is gone; the run has a copy', async () => {
    rmSync(join(place.dir, 'iss.tle'));
    const runs = [await place.run(scenario(`sha256:${sha256(ONE)}`)), await place.run(scenario('iss'))];
    for (const { runDir } of runs) {
      const [input, ...more] = inputsOf(runDir);
      expect([input!.sha256, more]).toEqual([sha256(ONE), []]);
      expect(readFileSync(join(runDir, input!.copy), 'utf8')).toBe(ONE);
    }
    expect(runs[0]!.traceSha256).toBe(runs[1]!.traceSha256);
  });

  it('a file beside the scenario comes before an imported name', async () => {
    place.write('iss', OTHER);
    const run = await place.run(scenario('iss'));
    expect(inputsOf(run.runDir)[0]!.sha256).toBe(sha256(OTHER));
    rmSync(join(place.dir, 'iss'));
  });

  it('a name can go to others; what has the hash stays', async () => {
    const run = await place.run(scenario('iss'));
    const moved = await place.satsim('elements', 'import', place.write('other.tle', OTHER), '--name', 'iss');
    expect(moved.stderr).toContain(sha256(ONE));
    expect(inputsOf((await place.run(scenario('iss'))).runDir)[0]!.sha256).toBe(sha256(OTHER));
    expect(inputsOf((await place.run(scenario(`sha256:${sha256(ONE)}`))).runDir)[0]!.sha256).toBe(sha256(ONE));
    // A run that is over is drawn with what it read, not with what the name means now.
    await output('runs', 'export', run.runId, '--to', 'geojson', '--out', 'drawn');
    rmSync(join(place.dir, 'artifacts/elements'), { recursive: true });
    await output('runs', 'export', run.runId, '--to', 'geojson', '--out', 'drawn-again');
    const drawn = (out: string) => readFileSync(join(place.dir, out, 'results/network.geojson'), 'utf8');
    expect(drawn('drawn-again')).toBe(drawn('drawn'));
  });

  it('says what is wrong: not imported, damaged, no element sets, no name', async () => {
    const faultOf = async (file: string) => {
      const { stdout, exitCode } = await place.satsim('plan', scenario(file), '--format', 'json');
      expect(exitCode).toBe(2);
      return (JSON.parse(stdout) as { error: ErrorObject }).error.faults![0]!.message;
    };
    expect(await faultOf(`sha256:${sha256('nothing')}`)).toContain('was not imported');
    expect(await faultOf('nothing')).toContain('no such file');
    await importing(place.write('iss.tle', ONE), '--name', 'iss');
    writeFileSync(join(place.dir, 'artifacts/elements', sha256(ONE)), ONE.replace('51.64', '51.65'));
    expect(await faultOf('iss')).toContain('is damaged');
    const listed = await place.satsim('elements', 'list');
    expect([listed.exitCode, listed.stderr]).toEqual([0, expect.stringContaining(`${sha256(ONE)} is not what was imported`)]);
    await importing(join(place.dir, 'iss.tle'));
    await place.run(scenario('iss'));
    for (const text of ['{', `{"sha256":"${sha256(ONE)}"}`]) {
      writeFileSync(join(place.dir, 'artifacts/elements', `${sha256(ONE)}.json`), text);
      expect((await place.satsim('elements', 'list')).stderr).toContain(`${sha256(ONE)}.json cannot be read`);
    }
    await importing(join(place.dir, 'iss.tle'));
    expect((await place.satsim('elements', 'list')).stderr).toBe('');
    for (const args of [['none.tle'], [place.write('broken.tle', ONE.slice(0, -5))], ['iss.tle', '--name', 'a/b'], ['iss.tle', '--name', '../x']])
      expect((await place.satsim('elements', 'import', ...args)).exitCode, args.join(' ')).toBe(2);
    expect((await place.satsim('elements', 'import', 'none.tle')).stderr).toMatch(
      /none\.tle cannot be read: there is no such file\n {2}name a file of element sets/,
    );
  });

  it('element sets that are far from the start are told', async () => {
    expect((await place.satsim('run', scenario('iss', '2024-11-20T00:00:00Z'), '--format', 'json')).stderr).toMatch(/more than \d+ days away from the start/);
  });
});
