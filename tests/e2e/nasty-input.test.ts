import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { addService, GeomRfEngine, RpcError, RpcStatus, Server, ServerCredentials } from '@satsim/geomrf-proto';
import type { GeomRfMethods, ServiceImplementation } from '@satsim/geomrf-proto';
import { execa } from 'execa';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { bin, iridium, SHORT, workplace } from './satsim.js';

const SMALL = `name: small
time: { t0: "2026-11-20T00:00:00Z", duration: 3s }
constellation:
  - walker: { name: W, planes: 2, per_plane: 3, altitude_km: 780, inclination_deg: 60 }
ground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 10, lon: 10 } ]
traffic: [ { id: f, from: a, to: b } ]
`;
const edit = (from: string | RegExp, to: string): string => {
  const edited = SMALL.replace(from, to);
  if (edited === SMALL) throw new Error(`nothing to replace: ${from}`);
  return edited;
};

describe('what a nasty user gives', () => {
  const place = workplace();
  afterAll(place.remove);
  afterEach(() => expect(place.leftovers()).toEqual([]));

  it.each([
    ['an empty file', '', /^x\.yaml:1: a scenario is a map of keys/],
    ['a list', '[]', /^x\.yaml:1: a scenario is a map of keys/],
    ['bytes that are no text', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00, 0x81]), /^x\.yaml: the file is not UTF-8 text/],
    ['a number beyond all numbers', edit('planes: 2', 'planes: 1e308'), /^x\.yaml:4: constellation\[0\]\.walker\.planes: must be at most/],
    ['more satellites than memory', edit('planes: 2, per_plane: 3', 'planes: 1000, per_plane: 1000'), /^x\.yaml:4: .*at most 100000 satellites/],
    ['an orbit below the ground', edit('altitude_km: 780', 'altitude_km: -7000'), /^x\.yaml:4: .*altitude_km: must be at least 100/],
    ['wrong indentation', edit('\nground', '\n ground'), /^x\.yaml:5: this is not valid YAML/],
    ['a tab', 'name: x\n\ttime: 3\n', /^x\.yaml:2: this is not valid YAML: Tabs/],
    ['an id that is not ASCII', edit(/\ba\b(?=, lat)/, 'São'), /^x\.yaml:5: ground\[0\]\.id: an id starts with a letter or digit .*"São"/],
    ['a name that climbs out of the folder', edit('small', '../../etc'), /^x\.yaml:1: name: an id starts with/],
    ['a name that no file system takes', edit('small', 'x'.repeat(300)), /^x\.yaml:1: name: must have at most 100 characters/],
    ['a flow given twice', edit('to: b } ]', 'to: b }, { id: f, from: b, to: a } ]'), /^x\.yaml:6: traffic\[1\]\.id: `f` is already used/],
    ['a flow to itself', edit('to: b', 'to: a'), /^x\.yaml:6: traffic\[0\]\.to: a flow needs two different ends/],
    ['a flow to nowhere', edit('to: b', 'to: nowhere'), /^x\.yaml:6: traffic\[0\]\.to: there is no node nowhere/],
    ['dt of zero', edit('duration: 3s', 'duration: 3s, dt: 0s'), /^x\.yaml:2: time\.dt: must be more than 0/],
    ['dt of half a millisecond', edit('duration: 3s', 'duration: 3s, dt: 0.5ms'), /^x\.yaml:2: time\.dt: must be a whole number of milliseconds/],
    ['a negative duration', edit('duration: 3s', 'duration: -3s'), /^x\.yaml:2: time\.duration: a duration is a number and a unit/],
    ['a day that is not in the calendar', edit('11-20', '02-30'), /^x\.yaml:2: time\.t0: there is no such date/],
    ['not a number', edit('altitude_km: 780', 'altitude_km: .nan'), /^x\.yaml:4: .*altitude_km: a number must be finite/],
  ])('as scenario: %s', async (_what, content, expected) => {
    writeFileSync(join(place.dir, 'x.yaml'), content);
    const { stderr, stdout, exitCode } = await place.satsim('run', 'x.yaml');
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/\nerror: the scenario has (a fault|\d+ faults)$/);
    expect({ stdout, exitCode, runs: place.runs() }).toEqual({ stdout: '', exitCode: 2, runs: [] });
  });

  it.each([
    [['run', '.'], /cannot be read: it is a folder/],
    [['run', 'ok.yaml', '--set', 'garbage'], /`garbage` does not name a field \(write it as key\.path\[0\]=value\)/],
    [['run', 'ok.yaml', '--set', 'ground[9].lat=1'], /`ground` has no item 9/],
    [['run', 'ok.yaml', '--set', '__proto__.x=1'], /unknown key `__proto__`/],
    [['run', 'ok.yaml', '--seed', '-1'], /seed: must be at least 0/],
    [['run', 'ok.yaml', '--t1', '2026-11-20T00:00:00Z'], /t1 must be after t0/],
    [['run', 'ok.yaml', '--lane', 'flo'], /unknown lane: flo\n.*did you mean flow.*known: flow/],
    [['run', 'ok.yaml', '--mode', 'emulation'], /unknown lane: emulation\n.*known: flow/],
    [['run', 'ok.yaml', '--exporter', 'csw'], /unknown exporter: csw\n.*did you mean csv/],
    [['run', 'ok.yaml', '--plugin', './nowhere'], /plugin \.\/nowhere: there is no file or folder/],
    [['run', 'ok.yaml', 'ok.yaml'], /too many arguments/],
    [['links', 'ok.yaml', '--at', '2026-02-30T00:00:00Z'], /--at 2026-02-30T00:00:00Z is no time/],
  ])('as command line: %j', async (args, expected) => {
    place.write('ok.yaml', SMALL);
    const { stderr, stdout, exitCode } = await place.satsim(...args);
    expect(stderr).toMatch(expected);
    expect({ stdout, exitCode, runs: place.runs() }).toEqual({ stdout: '', exitCode: 2, runs: [] });
  });

  it('a moment outside the scenario is answered, with a warning', async () => {
    const { stderr, exitCode } = await place.satsim('links', place.write('ok.yaml', SMALL), '--at', '2027-01-01T00:00:00Z', '--format', 'json');
    expect(stderr).toMatch(/^warning: --at 2027-01-01T00:00:00Z is outside the scenario's time/);
    expect(exitCode).toBe(0);
  });

  it('a satellite that has decayed is named, its links are down, the others go on', async () => {
    // 48118 of the Starlink catalogue of 21 October 2024, on its way into the atmosphere; from the day after it has no orbit.
    place.write(
      'decayed.tle',
      'STARLINK-2458\n1 48118C 21027AC  24293.31229167  .12126000  00000+0  11453-1 0  2938\n2 48118  53.0411 246.1051 0004153 173.5148 301.6083 16.01916505    15\n',
    );
    const scenario = place.write(
      'decayed.yaml',
      edit('constellation:', 'constellation:\n  - elements: { file: decayed.tle }').replace('2026-11-20', '2024-10-25'),
    );
    const { stderr, stdout, exitCode } = await place.satsim('run', scenario, '--format', 'json');
    expect(stderr).toMatch(/1 satellite has decayed before the start, its links stay down: STARLINK-2458/);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', ticks: 3 });
    const links = JSON.parse((await place.satsim('links', scenario, '--at', '2024-10-25T00:00:00Z', '--format', 'json')).stdout) as {
      src: string;
      up: boolean;
    }[];
    expect(links.filter(({ src, up }) => src === 'STARLINK-2458' && up)).toEqual([]);
  });
});

