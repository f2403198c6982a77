import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../e2e/satsim.js';

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

/** A root namespace and an Open vSwitch of their own, so that neither the machine's nor anybody else's is touched. */
export async function startOpenVswitch(folder: string) {
  const dir = join(folder, 'ovs');
  mkdirSync(dir);
  const env = { OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir };
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  const inside = (...command: readonly string[]): readonly [string, ...string[]] => ['nsenter', `--net=/proc/${holder.pid}/ns/net`, ...command];
  await until(() => readlinkSync(`/proc/${holder.pid}/ns/net`) !== readlinkSync('/proc/self/ns/net'));
  const run = (...command: readonly string[]): string => {
    const [program, ...args] = inside(...command);
    return execFileSync(program, args, { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  };
  run('ip', 'link', 'set', 'dev', 'lo', 'up');
  run('ovsdb-tool', 'create', join(dir, 'conf.db'), SCHEMA);
  run('ovsdb-server', join(dir, 'conf.db'), `--remote=punix:${dir}/db.sock`, '--pidfile', '--detach', '--log-file', '--no-chdir');
  run('ovs-vsctl', '--no-wait', 'init');
  run('ovs-vswitchd', `unix:${dir}/db.sock`, '--pidfile', '--detach', '--log-file', '--no-chdir');
  await until(() => existsSync(join(dir, 'ovs-vswitchd.pid')));
  return {
    env,
    run,
    inside,
    /** A program that stays. */
    start(...command: readonly string[]): ChildProcess {
      const [program, ...args] = inside(...command);
      return spawn(program, args, { stdio: 'ignore' });
    },
    stop(): void {
      for (const daemon of ['ovs-vswitchd', 'ovsdb-server']) process.kill(Number(readFileSync(join(dir, `${daemon}.pid`), 'utf8')));
      holder.kill();
    },
  };
}
