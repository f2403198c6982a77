import { LaneError, messageOf, type LaneAdapter, type LaneDeps, type LaneFigures, type TickUpdate } from '@satsim/core';
import { Router } from '@satsim/routing';
import { MininetAgent } from './agent/mininet-agent.js';
import { ApplyLog, wallClockMs } from './apply-log.js';
import { Captures } from './capture/captures.js';
import type { CommandFailure } from './commands/command-batch.js';
import { Namespaces } from './commands/namespaces.js';
import type { MininetConfig } from './config.js';
import { Forwarding } from './forwarding/forwarding.js';
import { LaunchedController } from './forwarding/launched-controller.js';
import { RoutingDaemons } from './forwarding/routing-daemons.js';
import { BUILTIN_PROTOCOL } from './forwarding/switch-flows.js';
import { NetworkPlan, type PlannedLink, type PlannedNode } from './plan/network-plan.js';
import { writeLinkMap, writeNodeMap } from './plan/write-maps.js';
import { type Bridges, bridgeTags, openVswitch } from './safety/bridges.js';
import { identify } from './safety/process-identity.js';
import { findRemains, remainsOfRun, removeRemains } from './safety/clean.js';
import { Ledger, ledgerFolder } from './safety/ledger.js';
import { type CommandsByNode, type LinkChanges, LinkShaping } from './shaping/link-changes.js';
import { ReadBack } from './shaping/read-back.js';
import { shapingOptions } from './shaping/shaping.js';
import { softwareUsed } from './software.js';
import { ExecCommands } from './traffic/exec.js';
import { NodePrograms } from './traffic/node-programs.js';
import { Traffic } from './traffic/traffic.js';

/** Small enough that making nodes and starting their `tc` and `ip` go side by side. */
const NODES_AT_ONCE = 16;

/** What there is between prepare and finalize. */
interface Built {
  readonly agent: MininetAgent;
  readonly ledger: Ledger;
  readonly namespaces: Namespaces;
  readonly readBack: ReadBack;
  readonly traffic: Traffic;
  readonly exec: ExecCommands;
  readonly captures: Captures;
}

/**
 * Mininet nodes with real packets between them. A tick is in force when the kernel has answered for every namespace that it
 * touched.
 */
export class MininetLane implements LaneAdapter {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #ledgers: string;
  readonly #bridges: Bridges;
  readonly #plan: NetworkPlan;
  readonly #shaping: LinkShaping;
  readonly #router: Router;
  readonly #forwarding: Forwarding;
  readonly #log: ApplyLog;
  #controller: LaunchedController | null = null;
  #daemons: RoutingDaemons | null = null;
  #agent: MininetAgent | null = null;
  #ledger: Ledger | null = null;
  #built: Built | null = null;
  #readBack: ReadBack | null = null;
  #finalized: Promise<void> | null = null;
  /** The last tick, once all of it is in force. */
  #inForce: number | null = null;

  /**
   * @param ledgers folder of the ledgers, which tests have elsewhere
   * @param bridges who knows them, which is not Open vSwitch where the machine is none
   */
  constructor(deps: LaneDeps<MininetConfig>, ledgers: string = ledgerFolder(), bridges: Bridges = openVswitch) {
    this.#deps = deps;
    this.#bridges = bridges;
    this.#ledgers = ledgers;
    const { config, nodes, run, scenario } = deps;
    this.#plan = new NetworkPlan(nodes, config.topo, run.runId);
    this.#shaping = new LinkShaping(this.#plan, shapingOptions(config.shaping), config.shaping.down, config.routing !== 'builtin');
    this.#router = new Router(nodes);
    const ends = new Set(scenario.traffic.flatMap(({ from, to }) => [from, to]));
    const destinations = nodes.filter(({ id, role }) => role !== 'satellite' || ends.has(id)).map(({ id }) => id);
    this.#forwarding = new Forwarding(deps, this.#plan, this.#router, destinations);
    this.#log = new ApplyLog(deps.artifacts, run.dtMs);
  }

