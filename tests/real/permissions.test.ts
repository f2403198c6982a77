import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { bin, iridium, SHORT, workplace } from '../e2e/satsim.js';
import { mountReadOnly, unmountAll } from './disk.js';
import { need } from './prerequisites.js';

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] as const;
const SHORT_CELLS = ['--grid', 'seed=1,2', '--set', 'time.duration=5s'];

interface Printed {
  readonly runDir?: string;
  readonly outcome?: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

describe('folders that may not be written', () => {
  const place = workplace();
  // Somebody else has to come in, and needs a temporary folder.
  chmodSync(place.dir, 0o755);
  chmodSync(place.env.TMPDIR, 0o1777);
  afterEach(() => {
    unmountAll();
    expect(place.leftovers()).toEqual([]);
  });
  afterAll(place.remove);

  const asNobody = (context: TestContext, ...args: string[]) => {
    need(context, { programs: ['setpriv'], accepts: [...AS_NOBODY, process.execPath, bin, '--version'] });
    const [command, ...options] = AS_NOBODY;
    return execa(command, [...options, process.execPath, bin, ...args], { cwd: place.dir, env: place.env, reject: false });
  };
  const folder = (name: string, mode: number, owner = 0): string => {
    const dir = join(place.dir, name);
    mkdirSync(dir);
    chownSync(dir, owner, owner);
    chmodSync(dir, mode);
    return dir;
  };
  const refused = (stdout: string, exitCode: number | undefined, reason: RegExp): void => {
    const { error } = JSON.parse(stdout) as Printed;
    expect({ exitCode, error }).toMatchObject({
      exitCode: 1,
      error: { code: 'ARTIFACTS', message: expect.stringMatching(reason) as string, hint: expect.stringContaining('paths.artifacts_root') as string },
    });
  };

  it('a read-only mount as artifacts root', async (context) => {
    const writable = folder('writable', 0o755);
    const root = mountReadOnly(context, place.dir, 'sealed', writable);
    for (const below of ['', '/new/folder']) {
      const { stdout, exitCode } = await place.satsim('run', iridium, ...SHORT, '--set', `paths.artifacts_root=${root}${below}`, '--format', 'json');
      refused(stdout, exitCode, /^cannot make the run directory \S+\/sealed\S*: the file system is read-only \(EROFS\)$/);
    }
    expect(readdirSync(writable)).toEqual([]);
  });

  it('an unprivileged user in a folder of root', async (context) => {
    const root = folder('of-root', 0o755);
    const { stdout, exitCode } = await asNobody(context, 'run', iridium, ...SHORT, '--set', `paths.artifacts_root=${root}/runs`, '--format', 'json');
    refused(stdout, exitCode, /^cannot make the run directory \S+\/of-root\/runs\/\S+: permission denied \(EACCES\)$/);
    expect(readdirSync(root)).toEqual([]);
  });

  it('an unprivileged user in a working directory of root, with the usual artifacts root', async (context) => {
    const { stdout, exitCode } = await asNobody(context, 'run', iridium, ...SHORT, '--format', 'json');
    refused(stdout, exitCode, /permission denied \(EACCES\)$/);
    expect(existsSync(join(place.dir, 'artifacts'))).toBe(false);
  });

  it('an unprivileged user in a folder of their own: all is well, without a privilege', async (context) => {
    const root = folder('own', 0o700, NOBODY);
    const { stdout, stderr, exitCode } = await asNobody(context, 'run', iridium, ...SHORT, '--set', `paths.artifacts_root=${root}`, '--format', 'json');
    expect(exitCode, stderr).toBe(0);
    const { runDir } = JSON.parse(stdout) as Printed;
    expect(statSync(runDir!).uid).toBe(NOBODY);
    const doctor = await asNobody(context, 'doctor', '--format', 'json');
    expect({ exitCode: doctor.exitCode, report: JSON.parse(doctor.stdout) as object }).toMatchObject({ exitCode: 0, report: { user: { root: false } } });
  });

  it('a recorded run that may only be read is verified, and played into another folder', async (context) => {
    const { runId } = await place.run(iridium, ...SHORT, '--artifacts-root', join(place.dir, 'archive'));
    const sealed = join(mountReadOnly(context, place.dir, 'sealed-3', join(place.dir, 'archive')), runId);
    expect(JSON.parse(await place.output('verify', sealed, '--format', 'json'))).toMatchObject({ ok: true });
    const { stdout, exitCode } = await place.satsim('replay', sealed, '--format', 'json');
    const hint = expect.stringMatching(/with --artifacts-root$/) as string;
    expect({ exitCode, ...(JSON.parse(stdout) as Printed) }).toMatchObject({
      exitCode: 1,
      error: { message: expect.stringContaining('/sealed-3/') as string, hint },
    });
    const played = JSON.parse(await place.output('replay', sealed, '--verify', '--artifacts-root', 'played', '--format', 'json')) as Printed;
    expect(dirname(played.runDir!)).toBe(join(place.dir, 'played'));
  });

  it('other verbs name the option that decides where they write', async (context) => {
    const writable = folder('writable-2', 0o755);
    const sealed = mountReadOnly(context, place.dir, 'sealed-2', writable);
    const { runId, runDir } = await place.run(iridium, ...SHORT, '--exporter', 'jsonl');
    const elements = place.write('iridium.omm.json', await place.output('elements', 'export', iridium));
    const cases = [
      ['--out', 'report', runId, '--out', `${sealed}/report.html`],
      ['--out', 'runs', 'export', runId, '--to', 'csv', '--out', `${sealed}/csv`],
      ['--out', 'runs', 'export', runId, '--to', 'rocrate', '--out', `${sealed}/crate`],
      ['--out', 'runs', 'export', runId, '--to', 'rocrate', '--out', `${sealed}/new/crate.zip`],
      ['--sweeps-root', 'sweep', iridium, ...SHORT_CELLS, '--sweeps-root', sealed],
      ['--sweeps-root', 'sweep', iridium, ...SHORT_CELLS, '--backend', 'slurm', '--sweeps-root', sealed],
      ['--artifacts-root', 'elements', 'import', elements, '--artifacts-root', `${sealed}/runs`],
      ['-o', 'translate', elements, '-o', `${sealed}/x.satsim.yaml`],
      ['--dir', 'plugins', 'new', 'lane', 'foo', '--dir', `${sealed}/foo`],
    ] as const;
    for (const [option, ...args] of cases) {
      const { stdout } = await place.satsim(...args, '--format', 'json');
      const { error } = JSON.parse(stdout) as Printed;
      expect
        .soft(error, args.join(' '))
        .toMatchObject({ message: expect.stringContaining('EROFS') as string, hint: expect.stringMatching(new RegExp(`with ${option}$`)) as string });
    }
    expect(readdirSync(writable)).toEqual([]);
    // Where nobody chooses, nothing can be chosen.
    for (const args of [
      ['tag', runId, '+one'],
      ['rm', runId],
    ]) {
      const { stdout } = await asNobody(context, 'runs', ...args, '--format', 'json');
      expect((JSON.parse(stdout) as Printed).error).toMatchObject({ message: expect.stringContaining(`${runDir}`) as string, hint: 'do it as a user who may' });
    }
  });

  it("an unprivileged user among root's runs: what may not be read is listed as that", async (context) => {
    const root = folder('mixed', 0o755);
    expect((await place.satsim('run', iridium, ...SHORT, '--set', `paths.artifacts_root=${root}`)).exitCode).toBe(0);
    const [runId] = readdirSync(root);
    chmodSync(join(root, runId!), 0o700);
    const listed = await asNobody(context, 'list-runs', '--artifacts-root', root, '--format', 'json');
    expect(listed.exitCode, listed.stderr).toBe(0);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ runId, status: 'unreadable', problems: [expect.stringContaining('permission denied')] }]);
    chmodSync(root, 0o700);
    const closed = await asNobody(context, 'list-runs', '--artifacts-root', root, '--format', 'json');
    expect(closed.exitCode).toBe(1);
    expect(JSON.parse(closed.stdout)).toMatchObject({
      error: { code: 'ARTIFACTS', message: expect.stringMatching(/^cannot read \S+\/mixed: permission denied/) as string },
    });
  });
});
