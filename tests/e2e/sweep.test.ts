import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { mulberry32 } from './marathon.js';
import { bin, type ErrorObject, pause, root, until, workplace } from './satsim.js';
import { BENT_PIPE, killMarathon, lasting, SIX, sweep, type SweepCell, tableOf } from './sweeps.js';

const place = workplace();
afterAll(place.remove);
afterEach(async () => {
  await place.killAll();
});
/** Goes on until somebody stops it. */
const ENDLESS = ['--set', 'time.mode=realtime', '--set', 'time.dt=100ms', '--set', 'time.duration=10m'];
const short = ['--set', 'time.duration=5s'];

describe('a sweep', () => {
  const file = place.write('six.sweep.yaml', SIX);

  it('runs every cell as `satsim run` would, and puts the results into one table', async () => {
    const result = await sweep(place, file, '-j', '2');
    expect(result).toMatchObject({ state: 'completed', exitCode: 0, error: null, counts: { cells: 6, done: 6, ran: 6 } });
    for (const { parameters, traceSha256, flows } of [result.cells[0]!, result.cells[5]!]) {
      const set = Object.entries({ ...parameters, 'time.duration': '5s' }).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
      const alone = await place.run(BENT_PIPE, ...set);
      expect(traceSha256).toBe(alone.traceSha256);
      expect(flows).toEqual(alone.flows);
    }
    expect(lasting(tableOf(place, 'six'))).toEqual(lasting(result.cells));
    const csv = readFileSync(join(result.sweepDir, 'table.csv'), 'utf8').trim().split('\n');
    expect(csv).toHaveLength(7);
    expect(csv[0]).toContain('cell,replicate,links.gsl.min_elevation_deg,seed,status');
    expect(JSON.parse(readFileSync(join(result.sweepDir, 'sweep.json'), 'utf8'))).toMatchObject({ sweep: 1, sweepId: 'six', state: 'completed' });
  });

  it('runs no cell again that is the same, whatever the order in which its file says things', async () => {
    const before = tableOf(place, 'six');
    place.write('six.sweep.yaml', `replicates: 2\n${SIX.replace('replicates: 2\n', '')}`);
    const again = await sweep(place, file);
    expect(again.counts).toMatchObject({ done: 6, ran: 0 });
    expect(again.cells).toEqual(before);
  });

  it('runs what has changed, and --explain says why before', async () => {
    const wider = [file, '--grid', 'links.gsl.min_elevation_deg=5,6,7,8', '--set', 'links.gsl.hysteresis_deg=1'];
    const runs = place.runs().length;
    const rows = JSON.parse(await place.output('sweep', ...wider, '--explain', '--format', 'json')) as { why: string; runs: boolean; parameters: object }[];
    for (const { parameters } of rows) expect(Object.keys(parameters).length).toBeGreaterThan(0);
    expect(rows).toHaveLength(8);
    expect(rows[0]).toMatchObject({ runs: true, why: 'links.gsl.hysteresis_deg: 0 is 1 now' });
    expect(rows[7]).toMatchObject({ runs: true, why: 'never run' });
    expect(place.runs()).toHaveLength(runs);
    const result = await sweep(place, file, '--grid', 'links.gsl.min_elevation_deg=5,6,7,8');
    expect(result.counts).toMatchObject({ cells: 8, done: 8, ran: 2 });
  });

  it('runs cells again whose run is gone, or damaged', async () => {
    const [first, second, third, fourth] = tableOf(place, 'six') as [SweepCell, SweepCell, SweepCell, SweepCell];
    rmSync(first.runDir!, { recursive: true });
    truncateSync(join(second.runDir!, 'summary.json'), 100);
    truncateSync(join(third.runDir!, 'manifests/scenario.normalized.json'), 100);
    // Sound JSON, and not what was measured.
    const summary = join(fourth.runDir!, 'summary.json');
    writeFileSync(summary, readFileSync(summary, 'utf8').replace(/"median": \d/, '"median": 9'));
    appendFileSync(join(place.dir, 'artifacts/sweeps/six/table.csv'), 'x');
    const { stderr } = await place.satsim('sweep', file, '--explain');
    expect(stderr).toMatch(/^warning: .*table\.csv is not what was written/m);
    const result = await sweep(place, file);
    expect(result.counts).toMatchObject({ cells: 6, done: 6, ran: 4 });
    expect(lasting(result.cells)).toEqual(lasting((await sweep(place, file)).cells));
  });

  it('is selected from by --include and --exclude, and can be run all again', async () => {
    const chosen = await sweep(place, file, '--include', 'links.gsl.min_elevation_deg=5,6', '--exclude', 'replicate=2', '--rerun', 'all');
    expect(chosen.counts).toMatchObject({ cells: 6, done: 6, ran: 2 });
    expect(chosen.cells).toHaveLength(2);
    const one = await sweep(place, file, '--include', `cell=${chosen.cells[0]!.cell.slice(0, 8)}`, '--rerun', 'all');
    expect(one.counts.ran).toBe(1);
    const { exitCode, stderr } = await place.satsim('sweep', file, '--include', 'replicat=2');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean `replicate`?');
  });

  it('goes on as it was begun with --resume, whatever its file says now', async () => {
    place.write('six.sweep.yaml', 'scenario: none.yaml\n');
    expect((await sweep(place, 'six', '--explain')).error).toMatchObject({ code: 'USAGE', hint: 'add --resume' });
    expect((await sweep(place, 'six', '--resume')).counts).toMatchObject({ cells: 6, ran: 0 });
    const folder = 'artifacts/sweeps/six';
    expect((await sweep(place, folder)).error).toMatchObject({ code: 'USAGE', message: `${folder} is a sweep that was begun, no file` });
    expect((await sweep(place, folder, '--resume', '--sweeps-root', 'elsewhere')).counts).toMatchObject({ cells: 6, ran: 0 });
    expect((await sweep(place, file, '--resume')).counts).toMatchObject({ cells: 6, ran: 0 });
    place.write('six.sweep.yaml', 'scenario: [no');
    expect((await sweep(place, file, '--resume')).counts).toMatchObject({ cells: 6, ran: 0 });
    rmSync(file);
    expect((await sweep(place, 'six.sweep.yaml', '--resume')).counts).toMatchObject({ cells: 6, ran: 0 });
    place.write('six.sweep.yaml', SIX);
    expect(((await sweep(place, 'seven', '--resume')) as unknown as { error: ErrorObject }).error).toMatchObject({ code: 'USAGE' });
    const json = join(place.dir, 'artifacts/sweeps/six/sweep.json');
    const text = readFileSync(json, 'utf8');
    writeFileSync(json, text.replace('"replicates": 2', '"replicates": 3'));
    expect((await sweep(place, 'six', '--resume')).error).toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('is damaged') });
    writeFileSync(json, text);
  });

  it('tells what it does on stderr, and people a table', async () => {
    const { stdout, stderr } = await place.satsim('sweep', file, '--rerun', 'all', '--include', 'replicate=1', '-j', '1');
    expect(stderr).toMatch(/^\[3\/3\] done [0-9a-f]{12} \(links\.gsl\.min_elevation_deg=7, seed=\d+\), [\d.]+ s$/m);
    expect(stdout).toMatch(/^cell +min_elevation_deg +replicate +status +RTT ms/m);
    expect((await place.output('sweep', file, '--format', 'csv')).split('\n')[1]).toMatch(/^[0-9a-f]{12},1,5,/);
  });
});

