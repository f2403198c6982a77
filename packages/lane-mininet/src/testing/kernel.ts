import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LaneError, type ProcessOptions, type ProcessResult, type ProcessRunner, type RunningProcess } from '@satsim/core';
import { NOTHING, parseClassRate, parseQdiscs, type QdiscOutput } from '../shaping/parse-qdisc.js';
import type { SeenInterface } from './witness.js';

const run = promisify(execFile);

/** What the kernel itself says of an interface, asked by programs that are not the lane's. */
export async function seeInterface(device: string, pid: number): Promise<SeenInterface> {
  const ask = async (...command: string[]): Promise<string> => (await run('nsenter', [`--net=/proc/${pid}/ns/net`, ...command])).stdout;
  const qdiscs = JSON.parse(await ask('tc', '-j', 'qdisc', 'show', 'dev', device)) as QdiscOutput;
  const seen = parseQdiscs(qdiscs.map((qdisc) => ({ ...qdisc, dev: device }))).get(device) ?? NOTHING;
  const classRate = seen.rateBps === null ? parseClassRate((await ask('tc', 'class', 'show', 'dev', device)).split('\n')) : null;
  const [link] = JSON.parse(await ask('ip', '-j', 'link', 'show', 'dev', device)) as { readonly flags: readonly string[] }[];
  return { ...seen, rateBps: seen.rateBps ?? classRate, carrier: link!.flags.includes('LOWER_UP') };
}

/** What a run of the prefix has left on the machine. */
export function remainsOf(prefix: string, ledgers: string): readonly string[] {
  const interfaces = readdirSync('/sys/class/net').filter((name) => name.startsWith(prefix));
  const shells = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/cmdline`).includes(`mininet:${prefix}`));
  return [...interfaces, ...shells.map((pid) => `shell ${pid}`), ...ledgersOf(prefix, ledgers)];
}

export const ledgersOf = (prefix: string, ledgers: string): readonly string[] => [join(ledgers, `${prefix}.jsonl`)].filter((path) => existsSync(path));

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Real processes; the standing `tc` and `ip` among them can be killed, or stopped for good. */
export class FragileProcesses implements ProcessRunner {
  readonly #processes: ProcessRunner;
  readonly #standing = new Set<RunningProcess>();
  #refuses = false;

  constructor(processes: ProcessRunner) {
    this.#processes = processes;
  }

  run(command: string, args: readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
    return this.#processes.run(command, args, options);
  }

  start(command: string, args: readonly string[], options?: ProcessOptions): RunningProcess {
    if (!args.includes('-batch')) return this.#processes.start(command, args, options);
    if (this.#refuses) throw new LaneError('', `${command} is out of sorts`);
    const process = this.#processes.start(command, args, options);
    this.#standing.add(process);
    void process.done.then(() => this.#standing.delete(process));
    return process;
  }

  /** Those that stand are killed; where none does yet, none can be started. */
  failNext(): void {
    if (this.#standing.size === 0) this.#refuses = true;
    this.#signal('SIGKILL');
  }

  hangNext(): void {
    this.#signal('SIGSTOP');
  }

  #signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.#standing) process.kill(-pid, signal);
  }
}
