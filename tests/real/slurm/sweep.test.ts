import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, root, until, workplace } from '../../e2e/satsim.js';
import { BENT_PIPE, lasting, sweep, tableOf } from '../../e2e/sweeps.js';
import { type Cluster, lacksSlurm, startCluster } from './cluster.js';

describe.skipIf(lacksSlurm())('a sweep on a cluster of Slurm', () => {
  const place = workplace();
  let cluster: Cluster;
  beforeAll(async () => {
    symlinkSync(join(root, 'examples'), join(place.dir, 'examples'));
    cluster = await startCluster(join(place.dir, 'cluster'), place.dir);
  });
  afterAll(async () => {
    await cluster?.stop();
    await place.killAll();
    const left = [...place.leftovers(), ...readdirSync(join(place.dir, 'cluster/tmp'))];
    place.remove();
    expect(left).toEqual([]);
  });

  it('as docs/sweeps.md says it: the table is that of the same sweep run here', async () => {
    const [, block] = /## Slurm\n\n```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/sweeps.md'), 'utf8'))!;
    const [emit, alone, ingest] = block!.trim().split('\n') as [string, string, string];
    const satsim = (line: string): string => line.replace('npx satsim', `'${process.execPath}' '${bin}'`);
    await cluster.shell(satsim(emit));
    const job = await cluster.submit(/# on a cluster: (sbatch .*)$/.exec(alone)![1]!);
    await cluster.drained();
    expect(await cluster.tasks(job)).toEqual({ 1: 'COMPLETED 0:0', 2: 'COMPLETED 0:0', 3: 'COMPLETED 0:0', 4: 'COMPLETED 0:0' });
    await cluster.shell(satsim(ingest));
    const here = emit.replace(/ --backend.*/, '').replace('on-cluster', 'here -j 2');
    await cluster.shell(satsim(here));
    const cells = tableOf(place, 'on-cluster');
    expect(cells.map(({ status, traceSha256 }) => [status, traceSha256])).toEqual(cells.map(() => ['done', expect.stringMatching(/^[0-9a-f]{64}$/)]));
    expect(lasting(cells)).toEqual(lasting(tableOf(place, 'here')));
  });

  it('with a task that is cancelled, one whose assertion does not hold, and one that fails', async () => {
    const file = place.write(
      'four.sweep.yaml',
      `scenario: ${JSON.stringify(BENT_PIPE)}
set: { time.duration: 8s, assertions: [{ flow: kourou-bridgetown, quantity: availability, op: ">", value: 0.5 }] }
list: [{ links.gsl.min_elevation_deg: 5 }, { time.mode: realtime }, { links.gsl.min_elevation_deg: 80 }, { geomrf.grpc_target: "127.0.0.1:1" }]
`,
    );
    // A place that sbatch could misread.
    const sweeps = ['--sweeps-root', 'sweeps of "100%'];
    const emit = async (...args: string[]) => JSON.parse(await place.output('sweep', ...args, ...sweeps, '--backend', 'slurm', '--format', 'json')) as Emitted;
    const ingest = async () => sweep(place, 'four', '--resume', '--ingest', ...sweeps);

    const { script, tasks } = await emit(file);
    expect(tasks).toBe(4);
    const first = await cluster.submit(`sbatch --array=1-2%2 '${script}'`);
    const second = await cluster.submit(`sbatch --array=1-2 '${script}' 2`);
    const log = join(script, `../slurm-${first}_2.log`);
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('satellites: 1'));
    expect((await ingest()).cells[1]).toMatchObject({ status: 'missing', reason: expect.stringMatching(/ did not end: .* on another machine$/) as string });
    await cluster.shell(`scancel ${first}_2`);
    const local = place.start('sweep', file, '--name', 'here', '-j', '2', '--format', 'json');
    await cluster.drained();
    expect([await cluster.tasks(first), await cluster.tasks(second)]).toEqual([
      { 1: 'COMPLETED 0:0', 2: 'CANCELLED 130:0' },
      { 1: 'FAILED 4:0', 2: 'FAILED 1:0' },
    ]);
    const taken = await ingest();
    expect(taken).toMatchObject({ exitCode: 1, counts: { done: 2, failed: 1, missing: 1 } });
    expect(taken.cells).toMatchObject([
      { status: 'done', exitCode: 0 },
      { status: 'missing', reason: expect.stringMatching(/ was interrupted$/) as string },
      { status: 'done', exitCode: 4, assertions: [{ ok: false }] },
      { status: 'failed', exitCode: 1 },
    ]);

    const again = await emit('four', '--resume');
    expect(again.tasks).toBe(1);
    await cluster.submit(`sbatch '${again.script}'`);
    await cluster.drained();
    const whole = await ingest();
    expect(whole.counts).toMatchObject({ done: 3, failed: 1, missing: 0, ran: 1 });
    expect(lasting(whole.cells)).toEqual(lasting((JSON.parse((await local).stdout) as typeof whole).cells));
  });
});

interface Emitted {
  readonly script: string;
  readonly tasks: number;
}