describe('what goes wrong', () => {
  it('in the parameters of any cell is told before anything starts, each fault once', async () => {
    const file = place.write(
      'wrong.sweep.yaml',
      `scenario: ${JSON.stringify(BENT_PIPE)}\ngrid:\n  links.gsl.min_elevation_deg: [5, 95]\n  time.dt: [1s, soon]\n  links.gsl.polcy: [x]\n`,
    );
    const { error } = (await sweep(place, file)) as unknown as { error: ErrorObject };
    expect(error).toMatchObject({ code: 'SCENARIO_INVALID', exitCode: 2 });
    expect(error.faults!.map(({ line, path }) => `${line} ${path}`).toSorted()).toEqual(['3 links.gsl.min_elevation_deg', '4 time.dt', '5 links.gsl.polcy']);
    expect(error.faults!.find(({ line }) => line === 3)!.message).toMatch(
      /^must be at most 90, found 95, in cell [0-9a-f]{12} \(.*min_elevation_deg=95.*\) and 1 more$/,
    );
    expect(existsSync(join(place.dir, 'artifacts/sweeps/wrong'))).toBe(false);
  });

  it('in a run is that cell’s: the others go on, and it alone runs again when asked', async () => {
    const file = place.write(
      'some.sweep.yaml',
      `scenario: ${JSON.stringify(BENT_PIPE)}\nset: { time.duration: 5s }\nlist: [{ geomrf.grpc_target: "127.0.0.1:1" }, { links.gsl.min_elevation_deg: 6 }, { links.gsl.min_elevation_deg: 7 }]\n`,
    );
    const first = await sweep(place, file, '-j', '1');
    expect(first).toMatchObject({ state: 'failed', exitCode: 1, error: { code: 'SWEEP_FAILED' }, counts: { cells: 3, done: 2, failed: 1, ran: 3 } });
    expect(first.cells[0]).toMatchObject({ status: 'failed', exitCode: 1, reason: expect.stringContaining('127.0.0.1:1') });
    expect((await sweep(place, file)).counts).toMatchObject({ failed: 1, ran: 0 });
    expect((await sweep(place, file, '--rerun', 'failed')).counts).toMatchObject({ failed: 1, ran: 1 });
    const fast = await sweep(place, file, '--rerun', 'all', '--fail-fast', '-j', '1', '--name', 'fast');
    expect(fast).toMatchObject({ exitCode: 1, counts: { failed: 1, missing: 2, ran: 1 } });
  });

  it('in an assertion is exit code 4, and a result', async () => {
    const assertion = 'assertions=[{ flow: kourou-bridgetown, quantity: availability, op: ">", value: 2 }]';
    const result = await sweep(place, BENT_PIPE, ...short, '--set', assertion, '--grid', 'links.gsl.min_elevation_deg=5,6', '--name', 'asserted');
    expect(result).toMatchObject({ state: 'completed', exitCode: 4, error: { code: 'ASSERTION_FAILED' }, counts: { done: 2 } });
    expect(result.cells.map(({ exitCode }) => exitCode)).toEqual([4, 4]);
    expect(readFileSync(join(result.sweepDir, 'table.csv'), 'utf8')).toContain('availability > 2');
  });

  it('with a process that runs cells costs that cell alone', async () => {
    const running = place.start('sweep', BENT_PIPE, ...ENDLESS, '--grid', 'links.gsl.min_elevation_deg=5,6', '-j', '1', '--name', 'crash', '--format', 'json');
    await until(() => started('crash') === 1);
    process.kill(workerOf(running.pid!), 'SIGKILL');
    await until(() => started('crash') === 2);
    running.kill('SIGINT');
    const result = JSON.parse((await running).stdout) as { cells: SweepCell[] };
    expect(result.cells[0]).toMatchObject({ status: 'failed', reason: expect.stringContaining('SIGKILL') });
  });
});

