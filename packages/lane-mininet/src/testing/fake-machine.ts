import { LaneError, type ProcessOptions, type ProcessResult, type ProcessRunner, type RunningProcess } from '@satsim/core';
import type { Bridges } from '../safety/bridges.js';
import { type FakeDevice, fakeIp, fakeTc, type Said } from './fake-tc.js';

const DONE: ProcessResult = { exitCode: 0, signal: null, stdout: '', stderrTail: '' };

interface AgentRequest {
  readonly id: number;
  readonly op: string;
  readonly nodes?: readonly { readonly name: string; readonly kind: string }[];
  readonly links?: readonly Readonly<Record<'a' | 'b', { readonly node: string; readonly interface: string }>>[];
}

/**
 * Stands for the whole machine that the lane works on: Mininet behind its agent, `tc` and `ip` in each namespace, and any
 * other program, which does nothing until it is ended. Can be told to fail or to hang.
 */
export class FakeMachine implements ProcessRunner {
  readonly devices = new Map<string, FakeDevice>();
  /** Its Open vSwitch. */
  readonly bridges: Bridges = {
    list: () => [...this.#pids].flatMap(([name, pid]) => (pid === null ? [{ name, madeBy: null }] : [])),
    remove: (name) => void this.#pids.delete(name),
  };
  readonly #pids = new Map<string, number | null>();
  #fails = false;
  #failsToTell = false;
  #hangs = false;
  /** No process of a real machine has a greater number: PID_MAX_LIMIT. */
  #lastPid = 2 ** 22;

  /** The next request to the agent, or the next thing that `tc` or `ip` change, fails; or tell, of what nobody has asked yet. */
  failNext(): void {
    this.#fails = true;
    setImmediate(() => setImmediate(() => (this.#failsToTell = this.#fails)));
  }

  /** From now on `tc` and `ip` say nothing more. */
  hang(): void {
    this.#hangs = true;
  }

  /** What is still there. */
  remains(): readonly string[] {
    return [...[...this.#pids.keys()].map((name) => `node ${name}`), ...[...this.devices.keys()].map((name) => `interface ${name}`)];
  }

  async run(): Promise<ProcessResult> {
    return DONE;
  }

  start(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
    const inside = /^--net=\/proc\/(\d+)\/ns\/net$/.exec(args[0] ?? '');
    const [program, pid] = inside ? [args[1]!, Number(inside[1])] : [command, null];
    if (program === 'tc' || program === 'ip') return this.#talk(options, (line) => this.#obey(program, pid, line), 'Command failed');
    if (args.includes('satsim_mininet'))
      return this.#talk(
        options,
        (line) => ({ stdout: this.#build(JSON.parse(line) as AgentRequest) }),
        '',
        () => this.#tearDown(),
      );
    return this.#talk(options, () => ({}), '');
  }

  #obey(program: 'tc' | 'ip', pid: number | null, line: string): Said | null {
    if (this.#hangs) return null;
    if ((!line.includes(' show') || (this.#failsToTell && line === 'qdisc show')) && this.#failsNow()) return { error: 'Error: the kernel is out of sorts.' };
    return (program === 'tc' ? fakeTc : fakeIp)(line, pid, this.devices);
  }

  #build({ id, op, nodes = [], links = [] }: AgentRequest): string {
    if (this.#failsNow()) return JSON.stringify({ id, ok: false, error: 'RuntimeError: Mininet is out of sorts' });
    if (op === 'hello') return JSON.stringify({ id, ok: true, result: { mininet: '2.3.0', python: '3' } });
    for (const { name, kind } of nodes) this.#pids.set(name, kind === 'switch' ? null : (this.#lastPid += 1));
    for (const { a, b } of links) {
      for (const [own, peer] of [
        [a, b],
        [b, a],
      ] as const) {
        const pid = this.#pids.get(own.node)!;
        this.devices.set(own.interface, { pid, peer: peer.interface, up: false, qdiscs: new Map(), classRate: null });
      }
    }
    const pids = Object.fromEntries(nodes.map(({ name }) => [name, this.#pids.get(name) ?? 1]));
    return JSON.stringify({ id, ok: true, result: { pids } });
  }

  #tearDown(): void {
    this.#pids.clear();
    this.devices.clear();
  }

  #failsNow(): boolean {
    const fails = this.#fails;
    this.#fails = false;
    this.#failsToTell = false;
    return fails;
  }

  /** A process that answers lines by lines until its input closes. */
  #talk(options: ProcessOptions, answer: (line: string) => Said | null, failed: string, atEnd?: () => void): RunningProcess {
    const { promise: done, resolve } = Promise.withResolvers<ProcessResult>();
    let ended = false;
    let number = 0;
    const end = async (): Promise<ProcessResult> => {
      if (!ended) atEnd?.();
      ended = true;
      resolve(DONE);
      return done;
    };
    return {
      pid: (this.#lastPid += 1),
      done,
      async write(text) {
        if (ended) throw new LaneError('', 'it takes no more input');
        setImmediate(() => {
          for (const line of text.split('\n').slice(0, -1)) {
            number += 1;
            const said = answer(line);
            if (said?.error !== undefined) for (const each of [said.error, `${failed} -:${number}`]) options.onLine?.(each, 'stderr');
            if (said?.stdout !== undefined) options.onLine?.(said.stdout, 'stdout');
          }
        });
      },
      closeInput: () => void end(),
      stop: end,
    };
  }
}