describe('what a nasty machine gives', () => {
  const place = workplace();
  afterAll(place.remove);
  afterEach(() => expect(place.leftovers()).toEqual([]));
  const small = place.write('ok.yaml', SMALL);
  const hashOf = (stdout: string): string => (JSON.parse(stdout) as { traceSha256: string }).traceSha256;

  it('two runs of one name at once get a directory each, and the same trace', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => place.satsim('run', small, '--format', 'json')));
    expect([one!.exitCode, other!.exitCode]).toEqual([0, 0]);
    expect(hashOf(one!.stdout)).toBe(hashOf(other!.stdout));
    expect(place.runs()).toHaveLength(2);
  });

  it('time zone, language, terminal and home make no difference to the trace', async () => {
    const here = hashOf((await place.satsim('run', small, '--format', 'json')).stdout);
    const bare = { PATH: process.env['PATH'] ?? '', ...place.env };
    for (const env of [bare, { ...bare, TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8', TERM: 'dumb' }]) {
      const { stdout, exitCode } = await execa(process.execPath, [bin, 'run', small, '--format', 'json'], {
        cwd: place.dir,
        env,
        extendEnv: false,
        reject: false,
      });
      expect(exitCode).toBe(0);
      expect(hashOf(stdout)).toBe(here);
    }
  });

  it('an output file on a full disk is an error, with the results kept', async (context) => {
    const before = place.runs().length;
    const shell = (command: string) =>
      execa('sh', ['-c', command], { cwd: place.dir, env: { ...place.env, NODE: process.execPath, SATSIM: bin }, reject: false });
    if ((await shell('test -c /dev/full')).exitCode !== 0) return context.skip('there is no /dev/full here');
    const { exitCode, stderr } = await shell('"$NODE" "$SATSIM" run ok.yaml --format json > /dev/full');
    expect(stderr).toMatch(/error: cannot write to stdout: ENOSPC.*\n +\S/);
    expect(exitCode).toBe(1);
    expect(place.runs()).toHaveLength(before + 1);
  });

  it('a reader that is gone early keeps the exit code', async () => {
    const { stdout } = await execa(
      'sh',
      [
        '-c',
        `{ "$NODE" "$SATSIM" run ok.yaml --set 'assertions=[{flow: f, quantity: rtt_ms.p99, op: "<", value: 1}]'; echo "exit $?" >&3; } 3>&2 2>/dev/null | true`,
      ],
      { cwd: place.dir, env: { ...place.env, NODE: process.execPath, SATSIM: bin }, reject: false, all: true },
    ).then(({ all }) => ({ stdout: all }));
    expect(stdout).toContain('exit 4');
  });

  it('a working directory that is gone is told as such', async () => {
    const { stderr, exitCode } = await execa('sh', ['-c', 'mkdir gone; cd gone; rmdir ../gone; exec "$NODE" "$SATSIM" run ../ok.yaml'], {
      cwd: place.dir,
      env: { ...place.env, NODE: process.execPath, SATSIM: bin },
      reject: false,
    });
    expect(stderr).toMatch(/the working directory is no longer there/);
    expect(exitCode).toBe(2);
  });

  it.each(['ok.yaml', '/dev/null'])('an artifacts root that is a file (%s) is an error that says so', async (root) => {
    const { stderr, exitCode } = await place.satsim('run', small, '--set', `paths.artifacts_root=${root}`);
    expect(stderr).toMatch(/cannot make the run directory .*: something that is not a folder has this name \(EEXIST\)\n.*paths\.artifacts_root/);
    expect(exitCode).toBe(1);
  });

  it('where --artifacts-root chose the place, that is what is named', async () => {
    const { stderr, exitCode } = await place.satsim('run', small, '--artifacts-root', 'ok.yaml');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: .*\n.* with --artifacts-root$/) as string });
  });

  it('a server that is no engine, or one of another time, is told by its address', async () => {
    const web = createServer((_request, response) => response.end('hello'));
    await once(web.listen(0, '127.0.0.1'), 'listening');
    const target = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    const wrong = await place.satsim('run', small, '--set', `geomrf.grpc_target=${target}`, '--format', 'json');
    web.close();
    expect({ exitCode: wrong.exitCode, printed: JSON.parse(wrong.stdout) as object }).toMatchObject({
      exitCode: 1,
      printed: { outcome: 'failed', error: { code: 'GEOMRF_UNAVAILABLE', message: expect.stringContaining(target) as string } },
    });

    const old = new Server();
    const unimplemented = (): never => {
      throw new RpcError(RpcStatus.UNIMPLEMENTED, 'not in this version');
    };
    const service = new Proxy({} as ServiceImplementation<GeomRfMethods>, {
      get: (_, method) => (method === 'getVersion' ? async () => ({ engineVersion: '9.9.9', schemaVersion: '7.0', gitSha: '' }) : unimplemented),
    });
    addService(old, GeomRfEngine, service);
    const port = await new Promise<number>((resolve, reject) =>
      old.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    const other = await place.satsim('run', small, '--set', `geomrf.grpc_target=127.0.0.1:${port}`, '--format', 'json');
    old.forceShutdown();
    expect({ exitCode: other.exitCode, printed: JSON.parse(other.stdout) as object }).toMatchObject({
      exitCode: 1,
      printed: {
        error: {
          code: 'GEOMRF_FAILED_PRECONDITION',
          message: expect.stringMatching(/9\.9\.9.*7\.0/) as string,
          hint: expect.stringContaining('1.x') as string,
        },
      },
    });
    for (const manifest of place.manifests().slice(-2)) expect(manifest).toMatchObject({ outcome: 'failed' });
  });

  it('an artifacts root that cannot be written for being read-only', async (context) => {
    const folder = join(place.dir, 'sealed');
    mkdirSync(folder);
    const sealed = (script: string) =>
      execa(
        'unshare',
        ['--map-root-user', '--mount', 'sh', '-c', `mount --bind "${folder}" "${folder}" && mount -o remount,bind,ro "${folder}" && { ${script}\n}`],
        {
          cwd: place.dir,
          env: { ...place.env, NODE: process.execPath, SATSIM: bin },
          reject: false,
        },
      );
    if ((await sealed('true')).exitCode !== 0) return context.skip('nothing can be mounted here');
    const { stderr, exitCode } = await sealed('"$NODE" "$SATSIM" run ok.yaml --set paths.artifacts_root=sealed/runs');
    expect(stderr).toMatch(/cannot make the run directory .*sealed\/runs.*the file system is read-only \(EROFS\)\n.*paths\.artifacts_root/);
    expect(exitCode).toBe(1);
  });
});

