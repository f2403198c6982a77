import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { epochFromUnixMs, formatTle, walkerShell } from '@satsim/elements';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedData, skipWithoutSharedData } from '../acceptance/shared-data.js';
import { root, workplace } from './satsim.js';

const GREEDY = ['--plugin', join(root, 'tests/e2e/fixtures/greedy-translator')];
/** Dense enough that every place sees a satellite at any time. */
const SHELL = { name: 'KIT', pattern: 'delta', planes: 12, perPlane: 12, altitudeKm: 1_200, inclinationDeg: 60, phasing: 5 } as const;
const TLE = formatTle(walkerShell(SHELL, epochFromUnixMs(Date.UTC(2026, 10, 20))).map(({ elements }) => elements));

const STARRYNET = {
  Name: 'kit',
  'Altitude (km)': 1_200,
  'Cycle (s)': 6_500,
  Inclination: 60,
  'Phase shift': 5,
  '# of orbit': 12,
  '# of satellites': 12,
  'Duration (s)': 3,
  'update_time (s)': 1,
  'satellite link bandwidth ("X" Gbps)': 5,
  'sat-ground bandwidth ("X" Gbps)': 5,
  'sat-ground loss ("X"% )': 1,
  'antenna number': 1,
  antenna_inclination_angle: 10,
};

