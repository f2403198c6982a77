import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import { interfaceName } from '../plan/names.js';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { birdConfig } from './bird-config.js';
import { frrConfig } from './frr-config.js';

const FRR = '/usr/lib/frr';
/** A node's links are configured before they are made; more than that a node has not. */
const MOST_PORTS = 256;

/** OSPF on every node that has a namespace: BIRD, or FRR's zebra and ospfd. They find their way by themselves as links change. */
export class RoutingDaemons {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #plan: NetworkPlan;
  readonly #programs: NodePrograms;
  /** For sockets and process ids: a path in the run directory may be too long for a socket. */
  readonly #folder: string;
  readonly #running: RunningProcess[] = [];
  #failure: LaneError | null = null;
  #stopping = false;

  constructor(deps: LaneDeps<MininetConfig>, plan: NetworkPlan, programs: NodePrograms) {
    this.#deps = deps;
    this.#plan = plan;
    this.#programs = programs;
    this.#folder = mkdtempSync(join(tmpdir(), 'satsim-ospf-'));
  }

  async start(): Promise<void> {
    const { routing } = this.#deps.config;
    // Its daemons give up root for a user of their own.
    if (routing === 'frr') await this.#deps.processes.run('chown', ['frr:frr', this.#folder]);
    for (const node of this.#plan.nodes) {
      if (node.kind === 'switch') continue;
      if (routing === 'bird') await this.#startBird(node);
      if (routing === 'frr') await this.#startFrr(node);
    }
  }

  /** @throws LaneError when one of them has ended by itself */
  check(): void {
    if (this.#failure) throw this.#failure;
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

  async #startFrr(node: PlannedNode): Promise<void> {
    const ports = Array.from({ length: Math.min(MOST_PORTS, this.#plan.nodes.length) }, (_, i) => interfaceName(this.#plan.prefix, node.number, i + 1));
    const { zebra, ospfd } = frrConfig(node, ports);
    const socket = join(this.#folder, `${node.number}.zserv`);
    for (const [daemon, text] of Object.entries({ zebra, ospfd })) {
      const config = await this.#write(`${node.id}.${daemon}.conf`, text);
      const id = join(this.#folder, `${node.number}.${daemon}.pid`);
      this.#run(node, join(FRR, daemon), ['-f', config, '-i', id, '-z', socket, '-P', '0', '--vty_socket', this.#folder]);
    }
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
