import { LaneError, type Flow, flowDemand, type LaneAdapter, type LaneDeps, type LinkState, type TickUpdate } from '@satsim/core';
import { Router } from '@satsim/routing';
import type { FlowConfig } from './config.js';
import { maxMinFair } from './fair-share.js';
import { FlowClock } from './flow-clock.js';
import { flowSample, isCutOff } from './flow-sample.js';

export const LANE = 'flow';

/** Computes, tick by tick, what the scenario's traffic would see on these links if no queue ever built up. Leaves nothing outside itself. */
export class FlowLane implements LaneAdapter {
  readonly #deps: LaneDeps<FlowConfig>;
  readonly #flows: readonly { readonly flow: Flow; readonly clock: FlowClock; readonly rateMbps: number | null }[];
  #router: Router | null = null;

  constructor(deps: LaneDeps<FlowConfig>) {
    this.#deps = deps;
    this.#flows = deps.scenario.traffic.map((flow) => ({ flow, clock: new FlowClock(flow, deps.run), rateMbps: flowDemand(flow, deps.run).rateMbps }));
  }

  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#router = new Router(this.#deps.nodes);
  }

  async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const router = this.#router;
    if (!router) throw new LaneError(LANE, 'a tick came before prepare or after finalize', { tickIndex: tick.tickIndex });
    router.apply(tick);
    const seen = this.#flows
      .filter(({ clock }) => clock.due(tick.simTimeMs))
      .map(({ flow, rateMbps }) => ({ flow, rateMbps, forward: router.path(flow.from, flow.to), back: router.path(flow.to, flow.from) }));

    const loading = seen.filter(({ flow, forward, back }) => flow.kind !== 'ping' && !isCutOff(flow, forward, back));
    const shares = maxMinFair(loading.map(({ rateMbps, forward }) => ({ links: forward!.links, demandMbps: rateMbps ?? Number.POSITIVE_INFINITY })));
    const shareOf = new Map(loading.map((view, index) => [view, shares[index]!]));
    for (const view of seen) {
      this.#deps.results.write(flowSample(LANE, { ...view, share: shareOf.get(view) ?? null }, tick.simTimeMs, this.#deps.config.record_paths));
    }
  }

  async finalize(): Promise<void> {
    this.#router = null;
  }

  /** The links as they are in force now: for tests of the lane contract. */
  links(): readonly LinkState[] {
    return [...(this.#router?.links() ?? [])];
  }
}
