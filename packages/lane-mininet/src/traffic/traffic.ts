import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Those whose time is over, whose last packets may still be under way. */
  readonly #ending = new Map<Flow, { readonly packets: RunningFlow; readonly ended: Promise<void> }>();
  #failure: { readonly reason: unknown } | null = null;
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
  tick(simTimeMs: number): void {
    const nowMs = Date.now();
    this.#clock.tick(simTimeMs, nowMs);
    const sinceT0 = simTimeMs - this.#deps.run.t0Ms;
    if (this.#failure) throw this.#failure.reason;
    for (const { flow, demand, port } of this.#flows) {
      const { startMs, stopMs } = demand;
      const running = this.#running.get(flow);
      if (!running) {
        if (sinceT0 >= startMs && sinceT0 < stopMs && !this.#ending.has(flow)) this.#begin(flow, demand, port, simTimeMs);
        continue;
      }
      running.paths.add(simTimeMs, this.#path(flow));
      // The tick does not wait for its programs.
      if (sinceT0 >= stopMs) this.#end(flow, running, nowMs);
      else running.packets.poll();
    }
  }

  /** There are no more ticks: the last one is lived to its end; then resolves when what is under way has arrived, or cannot any more. */
  async complete(signal: AbortSignal): Promise<void> {
    const lastMs = this.#clock.tickEndMs;
    await sleep(Math.max(0, lastMs - Date.now()), undefined, { signal });
    for (const [flow, running] of this.#running) this.#end(flow, running, lastMs);
    await Promise.all([...this.#ending.values()].map(({ ended }) => ended));
    if (this.#failure) throw this.#failure.reason;
  }

  async finish(): Promise<void> {
    await Promise.all([...this.#running.values(), ...this.#ending.values()].map(({ packets }) => packets.stop()));
    await Promise.all([...this.#ending.values()].map(({ ended }) => ended));
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

  #end(flow: Flow, { packets }: Running, lastMs: number): void {
    this.#running.delete(flow);
    const ended = packets.end(lastMs).catch((reason: unknown) => {
      this.#failure ??= { reason };
    });
    this.#ending.set(flow, { packets, ended });
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
