import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import { interfaceName } from '../plan/names.js';
import type { NetworkPlan, PlannedLink, PlannedNode } from '../plan/network-plan.js';
import { socketFolder } from '../safety/ledger.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { birdConfig } from './bird-config.js';
import { frrConfig } from './frr-config.js';

const FRR = '/usr/lib/frr';
/** FRR's interfaces are configured before they are made, each with its name; a node whose links are more is refused. */
const MOST_FRR_PORTS = 256;
const SOCKET_LIMIT_MS = 30_000;

/** OSPF on every node that has a namespace: BIRD, or FRR's zebra and ospfd. They find their way by themselves as links change. */
export class RoutingDaemons {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #programs: NodePrograms;
  readonly #folder: string;
  readonly #running: RunningProcess[] = [];
  #failure: LaneError | null = null;
  #stopping = false;

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#programs = programs;
    this.#folder = socketFolder(plan.prefix);
  }

  async start(signal: AbortSignal): Promise<void> {
    const { routing } = this.#deps.config;
    mkdirSync(this.#folder);
    if (routing === 'bird') for (const node of this.#plan.nodes) await this.#startBird(node);
    if (routing === 'frr') await this.#startFrr(signal);
  }

  /** @throws LaneError when one of them has ended by itself */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** @throws LaneError for links on which there would be no OSPF */
  accept(links: readonly PlannedLink[]): void {
    if (this.#deps.config.routing !== 'frr') return;
    const beyond = links.flatMap(({ a, b }) => [a, b]).find(({ port }) => port > MOST_FRR_PORTS);
    if (beyond === undefined) return;
    const message = `${beyond.node.id} has had links with more than ${MOST_FRR_PORTS} nodes, for which FRR has no configuration`;
    throw new LaneError('', message, { hint: 'mininet.routing: bird, which needs none for each link' });
  }

  async finish(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running.map((process) => process.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startBird(node: PlannedNode): Promise<void> {
    const config = await this.#write(`${node.id}.bird.conf`, birdConfig(node, this.#plan.prefix));
    this.#run(node, 'bird', ['-f', '-c', config, '-s', join(this.#folder, `${node.number}.ctl`)]);
  }

  async #startFrr(signal: AbortSignal): Promise<void> {
    const { nodes, prefix } = this.#plan;
    const mostPorts = Math.min(MOST_FRR_PORTS, nodes.length);
    const configs = nodes.map((node) => ({
      node,
      ...frrConfig(
        node,
        Array.from({ length: mostPorts }, (_, i) => interfaceName(prefix, node.number, i + 1)),
      ),
    }));
    for (const node of nodes) mkdirSync(this.#terminals(node));
    // The daemons give up root for a user of their own.
    await this.#deps.processes.run('chown', ['-R', 'frr:frr', this.#folder]);
    for (const { node, zebra } of configs) await this.#startFrrDaemon(node, 'zebra', zebra);
    // ospfd asks for zebra at its start, and then ten seconds later.
    const deadline = performance.now() + SOCKET_LIMIT_MS;
    while (!nodes.every((node) => existsSync(this.#zebraSocket(node)))) {
      this.check();
      if (performance.now() > deadline) throw new LaneError('', `zebra is not there after ${SOCKET_LIMIT_MS / 1000} s`);
      await sleep(20, undefined, { signal });
    }
    for (const { node, ospfd } of configs) await this.#startFrrDaemon(node, 'ospfd', ospfd);
  }

  async #startFrrDaemon(node: PlannedNode, daemon: 'zebra' | 'ospfd', text: string): Promise<void> {
    const config = await this.#write(`${node.id}.${daemon}.conf`, text);
    const id = join(this.#folder, `${node.number}.${daemon}.pid`);
    this.#run(node, join(FRR, daemon), ['-f', config, '-i', id, '-z', this.#zebraSocket(node), '-P', '0', '--vty_socket', this.#terminals(node)]);
  }

  #zebraSocket(node: PlannedNode): string {
    return join(this.#folder, `${node.number}.zserv`);
  }

  #terminals(node: PlannedNode): string {
    return join(this.#folder, String(node.number));
  }

  async #write(name: string, text: string): Promise<string> {
    await this.#deps.artifacts.writeFile(`ospf/${name}`, text);
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  #run(node: PlannedNode, program: string, args: readonly string[]): void {
    const process = this.#programs.start(node, program, args, { onLine: () => undefined });
    this.#running.push(process);
    void process.done.then(({ exitCode, signal, stderrTail }) => {
      if (this.#stopping) return;
      this.#failure ??= new LaneError('', `${program} on ${node.id} ended (${signal ?? `exit code ${exitCode}`}): ${stderrTail.trim().slice(-500)}`);
    });
  }
}