  async prepare(signal: AbortSignal): Promise<void> {
    try {
      await this.#prepare(signal);
    } catch (error) {
      // The first reason is the one to be told; what finalize has to tell it tells whoever calls it again.
      await this.finalize().catch(() => undefined);
      throw error;
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const { config, processes, logger, run, artifacts, scenario, report } = this.#deps;
    for (const remains of findRemains(this.#ledgers, this.#bridges)) {
      const left = await removeRemains(remains, this.#bridges);
      const { runId, runDir } = remains;
      if (left.length === 0) logger.warn({ runDir }, `removed what the dead run ${runId} had left`);
      else logger.warn({ runDir, left }, `could not remove all that the dead run ${runId} had left; still there: ${left.join(', ')}`);
    }
    signal.throwIfAborted();
    const { prefix } = this.#plan;
    const owner = identify(process.pid)!;
    const ledger = (this.#ledger = new Ledger({ kind: 'run', runId: run.runId, runDir: artifacts.dir, prefix, owner }, this.#ledgers));
    const agent = (this.#agent = new MininetAgent(this.#deps, config.python));
    this.#record('the Mininet agent', agent.pid, ledger);
    const { nodes } = this.#plan;
    const used = { switches: nodes.some(({ kind }) => kind === 'switch'), kinds: scenario.traffic.map(({ kind }) => kind) };
    report({
      software: await softwareUsed(processes, await agent.versions(signal), used, signal),
      // Of a run without netem nobody may take delays and loss for those of the model.
      facts: { delayAndLossApplied: config.shaping.delay === 'netem' },
    });

    ledger.add({ kind: 'nodes', names: nodes.filter(({ kind }) => kind !== 'switch').map(({ name }) => name) });
    ledger.add({ kind: 'bridges', names: nodes.filter(({ kind }) => kind === 'switch').map(({ name }) => name) });
    const { type, addr, protocols } = config.controller;
    if (type === 'launched') {
      const start = await LaunchedController.prepare(this.#deps, signal);
      const controller = (this.#controller = start());
      this.#record('the controller', controller.pid, ledger);
      await controller.ready(signal);
    }
    const switches = {
      datapath: config.topo.datapath,
      protocols: type === 'builtin' ? [BUILTIN_PROTOCOL] : protocols,
      controller: this.#controller?.addr ?? (type === 'external' ? addr : null),
      tags: bridgeTags(run.runId, owner),
    };
    const namespaces = new Namespaces(processes);
    const programs = new NodePrograms(this.#deps, namespaces, ledger);
    this.#built = {
      agent,
      ledger,
      namespaces,
      readBack: (this.#readBack = new ReadBack(this.#deps, this.#shaping, namespaces)),
      traffic: new Traffic(this.#deps, this.#plan, this.#router, programs),
      exec: new ExecCommands(this.#deps, this.#plan, programs),
      captures: new Captures(this.#deps, programs, (link) => this.#shaping.hasCarrier(link)),
    };
    let started = Promise.resolve();
    for (let first = 0; first < nodes.length; first += NODES_AT_ONCE) {
      const some = nodes.slice(first, first + NODES_AT_ONCE);
      namespaces.know(await agent.addNodes(some, switches, signal));
      signal.throwIfAborted();
      await started;
      // While Mininet makes the next nodes.
      started = namespaces.start(some, signal);
      started.catch(() => undefined);
    }
    await started;
    if (config.routing !== 'builtin') {
      this.#daemons = new RoutingDaemons(this.#deps, this.#plan, programs);
      await this.#daemons.start(signal);
    }
    if (config.topo.gsl_links === 'all') {
      const prepared = this.#shaping.prepared(this.#allGroundLinks());
      await this.#build(prepared.build, this.#built, signal);
      await this.#put(prepared, this.#built, signal);
      await this.#built.captures.follow(prepared.build);
    }
    await this.#log.open();
    await this.#built.readBack.open();
    await writeNodeMap(artifacts, this.#plan, namespaces);
    await writeLinkMap(artifacts, this.#plan);
  }

  async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    const built = this.#built;
    if (!built) throw new LaneError('', 'a tick came before the network was built, or after it was taken away');
    this.#controller?.check();
    this.#daemons?.check();
    const arrivedAtMs = wallClockMs();
    this.#inForce = null;
    const changes = this.#shaping.next(tick);
    await this.#build(changes.build, built, signal);
    signal.throwIfAborted();
    const begunAtMs = wallClockMs();
    this.#router.apply(tick);
    const routes = await this.#put(changes, built, signal);
    const inForceAtMs = wallClockMs();
    await built.captures.follow(changes.build);
    const { tickIndex } = tick;
    const linksBuilt = changes.build.length;
    await this.#log.write({ tickIndex, arrivedAtMs, begunAtMs, inForceAtMs, linksBuilt, routesChanged: routes }, changes.changed);
    if (changes.build.length > 0) await writeLinkMap(this.#deps.artifacts, this.#plan);
    built.traffic.tick(tick.simTimeMs);
    await built.exec.tick(tick.simTimeMs);
    const every = this.#deps.config.shaping.read_back_every;
    if (every > 0) built.readBack.begin(tickIndex, every);
    this.#inForce = tickIndex;
  }

  async complete(signal: AbortSignal): Promise<void> {
    const [built, tickIndex] = [this.#built, this.#inForce];
    if (!built) return;
    // Whatever comes of it, the end has nothing more to compare.
    this.#inForce = null;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const completed = built.traffic.complete(signal).then(() => (tickIndex === null ? undefined : built.readBack.compareAll(tickIndex)));
    await Promise.race([completed, aborted]).finally(() => signal.removeEventListener('abort', abort));
  }

  finalize(): Promise<void> {
    this.#finalized ??= this.#takeAway();
    return this.#finalized;
  }

  /** How long ticks took, and of how many interfaces the kernel had what was asked for. */
  figures(): LaneFigures {
    const { interfaces, differences } = this.#readBack?.counts ?? { interfaces: 0, differences: 0 };
    return { ...this.#log.figures(), readBackInterfaces: interfaces, readBackDifferences: differences };
  }

  async #takeAway(): Promise<void> {
    const failures: unknown[] = [];
    const attempt = async (work: () => Promise<void> | undefined): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failures.push(error);
      }
    };
    const programs = [this.#built?.traffic, this.#built?.exec, this.#daemons, this.#built?.captures];
    await Promise.all(programs.map((each) => attempt(() => each?.finish())));
    await attempt(() => this.#built?.readBack.finish(this.#inForce));
    await attempt(() => this.#log.close());
    await attempt(() => this.#built?.namespaces.close());
    await Promise.all([attempt(() => this.#agent?.close()), attempt(() => this.#controller?.stop())]);
    this.#built = null;
    await attempt(() => this.#settle());
    const [first, ...more] = failures;
    // One error can be thrown; what the others say, such as what is still there, is told all the same.
    for (const error of more) this.#deps.logger.error({ err: error }, `taking the network away: ${messageOf(error)}`);
    if (failures.length > 0) throw first;
  }

  /** Whatever the agent could not take away goes by the ledger, as after a run that is dead. */
  async #settle(): Promise<void> {
    const ledger = this.#ledger;
    if (!ledger) return;
    const left = await removeRemains(remainsOfRun(ledger, this.#bridges), this.#bridges);
    if (left.length > 0) throw new LaneError('', `these could not be removed: ${left.join(', ')}`, { hint: 'satsim clean tries again' });
    ledger.settle();
  }

  async #build(links: readonly PlannedLink[], { agent, ledger, namespaces }: Built, signal: AbortSignal): Promise<void> {
    if (links.length === 0) return;
    this.#daemons?.accept(links);
    const inRoot = links.flatMap(({ a, b }) => [a, b].filter(({ node }) => node.kind === 'switch').map((end) => end.interface));
    if (inRoot.length > 0) ledger.add({ kind: 'interfaces', names: inRoot });
    await agent.addLinks(links, signal);
    if (this.#deps.config.topo.datapath === 'user') await this.#computeChecksums(links, namespaces);
  }

  /** A switch in user space passes packets on as they are: hosts may not leave checksums to a card that is none. */
  async #computeChecksums(links: readonly PlannedLink[], namespaces: Namespaces): Promise<void> {
    const hosts = links.flatMap(({ a, b }) => [a, b]).filter(({ node }) => node.kind === 'host');
    await Promise.all(hosts.map(({ node, interface: device }) => this.#deps.processes.run(...namespaces.inside(node, 'ethtool', ['-K', device, 'tx', 'off']))));
  }

  #record(what: string, pid: number, ledger: Ledger): void {
    const process = identify(pid);
    if (process !== null) ledger.add({ kind: 'process', what, process });
  }

  /**
   * Interfaces up and links shaped; then routes moved, step by step; then, with nobody on them any more, links cut and
   * interfaces down. @returns routes that changed
   */
  async #put(changes: LinkChanges, { namespaces }: Built, signal: AbortSignal): Promise<number> {
    send(namespaces, 'ip', changes.up);
    send(namespaces, 'tc', changes.shape);
    check(await namespaces.fence(signal));
    let routes = 0;
    for (const step of this.#forwarding.steps()) {
      const { changed, failures } = await this.#forwarding.put(step, namespaces, signal);
      check(failures);
      routes += changed;
    }
    send(namespaces, 'tc', changes.cut);
    send(namespaces, 'ip', changes.down);
    check(await namespaces.fence(signal));
    return routes;
  }

  #allGroundLinks(): PlannedLink[] {
    const satellites = this.#deps.nodes.filter(({ role }) => role === 'satellite');
    const ground = this.#deps.nodes.filter(({ role }) => role !== 'satellite');
    return ground.flatMap(({ id }) => satellites.map((satellite) => this.#plan.link('gsl', id, satellite.id)));
  }
}

function send(namespaces: Namespaces, program: 'ip' | 'tc', commands: CommandsByNode): void {
  for (const [node, list] of commands as ReadonlyMap<PlannedNode, readonly { line: string; about: string }[]>) namespaces.send(program, node, list);
}

function check(failures: readonly CommandFailure[]): void {
  const [first] = failures;
  if (!first) return;
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  throw new LaneError('', `${first.command.about}: ${first.message} (${first.command.line})${more}`);
}
