import type { Flow, LaneDeps } from '@satsim/core';
import type { Router } from '@satsim/routing';
import type { MininetConfig } from '../config.js';
import type { NetworkPlan } from '../plan/network-plan.js';
import { flowSpan, IperfFlow } from './iperf-flow.js';
import type { NodePrograms } from './node-programs.js';
import { PingFlow } from './ping-flow.js';
import type { Measured, RunningFlow } from './running-flow.js';
import { SimClock } from './sim-clock.js';

const FIRST_PORT = 5201;
const LANE = 'mininet';

/** The scenario's flows as real packets: each starts and stops with the ticks, and its samples carry the path of their tick. */
export class Traffic {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #router: Router;
  readonly #programs: NodePrograms;
  readonly #clock: SimClock;
  readonly #running = new Map<Flow, RunningFlow>();
  readonly #over = new Set<Flow>();
  readonly #lastMs = new Map<string, number>();

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, router: Router, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#router = router;
    this.#programs = programs;
    this.#clock = new SimClock(deps.run.t0Ms, deps.run.dtMs, Date.now());
  }

  /** The tick is in force: flows that are due begin, those that are over end. */
  async tick(simTimeMs: number): Promise<void> {
    this.#clock.tick(simTimeMs, Date.now());
    const { run, scenario } = this.#deps;
    const sinceT0 = simTimeMs - run.t0Ms;
    await Promise.all(
      scenario.traffic.map(async (flow, index) => {
        const { startMs, stopMs } = flowSpan(flow, run.t1Ms - run.t0Ms);
        const running = this.#running.get(flow);
        if (running && sinceT0 >= stopMs) await this.#end(flow, running);
        else if (running) running.poll();
        else if (sinceT0 >= startMs && sinceT0 < stopMs && !this.#over.has(flow)) this.#running.set(flow, this.#begin(flow, index, stopMs));
      }),
    );
  }

  async finish(): Promise<void> {
    await Promise.all([...this.#running].map(([flow, running]) => this.#end(flow, running)));
  }

  #begin(flow: Flow, index: number, stopMs: number): RunningFlow {
    const [from, to] = [this.#plan.node(flow.from), this.#plan.node(flow.to)];
    const write = (wallMs: number, measured: Measured): void => this.#write(flow, wallMs, measured);
    const { run, logger } = this.#deps;
    if (flow.kind === 'ping') return new PingFlow(flow, from, to, run.dtMs, this.#programs, write);
    const remainingS = (): number => (run.t0Ms + stopMs - this.#clock.at(Date.now())) / 1000;
    return new IperfFlow({ flow, from, to, port: FIRST_PORT + index, remainingS, programs: this.#programs, write, logger });
  }

  async #end(flow: Flow, running: RunningFlow): Promise<void> {
    this.#running.delete(flow);
    this.#over.add(flow);
    await running.stop();
  }

  #write(flow: Flow, wallMs: number, measured: Measured): void {
    const { controller, routing } = this.#deps.config;
    // Whoever else forwards does not tell us its paths.
    const known = controller.type === 'builtin' && routing === 'builtin' && measured.lossPct !== 100;
    const path = known ? this.#router.path(flow.from, flow.to) : null;
    // The clock is set anew with each tick: a sample from before it never comes before one that was written.
    const simTimeMs = Math.max(this.#clock.at(wallMs), this.#lastMs.get(flow.id) ?? this.#deps.run.t0Ms);
    this.#lastMs.set(flow.id, simTimeMs);
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