describe('artifacts roots with all sorts of things in them', () => {
  const place = workplace();
  afterAll(place.remove);

  it('list-runs and show-run tell what is wrong and show the rest', async () => {
    expect((await place.satsim('run', iridium, ...SHORT)).exitCode).toBe(0);
    const root = join(place.dir, 'artifacts/runs');
    const [good] = place.runs();
    const make = (id: string, files: Readonly<Record<string, string>>): void => {
      mkdirSync(join(root, id, 'manifests'), { recursive: true });
      for (const [file, content] of Object.entries(files)) writeFileSync(join(root, id, file), content);
    };
    mkdirSync(join(root, 'notes'));
    writeFileSync(join(root, 'README'), 'mine');
    mkdirSync(join(root, '20250101T000000Z-half-0000'));
    make('20250101T000000Z-cut-0001', { 'manifests/run.json': '{"manifest": 1,' });
    make('20250101T000000Z-types-0002', { 'manifests/run.json': '{"manifest": 1, "runId": 3, "outcome": "well", "tags": "x"}', 'summary.json': '{}' });
    make('20250101T000000Z-folder-0003', {});
    mkdirSync(join(root, '20250101T000000Z-folder-0003/manifests/run.json'));
    symlinkSync('nowhere', join(root, '20250101T000000Z-dangling-0004'));

    const { stdout, exitCode } = await place.satsim('list-runs', '--format', 'json');
    expect(exitCode).toBe(0);
    const listed = JSON.parse(stdout) as { runId: string; status: string; problems: string[] }[];
    expect(listed.map(({ runId, status }) => [runId, status])).toEqual([
      [good, 'completed'],
      ['20250101T000000Z-types-0002', 'unreadable'],
      ['20250101T000000Z-half-0000', 'unreadable'],
      ['20250101T000000Z-folder-0003', 'unreadable'],
      ['20250101T000000Z-cut-0001', 'unreadable'],
    ]);
    for (const { status, problems } of listed) expect(problems.length > 0).toBe(status === 'unreadable');
    const table = await place.satsim('list-runs');
    expect(table.stdout).toMatch(/types-0002 +unreadable .*run\.json is not what satsim writes there/);
    for (const { runId } of listed) {
      const shown = await place.satsim('show-run', runId);
      expect(shown, runId).toMatchObject({ exitCode: 0, stderr: '' });
      if (runId !== good) expect(shown.stdout).toMatch(/^\S+ unreadable\n[^]*wrong  /);
    }

    // A summary that says more than the manifest is not believed.
    make(good!, { 'manifests/run.json': '{' });
    expect((await place.satsim('show-run', good!)).stdout).toMatch(/^\S+ unreadable\n/);
    rmSync(join(root, good!, 'manifests'), { recursive: true });
    expect((await place.satsim('show-run', good!)).stdout).not.toContain('completed');
  });
});
