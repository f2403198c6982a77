import { durationMs, type LaneDeps, type RunningProcess } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import type { NetworkPlan } from '../plan/network-plan.js';
import type { NodePrograms } from './node-programs.js';

/** The commands of `mininet.exec`: started when their tick is in force; what they print is in `exec/N-NODE.log`. */
export class ExecCommands {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #programs: NodePrograms;
  readonly #started = new Map<number, { readonly process: RunningProcess; readonly written: Promise<void> }>();

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#programs = programs;
  }

  async tick(simTimeMs: number): Promise<void> {
    const { config, run } = this.#deps;
    for (const [index, { node, at, command }] of config.exec.entries()) {
      if (this.#started.has(index) || simTimeMs - run.t0Ms < durationMs(at)) continue;
      this.#started.set(index, await this.#start(index, node, command));
    }
  }

  async finish(): Promise<void> {
    await Promise.all([...this.#started.values()].map(async ({ process, written }) => (await process.stop(), written)));
  }

  async #start(index: number, node: string, [program, ...args]: readonly string[]): Promise<{ process: RunningProcess; written: Promise<void> }> {
    const { artifacts, logger } = this.#deps;
    const log = await artifacts.openStream(`exec/${index + 1}-${node}.log`);
    let writing = Promise.resolve();
    const write = (text: string): void => void (writing = writing.then(() => log.write(text)));
    const process = this.#programs.start(this.#plan.node(node), program!, args, { onLine: (line) => write(`${line}\n`) });
    process.closeInput();
    const written = process.done.then(async ({ exitCode, signal }) => {
      write(exitCode === null ? `ended by ${signal}\n` : `exit code ${exitCode}\n`);
      await writing;
      await log.close();
      if (exitCode !== 0) logger.warn({ node, exitCode, signal }, `${program} on ${node} ${exitCode === null ? `was ended by ${signal}` : `failed`}`);
    });
    return { process, written };
  }
}