describe('interrupted', () => {
  it.each([1, 2])('by Ctrl-C (%d times): the runs end in order, and the same command goes on', async (times) => {
    const name = `interrupted-${times}`;
    const args = ['sweep', BENT_PIPE, '--name', name, '--set', 'time.mode=realtime', '--set', 'time.duration=2s', '--set', 'time.dt=100ms', '--format', 'json'];
    const command = [...args, '--grid', 'links.gsl.min_elevation_deg=1,2,3,4', '-j', '2'];
    const running = place.start(...command);
    await until(() => started(name) >= 3);
    running.kill('SIGINT');
    if (times === 2) {
      await pause(200);
      running.kill('SIGINT');
    }
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    const result = JSON.parse(stdout) as { state: string; counts: { done: number; missing: number }; error: { code: string } };
    expect(result).toMatchObject({ state: 'interrupted', error: { code: 'INTERRUPTED', hint: 'The same command again goes on' } });
    expect(result.counts.done).toBeGreaterThan(0);
    expect(result.counts.done + result.counts.missing).toBe(4);
    expect(place.leftovers()).toEqual([]);
    for (const manifest of place.manifests()) expect(['completed', 'interrupted', 'failed', null]).toContain(manifest['outcome']);
    const resumed = JSON.parse((await place.satsim(...command)).stdout) as typeof result;
    expect(resumed).toMatchObject({ state: 'completed', exitCode: 0, counts: { done: 4, ran: 4 - result.counts.done } });
  });

  it('by SIGKILL at any moment: no finished cell is lost, nothing goes on, and the table is that of an unbroken one', async () => {
    const unbroken = lasting((await sweep(place, place.write('whole.sweep.yaml', SIX), '-j', '2')).cells);
    await killMarathon(place, place.write('killed.sweep.yaml', SIX), unbroken, mulberry32(11), 4, 1_500);
    // A line that was being written when the power went.
    appendFileSync(join(place.dir, 'artifacts/sweeps/killed/cells.jsonl'), '{"event":"ended","cell":"');
    expect((await sweep(place, 'killed', '--resume')).counts).toMatchObject({ done: 6, ran: 0 });
  });

  it('a sweep that goes on is nobody else’s', async () => {
    const args = ['sweep', BENT_PIPE, '--name', 'busy', ...ENDLESS, '--grid', 'links.gsl.min_elevation_deg=5'];
    const running = place.start(...args);
    await until(() => started('busy') === 1);
    const { exitCode, stderr } = await place.satsim(...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`goes on in process ${running.pid}`) });
    running.kill('SIGINT');
    await running;
  });
});

