import { type Flow, type FlowDemand, flowDemand, type LaneDeps } from '@satsim/core';
import type { Path, Router } from '@satsim/routing';
import type { MininetConfig } from '../config.js';
import type { NetworkPlan } from '../plan/network-plan.js';
import { IperfFlow } from './iperf-flow.js';
import type { NodePrograms } from './node-programs.js';
import { PathHistory } from './path-history.js';
import { PingFlow } from './ping-flow.js';
import type { Measured, RunningFlow } from './running-flow.js';
import { SimClock } from './sim-clock.js';

const FIRST_PORT = 5201;
const LANE = 'mininet';

interface Running {
  readonly packets: RunningFlow;
  readonly paths: PathHistory;
}

/** The scenario's flows as real packets: each starts and stops with the ticks, and its samples carry the path of their tick. */
export class Traffic {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #router: Router;
  readonly #programs: NodePrograms;
  readonly #clock: SimClock;
  readonly #flows: readonly { readonly flow: Flow; readonly demand: FlowDemand; readonly port: number }[];
  readonly #running = new Map<Flow, Running>();
  readonly #over = new Set<Flow>();
  readonly #lastMs = new Map<string, number>();

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, router: Router, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#router = router;
    this.#programs = programs;
    this.#clock = new SimClock(deps.run.t0Ms, deps.run.dtMs, Date.now());
    this.#flows = deps.scenario.traffic.map((flow, index) => ({ flow, demand: flowDemand(flow, deps.run), port: FIRST_PORT + index }));
  }

  /** The tick is in force: flows that are due begin, those that are over end. */
  async tick(simTimeMs: number): Promise<void> {
    this.#clock.tick(simTimeMs, Date.now());
    const sinceT0 = simTimeMs - this.#deps.run.t0Ms;
    await Promise.all(
      this.#flows.map(async ({ flow, demand, port }) => {
        const { startMs, stopMs } = demand;
        const running = this.#running.get(flow);
        if (!running) {
          if (sinceT0 >= startMs && sinceT0 < stopMs && !this.#over.has(flow)) this.#begin(flow, demand, port, simTimeMs);
          return;
        }
        running.paths.add(simTimeMs, this.#path(flow));
        if (sinceT0 >= stopMs) await this.#end(flow, running);
        else running.packets.poll();
      }),
    );
  }

  async finish(): Promise<void> {
    await Promise.all([...this.#running].map(([flow, running]) => this.#end(flow, running)));
  }

  #begin(flow: Flow, demand: FlowDemand, port: number, simTimeMs: number): void {
    const [from, to] = [this.#plan.node(flow.from), this.#plan.node(flow.to)];
    const { logger } = this.#deps;
    const paths = new PathHistory();
    paths.add(simTimeMs, this.#path(flow));
    const write = (wallMs: number, measured: Measured): void => this.#write(flow, paths, wallMs, measured);
    const packets =
      flow.kind === 'ping'
        ? new PingFlow(flow, demand, from, to, this.#programs, write)
        : new IperfFlow({ flow, demand, from, to, port, programs: this.#programs, write, logger });
    this.#running.set(flow, { packets, paths });
  }

  async #end(flow: Flow, { packets }: Running): Promise<void> {
    this.#running.delete(flow);
    this.#over.add(flow);
    await packets.stop();
  }

  /** Whoever else forwards does not tell us its paths. */
  #path({ from, to }: Flow): Path | null {
    const { controller, routing } = this.#deps.config;
    return controller.type === 'builtin' && routing === 'builtin' ? this.#router.path(from, to) : null;
  }

  #write(flow: Flow, paths: PathHistory, wallMs: number, measured: Measured): void {
    // The clock is set anew with each tick: a sample from before it never comes before one that was written.
    const simTimeMs = Math.max(this.#clock.at(wallMs), this.#lastMs.get(flow.id) ?? this.#deps.run.t0Ms);
    this.#lastMs.set(flow.id, simTimeMs);
    const path = measured.lossPct === 100 ? null : paths.at(simTimeMs);
    this.#deps.results.write({
      lane: LANE,
      flow: flow.id,
      simTimeMs,
      ...measured,
      hops: path?.links.length ?? null,
      pathHash: path?.hash ?? null,
      ...(path && { path: path.nodes }),
    });
  }
}
