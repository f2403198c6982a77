import { setTimeout as sleep } from 'node:timers/promises';
import { type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import { ProgramLog } from '../program-log.js';
import { markOf } from '../safety/process-identity.js';
import { listens } from './openflow-address.js';

/** Where switches look for a controller that satsim has started, unless `addr` says another place. */
const DEFAULT_ADDR = 'tcp:127.0.0.1:6653';
const LISTEN_LIMIT_MS = 60_000;

/**
 * An OpenFlow controller that satsim starts, watches and stops. What it prints is in `controller.log`, what it is in
 * `controller.json`.
 */
export class LaunchedController {
  readonly addr: string;
  readonly #program: string;
  readonly #process: RunningProcess;
  readonly #log: ProgramLog;
  readonly #over: Promise<void>;
  #stopping = false;
  #ended: LaneError | null = null;

  private constructor(addr: string, program: string, process: RunningProcess, log: ProgramLog) {
    this.addr = addr;
    this.#program = program;
    this.#process = process;
    this.#log = log;
    this.#over = process.done.then(async ({ exitCode, signal, stderrTail }) => {
      await log.close();
      if (this.#stopping) return;
      const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
      this.#ended = new LaneError('', `the controller ${program} ${how}: ${stderrTail.trim().slice(-500) || 'it said nothing'}`);
    });
  }

  /**
   * @returns what starts it, at once, so that it can be written down before anything else happens; {@link ready} tells when it listens
   * @throws LaneError when somebody else has its address: switches would be theirs
   */
  static async prepare({ config, processes, artifacts, run, report }: LaneDeps<MininetConfig>, signal: AbortSignal): Promise<() => LaunchedController> {
    const { command, addr: given, version_args } = config.controller;
    const [program, ...args] = command as [string, ...string[]];
    const addr = given ?? DEFAULT_ADDR;
    if (await listens(addr))
      throw new LaneError('', `somebody listens on ${addr} already, before the controller ${program} is started`, {
        hint: 'end it, or give mininet.controller.addr and the command another port; for one that runs: controller.type: external',
      });
    const version = await processes.run(program, version_args, { signal }).then(
      ({ stdout }) => stdout.trim().split('\n')[0] ?? null,
      () => null,
    );
    await artifacts.writeFile('controller.json', `${JSON.stringify({ command, version }, null, 2)}\n`);
    const log = await ProgramLog.open(artifacts, 'controller.log');
    signal.throwIfAborted();
    return () => {
      const process = processes.start(program, args, { env: markOf(run.runId), onLine: (line) => log.write(line) });
      report({ software: [{ name: program, version }] });
      return new LaunchedController(addr, program, process, log);
    };
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when it listens. @throws LaneError when it ends, or does not */
  async ready(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + LISTEN_LIMIT_MS;
    while (!(await listens(this.addr))) {
      this.check();
      signal.throwIfAborted();
      if (performance.now() > deadline)
        throw new LaneError('', `the controller ${this.#program} does not listen on ${this.addr} after ${LISTEN_LIMIT_MS / 1000} s`);
      await sleep(100, undefined, { signal });
    }
  }

  /** @throws LaneError when it has ended by itself; SatsimError ARTIFACTS when what it prints cannot be kept */
  check(): void {
    if (this.#ended) throw this.#ended;
    this.#log.check();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#process.stop();
    await this.#over;
    this.#log.check();
  }
}