it('cells are fewer at the same time when memory does not allow more, and all of them still run', async () => {
  const { stdout, stderr, exitCode } = await place.satsim(
    'sweep',
    BENT_PIPE,
    ...short,
    '--name',
    'memory',
    '--grid',
    'links.gsl.min_elevation_deg=5,6,7',
    '-j',
    '3',
    '--max-memory',
    '20',
    '--format',
    'json',
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  // None of them fits: that is told once, with what it takes.
  const told = stderr.split('\n').filter((line) => line.includes('--max-memory'));
  expect(told).toEqual([expect.stringMatching(/^warning: a cell by itself has needed \d{2,} MiB of the 20 that are allowed: .* allow \d{2,} by --max-memory/)]);
  expect((JSON.parse(stdout) as { warnings: string[] }).warnings.map((text) => `warning: ${text}`)).toEqual(told);
  const events = readFileSync(join(place.dir, 'artifacts/sweeps/memory/cells.jsonl'), 'utf8').trim().split('\n');
  // Never two at once.
  expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['started', 'ended', 'started', 'ended', 'started', 'ended']);
});

it('cells that need the wall clock have the machine to themselves unless it is said otherwise, and plugins are named once', async () => {
  const clocked = ['--plugin', join(root, 'tests/e2e/fixtures/clocked-lane'), '--set', 'lanes=[clocked]', '--set', 'time.mode=realtime', '--set', 'traffic=[]'];
  const args = [BENT_PIPE, '--name', 'clocked', ...clocked, '--set', 'time.duration=1s', '--set', 'time.dt=500ms', '--grid', 'links.gsl.min_elevation_deg=5,6'];
  const { exitCode, stderr } = await place.satsim('sweep', ...args);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('wall clock') as string });
  const journal = readFileSync(join(place.dir, 'artifacts/sweeps/clocked/cells.jsonl'), 'utf8').trim().split('\n');
  expect(journal.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['started', 'ended', 'started', 'ended']);
  const two = await place.satsim('sweep', 'clocked', '--resume', '--rerun', 'all', '-j', '2');
  expect(two).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('warning: cells emulate by the wall clock: 2 at the same time') as string });
});

