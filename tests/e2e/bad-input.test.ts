import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { bin, iridium, SHORT, workplace } from './satsim.js';
import type { ErrorObject } from './satsim.js';

const errorIn = (stdout: string): ErrorObject => (JSON.parse(stdout) as { error: ErrorObject }).error;

const WALKER = '- walker: { name: W, planes: 2, per_plane: 3, altitude_km: 780, inclination_deg: 60 }';
function SMALL(constellation: string): string {
  return `name: small
time: { t0: "2026-11-20T00:00:00Z", duration: 3s }
constellation:
  ${constellation}
ground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 10, lon: 10 } ]
traffic: [ { id: f, from: a, to: b } ]
`;
}

describe('bad input', () => {
  const place = workplace();
  afterAll(place.remove);

  it('names every fault of a scenario with file, line and field, and leaves nothing', async () => {
    const file = place.write(
      'faulty.satsim.yaml',
      `name: faulty
seed: -1
time: { t0: "2026-11-20T00:10:00Z", t1: "2026-11-20T00:00:00Z", dt: 1s }
constelation: []
constellation:
  - walker: { name: A, planes: many, per_plane: 2, altitude_km: .nan, inclination_deg: 53 }
ground:
  - { id: a, lat: 95, lon: 0 }
  - { id: a, lat: 10, lon: 0 }
traffic:
  - { id: f, from: a, to: nowhere }
`,
    );
    for (const verb of ['validate', 'run', 'plan']) {
      const { stdout, stderr, exitCode } = await place.satsim(verb, file, '--format', 'json');
      expect(exitCode, verb).toBe(2);
      const { code, faults } = errorIn(stdout);
      expect(code).toBe('SCENARIO_INVALID');
      const lines = new Map(faults!.map((fault) => [fault.path, fault.line]));
      for (const [path, line] of [
        ['seed', 2],
        ['constelation', 4],
        ['constellation[0].walker.planes', 6],
        ['constellation[0].walker.altitude_km', 6],
        ['ground[0].lat', 8],
      ] as const) {
        expect(lines.get(path), path).toBe(line);
      }
      expect(faults!.some(({ line, path }) => line === 3 && path.startsWith('time'))).toBe(true);
      for (const { path, line } of faults!) expect(stderr).toContain(`faulty.satsim.yaml:${line}: ${path}: `);
      expect(stderr).toContain('constellation');
    }
    expect(place.runs()).toEqual([]);
    expect(place.leftovers()).toEqual([]);
  });

  it('asks after the nodes of all sound flows and links, and of nothing that stands for a broken one', async () => {
    const text = SMALL(WALKER).replace('[ { id: f, from: a, to: b } ]', '[ ping, { id: f, from: a, to: nowhere } ]');
    const file = place.write('broken-items.satsim.yaml', `${text}links: { terrestrial: [ 5, { a: a, b: nobody, delay_ms: 1 } ] }\n`);
    const { stdout } = await place.satsim('validate', file, '--format', 'json');
    const paths = errorIn(stdout).faults!.map((fault) => fault.path);
    expect(paths.toSorted()).toEqual(['links.terrestrial[0]', 'links.terrestrial[1].b', 'traffic[0]', 'traffic[1].to']);
  });

  it('validate and plan know what only the engine would refuse', async () => {
    const file = place.write(
      'refused.satsim.yaml',
      `name: refused
time: { t0: "2026-11-20T00:00:00Z", duration: 3s }
constellation:
  ${WALKER}
ground:
  - id: a
    waypoints:
      - { at: 0s, lat: 10, lon: 20 }
      - { at: 9h, lat: -10, lon: 200 }
      - { at: 541m, lat: 0, lon: 0 }
terminals:
  satellite: { frequency_ghz: 1200 }
`,
    );
    for (const verb of ['validate', 'plan']) {
      const { stderr, exitCode } = await place.satsim(verb, file);
      expect(exitCode, verb).toBe(2);
      for (const fault of ['9: ground[0].waypoints[1]: lies opposite', '10: ground[0].waypoints[2]: needs', '12: terminals.satellite.frequency_ghz: gases'])
        expect(stderr).toContain(`refused.satsim.yaml:${fault}`);
    }
  });

  it('a fault of one entry hides none of the others, and nothing is suggested that nobody has written', async () => {
    const file = place.write(
      'entries.satsim.yaml',
      `name: entries
time: { t0: "2026-11-20T00:00:00Z", duration: 3s }
constellation:
  ${WALKER}
  - walker: { name: B, planes: x, per_plane: 3, altitude_km: 780, inclination_deg: 60 }
ground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 10, lon: 10 } ]
weather:
  - { site: a, rain_mm: 3 }
  - { site: W-1-1, rain_mm_per_h: 1 }
  - { site: b, csv: { file: none.csv } }
  - { site: a, rain_mm_per_h: 1 }
  - { site: [3], series: [ { at: 1s } ] }
  - 7
faults:
  - { at: 1s, link: [a] }
  - { at: 1s, node: zzzzzzzzz }
  - 3
  - { at: 20m, node: a }
`,
    );
    const { stdout, exitCode } = await place.satsim('validate', file, '--format', 'json');
    expect(exitCode).toBe(2);
    const { faults } = errorIn(stdout);
    expect(faults!.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '5 constellation[1].walker.planes',
      '8 weather[0].rain_mm',
      '8 weather[0].rain_mm_per_h',
      '11 weather[3].site',
      '12 weather[4].series[0].rain_mm_per_h',
      '12 weather[4].site',
      '13 weather[5]',
      '15 faults[0].link',
      '17 faults[2]',
      '18 faults[3].at',
      '9 weather[1].site',
      '10 weather[2].csv.file',
      '16 faults[1].node',
    ]);
    expect(stdout).toContain('known: a, b, W-1-1');
    expect(stdout).not.toContain('unnamed');
  });

  it.each([
    ['malformed YAML', 'name: x\ntime: { t0: \n', [], /malformed\.satsim\.yaml:\d+/],
    ['an element file that is not there', SMALL('- elements: { file: none.tle }'), [], /none\.tle.*no such file/],
    ['a TLE with a bad checksum, by line', SMALL('- elements: { file: bad.tle }'), [], /bad\.tle:\d+.*checksum/i],
    ['a lane that does not exist, with the nearest', SMALL(WALKER), ['--lane', 'flwo'], /flwo.*\n.*did you mean flow.*known: flow/],
    ['an exporter that does not exist', SMALL(WALKER), ['--exporter', 'jsonk'], /jsonk.*\n.*jsonl/],
    ['an override that fits no field', SMALL(WALKER), ['--set', 'links.gsl.min_elevation=3'], /min_elevation.*min_elevation_deg/s],
    ['a request_dt other than dt', SMALL(WALKER), ['--set', 'geomrf.request_dt=2s'], /request_dt/],
    [
      'packets to be recorded by lanes that have none',
      SMALL(WALKER),
      ['--set', 'execution.record_pcap=true'],
      /execution\.record_pcap: no lane of this run can record packets \(lanes: flow\)/,
    ],
  ])('refuses %s', async (_what, content, args, expected) => {
    place.write(
      'bad.tle',
      '0 SAT\n1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4751\n2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667\n',
    );
    const { stderr, exitCode } = await place.satsim('run', place.write('malformed.satsim.yaml', content), ...args);
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(2);
    expect(place.runs()).toEqual([]);
  });

  it('a broken item costs no other its faults, and no reference that cannot be its own', async () => {
    const file = place.write(
      'items.satsim.yaml',
      `name: bad
time: { t0: "2026-11-20T00:00:00Z", duration: 10m }
constellation:
  - walker: { name: A, per_plane: 4, altitude_km: 550, inclination_deg: 53 }
  - elements: { file: none.tle }
  - walker: { name: B, planes: 2, per_plane: 4, altitude_km: 550, inclination_deg: 53 }
ground:
  - { id: oslo, lat: 59.9, lon: 10.7 }
  - { id: bergen, lat: 60.4 }
  - { id: ship, waypoints: [{ at: 1h, lat: 1, lon: 1 }, { at: 30m, lat: 2, lon: 2 }] }
terminals: { olso: { antennas: 1 }, A-1-1: { antennas: 2 }, oslo: { beams: 3 } }
weather: [{ site: bergne, rain_mm_per_h: 3 }]
faults: [{ at: 1m, node: B-3-1 }, { at: 20m, node: "B-*" }]
traffic:
  - { id: a, to: oslo }
  - { id: b, from: bergen, to: olso }
`,
    );
    const { stderr, exitCode } = await place.satsim('validate', file);
    expect(exitCode).toBe(2);
    const told = stderr.split('\n').flatMap((line) => (line.startsWith('items') || line.startsWith(file) ? [line.slice(line.indexOf('.yaml:') + 6)] : []));
    expect(told.map((line) => line.replace(/\/\S*none/, 'none').replace(/\/\S*artifacts/, 'artifacts'))).toEqual([
      '4: constellation[0].walker.planes: is missing',
      '9: ground[1].lon: is missing',
      '10: ground[2].waypoints[1].at: must be after the one before it (1h), found 30m',
      '13: faults[1].at: must be before the end of the run (600 s), found 20m',
      '15: traffic[0].from: is missing',
      "5: constellation[1].elements.file: none.tle: no such file (relative paths start from the scenario's folder; element sets that were imported are in artifacts/elements)",
      '11: terminals.olso: olso is neither a role nor a node (did you mean oslo?)',
      '11: terminals.oslo.beams: only satellites have beams (a terminal on the ground has antennas)',
      '12: weather[0].site: there is no node bergne (did you mean bergen?)',
      '13: faults[0].node: there is no node B-3-1 (did you mean B-1-1?)',
      '16: traffic[1].to: there is no node olso (did you mean oslo?)',
    ]);
  });

  it('says which scenario file is not there', async () => {
    const { stderr, exitCode } = await place.satsim('run', 'nowhere.satsim.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nowhere.satsim.yaml');
  });

  it.each([
    [['runn'], /unknown command 'runn'\n.*run/],
    [['run', iridium, '--sed', '3'], /unknown option '--sed'\n.*--seed/],
    [['run'], /file/],
    [['links', iridium], /--at/],
    [['links', iridium, '--at', 'noon'], /--at noon.*\n.*ISO 8601/],
    [['run', iridium, '--format', 'xml'], /xml.*text, json/],
    [['engine', 'serve', '--address', 'here'], /here/],
  ])('explains the command line %j', async (args, expected) => {
    const { stderr, stdout, exitCode } = await place.satsim(...args);
    expect(stderr).toMatch(expected);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  it('tells a wrong command line as an object too, when JSON was asked for', async () => {
    const { stdout } = await place.satsim('run', iridium, '--sed', '3', '--format=json');
    expect(errorIn(stdout)).toMatchObject({ code: 'USAGE', exitCode: 2 });
  });

  it('refuses an artifacts root that is a file', async () => {
    place.write('occupied', '');
    const { stdout, exitCode } = await place.satsim('run', iridium, '--set', 'paths.artifacts_root=./occupied/runs', '--format', 'json');
    expect(exitCode).toBe(1);
    expect(errorIn(stdout)).toMatchObject({ code: 'ARTIFACTS' });
    expect(place.leftovers()).toEqual([]);
  });

  it('ends a run whose disk is full as failed, with a true manifest', async (context) => {
    const folder = join(place.dir, 'small');
    mkdirSync(folder);
    // A file system of 600 KiB that only this one shell sees, and which is gone with it. Needs no root, but a kernel that lets users have namespaces.
    const mounted = (script: string) =>
      execa('unshare', ['--map-root-user', '--mount', 'bash', '-c', `mount -t tmpfs -o size=600k tmpfs "${folder}" && { ${script}\n}`], {
        cwd: place.dir,
        env: { ...place.env, NODE: process.execPath, SATSIM: bin, FILE: iridium },
        reject: false,
      });
    if ((await mounted('true')).exitCode !== 0) return context.skip('no small file system can be mounted here');
    const { stdout, stderr } = await mounted(
      `"$NODE" "$SATSIM" run "$FILE" --set paths.artifacts_root=${folder} --format json; echo "exit $?"; cat ${folder}/*/manifests/run.json`,
    );
    const [printed, manifest] = stdout.split(/^exit 1$/m);
    expect(manifest, stdout + stderr).toBeDefined();
    expect(JSON.parse(printed!)).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(/disk is full/) as string } });
    expect(JSON.parse(manifest!)).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/disk is full/) as string });
    expect(place.leftovers()).toEqual([]);
  });

  it('calls an exception that nobody expected a defect, with its stack only where it is asked for', async () => {
    const hook = place.write(
      'break.mjs',
      "import { syncBuiltinESMExports } from 'node:module'; import os from 'node:os'; os.totalmem = () => { throw new TypeError('planted'); }; syncBuiltinESMExports();",
    );
    const broken = (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      execa(process.execPath, ['--import', hook, bin, ...words], { cwd: place.dir, env: { ...place.env, ...env }, reject: false });
    const run = ['run', iridium, ...SHORT];
    const { stderr, exitCode } = await broken(run);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/a defect in satsim: planted/);
    expect(stderr).not.toContain('    at ');
    expect(stderr).toContain('SATSIM_DEBUG=1');
    expect((await broken([...run, '--log-level', 'debug'])).stderr).toContain('    at ');
    expect((await broken(['doctor'], { SATSIM_DEBUG: '1' })).stderr).toContain('    at ');
  });
});
