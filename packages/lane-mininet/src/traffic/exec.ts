import { durationMs, type LaneDeps, type RunningProcess } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import type { NetworkPlan } from '../plan/network-plan.js';
import { ProgramLog } from '../program-log.js';
import type { NodePrograms } from './node-programs.js';

interface Started {
  readonly process: RunningProcess;
  readonly log: ProgramLog;
  /** It has ended, and all that it printed is in its file, or can't be. */
  readonly over: Promise<void>;
}

/** The commands of `mininet.exec`: started when their tick is in force; what they print is in `exec/N-NODE.log`. */
export class ExecCommands {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #programs: NodePrograms;
  readonly #started = new Map<number, Started>();

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#programs = programs;
  }

  /** @throws SatsimError ARTIFACTS when what a command prints cannot be kept */
  async tick(simTimeMs: number): Promise<void> {
    const { config, run } = this.#deps;
    for (const { log } of this.#started.values()) log.check();
    for (const [index, { node, at, command }] of config.exec.entries()) {
      if (this.#started.has(index) || simTimeMs - run.t0Ms < durationMs(at)) continue;
      this.#started.set(index, await this.#start(index, node, command));
    }
  }

  /** Ends those that still run. Throws as {@link tick}. */
  async finish(): Promise<void> {
    const started = [...this.#started.values()];
    await Promise.all(started.map(async ({ process, over }) => (await process.stop(), over)));
    for (const { log } of started) log.check();
  }

  async #start(index: number, node: string, [program, ...args]: readonly string[]): Promise<Started> {
    const { artifacts, logger } = this.#deps;
    const log = await ProgramLog.open(artifacts, `exec/${index + 1}-${node}.log`);
    const process = this.#programs.start(this.#plan.node(node), program!, args, { onLine: (line) => log.write(line) });
    process.closeInput();
    const over = process.done.then(async ({ exitCode, signal }) => {
      log.write(exitCode === null ? `ended by ${signal}` : `exit code ${exitCode}`);
      await log.close();
      if (exitCode !== 0) logger.warn({ node, exitCode, signal }, `${program} on ${node} ${exitCode === null ? `was ended by ${signal}` : `failed`}`);
    });
    return { process, log, over };
  }
}