it('a sweep that is moved with its runs and its scenario is known where it is then', async () => {
  const [here, there] = ['here', 'there'].map((name) => join(place.dir, name)) as [string, string];
  mkdirSync(here);
  for (const name of ['elements-file.satsim.yaml', 'iridium.omm.json', 'sites.csv']) copyFileSync(join(root, 'examples', name), join(here, name));
  const file = 'scenario: elements-file.satsim.yaml\nset: { time.duration: 5s }\ngrid: { links.gsl.min_elevation_deg: [5, 6] }\n';
  writeFileSync(join(here, 'two.sweep.yaml'), file);
  const begin = (cwd: string, ...args: string[]) =>
    execa(process.execPath, [bin, 'sweep', ...args, '--format', 'json'], { cwd, env: place.env, reject: false });
  expect(JSON.parse((await begin(here, 'two.sweep.yaml')).stdout)).toMatchObject({ counts: { done: 2, ran: 2 } });
  renameSync(here, there);
  for (const args of [['two.sweep.yaml'], ['two', '--resume'], ['two.sweep.yaml', '--resume']]) {
    const { stdout, stderr } = await begin(there, ...args);
    const { counts, cells } = JSON.parse(stdout) as { counts: unknown; cells: SweepCell[] };
    expect(counts, stderr).toMatchObject({ done: 2, ran: 0 });
    for (const { runDir } of cells) expect(runDir).toContain(there);
  }
  // Also without having been gone on with where it is.
  renameSync(there, here);
  const verified = await execa(process.execPath, [bin, 'verify', 'two'], { cwd: here, env: place.env, reject: false });
  expect(verified, verified.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('two verified') as string });
});

it('Slurm gets an array script, and what it has run comes into the table', async () => {
  const here = place.write(
    'with space.sweep.yaml',
    SIX.replace('replicates: 2', 'list: [{ name: a }, { name: b }]\nexclude: [{ name: b, links.gsl.min_elevation_deg: [5, 6] }]'),
  );
  const { script, tasks, submit } = JSON.parse(await place.output('sweep', here, '--backend', 'slurm', '-j', '3', '--format', 'json')) as {
    script: string;
    tasks: number;
    submit: readonly string[];
  };
  expect({ tasks, submit }).toEqual({ tasks: 4, submit: [`sbatch ${script}`] });
  expect(readFileSync(script, 'utf8')).toContain('#SBATCH --array=1-4%3\n');
  await execa('bash', ['-n', script]);
  for (const task of [1, 2, 4]) await execa('bash', [script], { env: { ...place.env, SLURM_ARRAY_TASK_ID: String(task) }, cwd: dirname(script) });
  expect((await execa('bash', [script], { env: { SLURM_ARRAY_TASK_ID: '5' }, reject: false })).stderr).toContain('has no cell');
  const nowhere = (await sweep(place, 'with-space', '--resume', '--ingest', 'nowhere')) as unknown as { error: ErrorObject };
  expect(nowhere.error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^--ingest: .*nowhere is no folder$/) as string });
  const partly = await sweep(place, 'with-space', '--resume', '--ingest');
  expect(partly).toMatchObject({ state: 'incomplete', exitCode: 1, counts: { done: 3, missing: 1, ran: 3 } });
  const whole = await sweep(place, here);
  expect(whole).toMatchObject({ state: 'completed', counts: { done: 4, ran: 1 } });
  expect(lasting(whole.cells)).toEqual(lasting((await sweep(place, here, '--name', 'local')).cells));
});

/** Cells of a sweep that have begun. */
function started(name: string): number {
  const journal = join(place.dir, 'artifacts/sweeps', name, 'cells.jsonl');
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('"started"').length - 1 : 0;
}

function workerOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}