describe('satsim translate', () => {
  const place = workplace();
  afterAll(place.remove);
  beforeAll(() => {
    for (const folder of ['data', 'out', 'state']) mkdirSync(join(place.dir, folder));
    place.write('data/kit.tle', TLE);
    place.write('config.json', JSON.stringify(STARRYNET));
    place.write('example.py', 'GS_lat_long = [[50.110924, 8.682127], [46.6357, 14.311817], [1.35, 103.8]]\n');
    place.write('state/tles.txt', `12 12\n${TLE.replaceAll(/^0 KIT-.*$/gm, () => `Kit-1200 ${satellite++}`)}`);
    // Each satellite with the next one in its plane.
    place.write('state/isls.txt', Array.from({ length: 144 }, (_, a) => [a, a - (a % 12) + ((a + 1) % 12)].sort((x, y) => x - y).join(' ')).join('\n'));
    place.write('state/ground_stations.txt', '0,Manila,14.6042,120.9822,0.0,0,0,0\n1,Dalian,38.913811,121.602322,0.0,0,0,0\n');
    place.write('state/description.txt', 'max_gsl_length_m=3000000.0\nmax_isl_length_m=5000000.0\n');
  });
  let satellite = 0;

  it('tells what it made as JSON, with the scenario where no file was asked for', async () => {
    const told = async (...args: string[]) => JSON.parse(await place.output('translate', 'data/kit.tle', '--format', 'json', ...args)) as object;
    expect(await told('--out', 'told.satsim.yaml')).toEqual({
      translator: 'elements',
      file: join(place.dir, 'told.satsim.yaml'),
      attached: [],
      warnings: [],
      scenario: null,
    });
    const yaml = await place.output('translate', 'data/kit.tle');
    expect(readFileSync(join(place.dir, 'told.satsim.yaml'), 'utf8').trim()).toBe(yaml);
    expect(await told()).toMatchObject({ file: null, scenario: { name: 'kit' } });
  });

  it('makes a scenario of an element file, which runs and shows something', async () => {
    const { stdout, stderr, exitCode } = await place.satsim('translate', 'data/kit.tle', '-o', 'kit.satsim.yaml');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toBe('kit.satsim.yaml written; run it with: satsim run kit.satsim.yaml');
    expect(readFileSync(join(place.dir, 'kit.satsim.yaml'), 'utf8')).toMatch(
      /^# Made by satsim .*translator elements .*from data\/kit\.tle\.\n\nname: kit\ntime: \{ t0: 2026-11-20T00:00:00Z/,
    );
    const result = await place.run('kit.satsim.yaml', '--set', 'time.duration=3s');
    expect(result).toMatchObject({ outcome: 'completed', ticks: 3 });
    expect(result.flows).toMatchObject([
      { id: 'singapore-nairobi', availability: 1 },
      { id: 'lagos-quito', availability: 1 },
    ]);
    expect(place.leftovers()).toEqual([]);
  });

  it('names files as seen from the folder of the scenario', async () => {
    expect((await place.satsim('translate', 'data/kit.tle', '-o', 'out/kit.satsim.yaml')).exitCode).toBe(0);
    expect(readFileSync(join(place.dir, 'out/kit.satsim.yaml'), 'utf8')).toContain('file: ../data/kit.tle');
    expect((await place.satsim('validate', 'out/kit.satsim.yaml')).exitCode).toBe(0);
  });

  it('makes a scenario of a network state of Hypatia, with exactly its links', async () => {
    const { stderr, exitCode } = await place.satsim('translate', 'state', '-o', 'state.satsim.yaml');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^warning: a state has no data rates/);
    expect(await place.run('state.satsim.yaml', '--set', 'time.duration=2s')).toMatchObject({
      outcome: 'completed',
      ticks: 2,
      flows: [{ id: 'Manila-Dalian' }],
    });

    const { stdout } = await place.satsim('links', 'state.satsim.yaml', '--at', '2026-11-20T00:00:00Z', '--format', 'json');
    const links = JSON.parse(stdout) as { src: string; dst: string; type: string; range_km: number; capacity_mbps: number }[];
    const ids = (line: string) => line.split(' ').map((index) => `Kit-1200-${index}`);
    const expected = readFileSync(join(place.dir, 'state/isls.txt'), 'utf8')
      .split('\n')
      .map(ids)
      .flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]);
    expect(
      links
        .filter(({ type }) => type === 'isl')
        .map(({ src, dst }) => `${src} ${dst}`)
        .sort(),
    ).toEqual(expected.sort());
    const ranges = links.filter(({ type }) => type === 'gsl').map(({ range_km: km }) => km);
    expect(ranges.length).toBeGreaterThan(2);
    // The mask stands for a range; the orbits are no perfect circles above a sphere.
    expect(Math.max(...ranges)).toBeLessThan(3_000 * 1.01);
  });

  it('makes a scenario of a configuration of StarryNet and the program with its stations, on stdout', async () => {
    const { stdout, stderr, exitCode } = await place.satsim('translate', 'config.json', 'example.py');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^warning: phasing is 5/);
    expect(stdout).toContain('# Note: phasing is 5');
    place.write('starrynet.satsim.yaml', stdout);
    expect(await place.run('starrynet.satsim.yaml')).toMatchObject({ outcome: 'completed', ticks: 3, flows: [{ id: 'gs-1-gs-2' }, { id: 'gs-1-gs-3' }] });
  });

  it('makes a scenario and a trace of each system of NetSatBench, any number in one folder, and they run', async () => {
    const link = { endpoint1: 'sat1', endpoint2: 'grd1', rate: '20mbit', loss: 0 };
    const up = { ...link, endpoint1: 'usr1', endpoint2: 'sat1', delay: '2ms' };
    for (const [name, delay] of [
      ['near', '3ms'],
      ['far', '30ms'],
    ]) {
      mkdirSync(join(place.dir, name!), { recursive: true });
      place.write(`${name}/NetSatBench-epoch0.json`, JSON.stringify({ time: '2024-06-01T12:00:00Z', 'links-add': [{ ...link, delay }, up] }));
      const { stderr, exitCode } = await place.satsim('translate', name!, '-o', `out/${name}.satsim.yaml`);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toMatch(/^out\/netsatbench-[0-9a-f]{8}\.trace\.jsonl written$/m);
    }
    for (const [name, rtt] of [
      ['near', 10],
      ['far', 64],
    ] as const) {
      const result = await place.run(`out/${name}.satsim.yaml`);
      expect(result).toMatchObject({ outcome: 'completed', ticks: 60, flows: [{ id: 'usr1-grd1', availability: 1 }] });
      expect(result.flows[0]!.rttMs.median).toBeCloseTo(rtt, 6);
    }
    // Again, over what is the same.
    expect((await place.satsim('translate', 'near', '-o', 'out/near.satsim.yaml')).exitCode).toBe(0);
  });

  it('writes what comes with a scenario over nothing that is another file', async () => {
    const translate = (text: string) => {
      place.write('attach.txt', text);
      return place.satsim('translate', 'attach.txt', '-o', 'attached.satsim.yaml', '--from', 'greedy', ...GREEDY);
    };
    expect((await translate('attach one')).exitCode).toBe(0);
    expect((await translate('attach one')).exitCode).toBe(0);
    const { exitCode, stderr } = await translate('attach two');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('further.txt is there, and is not what comes with the scenario')]);
    expect(readFileSync(join(place.dir, 'further.txt'), 'utf8')).toBe('attach one');
  });

  it('makes the same of the same', async () => {
    const [one, two] = await Promise.all([place.satsim('translate', 'state'), place.satsim('translate', 'state')]);
    expect(one.stdout).toBe(two.stdout);
  });

  it.each([
    ['a file that is not there', ['none.tle'], /^error: none\.tle: no such file/],
    ['a format that nobody knows', ['example.py'], /^error: no translator recognizes example\.py\n.*--from.*elements, hypatia, netsatbench, starrynet/],
    ['a translator that is not there', ['data/kit.tle', '--from', 'hypatio'], /unknown translator: hypatio\n.*did you mean hypatia/],
    ['a broken file, by line', ['broken.tle'], /^broken\.tle:2: checksum is wrong/],
    ['a broken file, by line, as seen from here', ['data/../broken.tle', '-o', 'out/x.satsim.yaml'], /^broken\.tle:2: checksum is wrong/],
    ['a broken configuration, by key', ['broken.json'], /^broken\.json: Inclination: /],
    ['a state without one of its files', ['config.json', '--from', 'hypatia'], /^tles\.txt: is missing/m],
    ['an output that is the input', ['config.json', '-o', './config.json'], /-o \.\/config\.json would overwrite/],
    [
      'an output that has no folder',
      ['config.json', '-o', 'nowhere/x.satsim.yaml'],
      /cannot write nowhere\/x\.satsim\.yaml: there is no such file or folder \(ENOENT\)\n.*with -o$/m,
    ],
    [
      'a file of which two translators say that it is theirs',
      ['config.json', ...GREEDY],
      /config\.json can be of several formats: greedy, starrynet\n.*--from/,
    ],
    ['a translator that fails', ['throw.txt', ...GREEDY], /translator greedy \(greedy-translator 1\.0\.0\) failed: latitude of undefined/],
    [
      'a translator that makes what is no scenario',
      ['example.py', ...GREEDY],
      /translator greedy .*made a scenario with faults: traffic\[0\]\.to: a flow needs two different ends/,
    ],
    ['nothing to translate', [], /missing required argument/],
  ])('refuses %s', async (_what, args, expected) => {
    place.write('broken.tle', TLE.replace(/.\n2 /, 'X\n2 '));
    place.write('broken.json', JSON.stringify({ ...STARRYNET, Inclination: 190 }));
    place.write('throw.txt', 'throw');
    const { stdout, stderr, exitCode } = await place.satsim('translate', ...args);
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(place.leftovers()).toEqual([]);
  });

  it.skipIf(skipWithoutSharedData).each([
    ['omm-samples/sample_omm.csv', '2020-10-13T04:53:00Z'],
    ['omm-samples/sample_omm.xml', '2020-10-13T04:53:00Z'],
    // A later epoch of the same object.
    ['omm-samples/sample_omm.json', '2025-02-14T14:37:00Z'],
    ['starlink-2024-10-21.tle', '2024-10-21T04:39:00Z'],
  ])('real elements run: %s (skipped without ../shared/data)', async (name, t0) => {
    const { stdout, stderr, exitCode } = await place.satsim('translate', relative(place.dir, sharedData(name)));
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`t0: ${t0}`);
    expect(await place.run(place.write('real.satsim.yaml', stdout), '--set', 'time.duration=2s')).toMatchObject({ outcome: 'completed', ticks: 2 });
  });
});
