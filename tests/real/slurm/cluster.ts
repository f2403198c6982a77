import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { pause } from '../../e2e/satsim.js';
import { lacks } from '../prerequisites.js';

const PROGRAMS = ['sbatch', 'scancel', 'scontrol', 'sinfo', 'squeue', 'slurmctld', 'slurmd', 'munged', 'setpriv', 'unshare'];
const START_LIMIT_MS = 30_000;

/** Whether something is missing for a cluster, as `describe.skipIf` wants to know. */
export function lacksSlurm(): boolean {
  return lacks({ programs: PROGRAMS, accepts: ['unshare', '--pid', '--fork', '--mount-proc', 'true'] });
}

export interface Cluster {
  /** Runs a shell command as a user of the cluster does, below `cwd`; it has to succeed. */
  shell(command: string): Promise<string>;
  /** The id of the job that the command submits. */
  submit(command: string): Promise<string>;
  /** Resolves when no job is left. */
  drained(): Promise<void>;
  /** `JobState ExitCode` of each task of an array. */
  tasks(job: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/**
 * A cluster of one node with two cores. Its daemons and all they start have process numbers of their own, as on another machine, and
 * are gone with the one process that is ended at the end.
 * @param dir that is made for it
 * @param cwd from where commands are run
 */
export async function startCluster(dir: string, cwd: string): Promise<Cluster> {
  for (const name of ['state', 'spool', 'tmp']) mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, 'munge.key'), randomBytes(128), { mode: 0o600 });
  const conf = join(dir, 'slurm.conf');
  const [controller, node] = await freePorts();
  writeFileSync(conf, configuration(dir, controller!, node!));
  const at = (name: string): string => `'${join(dir, name)}'`;
  const munged = ['socket', 'key', 'pid', 'seed', 'log'].map((what) => `--${what}${what === 'socket' ? '' : '-file'}=${at(`munge.${what}`)}`);
  // A run on a node has a folder for temporary files that no other machine sees.
  const env = { SLURM_CONF: conf, TMPDIR: join(dir, 'tmp') };
  const daemons = execa(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-ec',
      `munged --force ${munged.join(' ')}; slurmctld; exec slurmd -D`,
    ],
    { env, reject: false, all: true },
  );
  const stop = async (): Promise<void> => {
    // Its process 1, which `unshare` waits for: nothing is left, not even a zombie.
    const children = `/proc/${daemons.pid}/task/${daemons.pid}/children`;
    if (existsSync(children)) for (const [pid] of readFileSync(children, 'utf8').matchAll(/\d+/g)) process.kill(Number(pid), 'SIGKILL');
    await daemons;
  };
  const shell = async (command: string): Promise<string> => (await execa('bash', ['-c', command], { cwd, env })).stdout;
  const idle = await within(START_LIMIT_MS, async () => (await execa('sinfo', ['--noheader', '--format=%t'], { env, reject: false })).stdout === 'idle');
  if (!idle) {
    await stop();
    const logs = ['munge.log', 'slurmctld.log', 'slurmd.log'].map((name) => join(dir, name)).filter((path) => existsSync(path));
    throw new Error(['the cluster did not start', (await daemons).all, ...logs.map((path) => readFileSync(path, 'utf8'))].join('\n'));
  }
  return {
    shell,
    stop,
    async submit(command) {
      const [, job] = /^Submitted batch job (\d+)$/.exec(await shell(command))!;
      return job!;
    },
    async drained() {
      if (!(await within(50_000, async () => (await shell('squeue --noheader')) === ''))) throw new Error(`jobs go on:\n${await shell('squeue')}`);
    },
    async tasks(job) {
      const lines = (await shell(`scontrol --oneliner show job ${job}`)).split('\n');
      const field = (line: string, name: string): string => new RegExp(` ${name}=(\\S+)`).exec(line)![1]!;
      return Object.fromEntries(lines.map((line) => [field(line, 'ArrayTaskId'), `${field(line, 'JobState')} ${field(line, 'ExitCode')}`]));
    },
  };
}

function configuration(dir: string, controller: number, node: number): string {
  const host = hostname().split('.')[0]!;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${dir}/munge.socket
StateSaveLocation=${dir}/state
SlurmdSpoolDir=${dir}/spool
SlurmctldPidFile=${dir}/slurmctld.pid
SlurmdPidFile=${dir}/slurmd.pid
SlurmctldLogFile=${dir}/slurmctld.log
SlurmdLogFile=${dir}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=ALL Default=YES
`;
}

async function freePorts(): Promise<readonly number[]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map((server) => new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function within(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await pause(200);
  }
  return true;
}
