import { type LaneAdapter, type LaneDeps, LinkTable, type TickUpdate } from '@satsim/core';
import type { __Name__Config } from './config.js';
import type { Network } from './network.js';

/** Keeps a network in the state that the ticks say. State, order and timing are the runner's business: a lane is three functions. */
export class __Name__Lane implements LaneAdapter {
  readonly #deps: LaneDeps<__Name__Config>;
  readonly #network: Network;
  readonly #known = new LinkTable();

  /** May not do any work: that is for `prepare`. */
  constructor(deps: LaneDeps<__Name__Config>, network: Network) {
    this.#deps = deps;
    this.#network = network;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await this.#network.build(this.#deps.nodes, signal);
  }

  async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // A snapshot replaces every earlier link, so all that were known go first.
    const removals = tick.snapshot ? [...this.#known.values()].map(({ linkId }) => linkId) : tick.removals;
    await this.#network.apply(removals, tick.updates, signal);
    this.#known.apply(tick);
    this.#log(tick);
  }

  async finalize(): Promise<void> {
    await this.#network.tearDown();
  }

  #log({ tickIndex }: TickUpdate): void {
    const { log_every } = this.#deps.config;
    if (log_every === 0 || tickIndex % log_every !== 0) return;
    const up = [...this.#known.values()].filter((link) => link.up).length;
    this.#deps.logger.info({ tickIndex, up }, `${up} links are up`);
  }
}
