import { join } from 'node:path';
import { durationMs, type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import { capturedInterfaces, type MininetConfig } from '../config.js';
import type { PlannedEnd, PlannedLink } from '../plan/network-plan.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { tcpdumpArgs } from './capture-command.js';

interface Capture {
  readonly own: PlannedEnd;
  readonly peer: PlannedEnd;
  readonly file: string;
  readonly process: RunningProcess;
  readonly counts: Counts;
}

/** What tcpdump says of itself at its end; `null` when it was killed. */
interface Counts {
  captured: number | null;
  dropped: number | null;
}

/** tcpdump on the interfaces that `mininet.capture` names; files and their counts stand in `captures.json`. */
export class Captures {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #programs: NodePrograms;
  readonly #interfaces: MininetConfig['capture']['interfaces'];
  readonly #hasCarrier: (link: PlannedLink) => boolean;
  readonly #captures = new Map<string, Capture>();
  #waiting: readonly PlannedLink[] = [];

  constructor(deps: LaneDeps<MininetConfig>, programs: NodePrograms, hasCarrier: (link: PlannedLink) => boolean) {
    this.#hasCarrier = hasCarrier;
    this.#deps = deps;
    this.#interfaces = capturedInterfaces(deps.config, deps.scenario);
    this.#programs = programs;
  }

  /** Begins to capture on links that have been built, as far as they are wanted: once they are up, as tcpdump takes no others. */
  async follow(built: readonly PlannedLink[]): Promise<void> {
    if (this.#interfaces === 'none') return;
    const links = [...this.#waiting, ...built];
    const ready = links.filter((link) => this.#hasCarrier(link));
    this.#waiting = links.filter((link) => !ready.includes(link));
    const ends = ready.flatMap(({ a, b }) => [
      { own: a, peer: b },
      { own: b, peer: a },
    ]);
    await Promise.all(ends.filter(({ own, peer }) => this.#isWanted(own, peer)).map(({ own, peer }) => this.#start(own, peer)));
  }

  /** Ends all of them; nothing that they have seen is lost. */
  async finish(): Promise<void> {
    const captures = [...this.#captures.values()].sort((p, q) => (p.file < q.file ? -1 : 1));
    if (captures.length === 0) return;
    await Promise.all(captures.map(({ process }) => process.stop()));
    const report = captures.map(({ own, peer, file, counts }) => ({
      node: own.node.id,
      neighbour: peer.node.id,
      interface: own.interface,
      file,
      packets: counts.captured,
      dropped: counts.dropped,
    }));
    await this.#deps.artifacts.writeFile('captures.json', `${JSON.stringify(report, null, 2)}\n`);
  }

  #isWanted({ node }: PlannedEnd, peer: PlannedEnd): boolean {
    const interfaces = this.#interfaces;
    if (typeof interfaces !== 'string') return interfaces.includes(`${node.id}:${peer.node.id}`);
    return interfaces === 'all' || (interfaces === 'ground' && this.#deps.nodes[node.number - 1]!.role !== 'satellite');
  }

  async #start(own: PlannedEnd, peer: PlannedEnd): Promise<void> {
    const { snap_bytes, rotate_mib, rotate_every } = this.#deps.config.capture;
    const file = `pcaps/${own.node.id}_${peer.node.id}.pcap`;
    // Makes the folder, and the file of a link that never carries anything.
    await this.#deps.artifacts.writeFile(file, '');
    const args = tcpdumpArgs(own.interface, join(this.#deps.artifacts.dir, file), snap_bytes);
    // tcpdump would give up root, and could not write there any more. It counts its files itself.
    args.push('-Z', 'root');
    if (rotate_mib !== undefined) args.push('-C', String(rotate_mib));
    if (rotate_every !== undefined) args.push('-G', String(Math.max(1, Math.round(durationMs(rotate_every) / 1000))));
    const counts: Counts = { captured: null, dropped: null };
    let listening: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (listening = resolve));
    const process = this.#programs.start(own.node, 'tcpdump', args, {
      onLine: (line) => {
        if (line.includes('listening on')) listening();
        const found = /^(\d+) packets? (captured|dropped by kernel)$/.exec(line);
        if (found) counts[found[2] === 'captured' ? 'captured' : 'dropped'] = Number(found[1]);
      },
    });
    this.#captures.set(own.interface, { own, peer, file, process, counts });
    const ended = process.done.then(({ stderrTail }) => {
      throw new LaneError('', `tcpdump on ${own.node.id} ended: ${stderrTail.trim()}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
  }
}
