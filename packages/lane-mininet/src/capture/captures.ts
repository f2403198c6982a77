import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { durationMs, type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import { capturedInterfaces, type MininetConfig } from '../config.js';
import type { PlannedEnd, PlannedLink } from '../plan/network-plan.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { tcpdumpArgs } from './capture-command.js';

interface Capture {
  readonly own: PlannedEnd;
  readonly peer: PlannedEnd;
  /** What the names of its files begin with. */
  readonly stem: string;
  readonly process: RunningProcess;
  readonly counts: Counts;
  /** What tcpdump said when it ended before the run did. */
  cutShort: string | null;
}

/** What tcpdump says of itself at its end; `null` when it was killed. */
interface Counts {
  captured: number | null;
  dropped: number | null;
}

const FOLDER = 'pcaps';
/** Behind the stem, of files that follow each other: strftime(3), in UTC. tcpdump writes over a file whose name has no time. */
const BEGUN_AT = '_%Y%m%dT%H%M%SZ';
const AFTER_STEM = /^(?:_\d{8}T\d{6}Z)?\.pcap\d*$/;

/** tcpdump on the interfaces that `mininet.capture` names; files and their counts stand in `captures.json`. */
export class Captures {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #programs: NodePrograms;
  readonly #interfaces: MininetConfig['capture']['interfaces'];
  readonly #hasCarrier: (link: PlannedLink) => boolean;
  readonly #captures = new Map<string, Capture>();
  #waiting: readonly PlannedLink[] = [];
  #stopping = false;

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
    if (this.#interfaces === 'none') return;
    const { artifacts, logger, report } = this.#deps;
    this.#stopping = true;
    const captures = [...this.#captures.values()].sort((p, q) => (p.stem < q.stem ? -1 : 1));
    await Promise.all(captures.map(({ process }) => process.stop()));
    const captured = new Set(captures.map(({ own, peer }) => `${own.node.id}:${peer.node.id}`));
    const missed = typeof this.#interfaces === 'string' ? [] : this.#interfaces.filter((pair) => !captured.has(pair));
    if (missed.length > 0) logger.warn({ missed }, `nothing was captured on ${missed.join(', ')}: there was no such link, or it was never up`);
    if (captures.length === 0) return;
    const written = await readdir(join(artifacts.dir, FOLDER));
    const entries = captures.map(({ own, peer, stem, counts, cutShort }) => ({
      node: own.node.id,
      neighbour: peer.node.id,
      interface: own.interface,
      files: filesOf(stem, written),
      packets: counts.captured,
      dropped: counts.dropped,
      cutShort,
    }));
    await artifacts.writeFile('captures.json', `${JSON.stringify(entries, null, 2)}\n`);
    const total = (count: 'packets' | 'dropped'): number => entries.reduce((sum, entry) => sum + (entry[count] ?? 0), 0);
    const facts = { captures: 'lanes/mininet/captures.json', packetsCaptured: total('packets'), packetsDropped: total('dropped') };
    report({ facts: { ...facts, capturesCutShort: entries.filter(({ packets, cutShort }) => packets === null || cutShort !== null).length } });
  }

  #isWanted({ node }: PlannedEnd, peer: PlannedEnd): boolean {
    const interfaces = this.#interfaces;
    if (typeof interfaces !== 'string') return interfaces.includes(`${node.id}:${peer.node.id}`);
    return interfaces === 'all' || (interfaces === 'ground' && this.#deps.nodes[node.number - 1]!.role !== 'satellite');
  }

  async #start(own: PlannedEnd, peer: PlannedEnd): Promise<void> {
    const { artifacts, logger, config } = this.#deps;
    const { snap_bytes, rotate_mib, rotate_every } = config.capture;
    const folder = join(artifacts.dir, FOLDER);
    await mkdir(folder, { recursive: true });
    const stem = `${own.node.id}_${peer.node.id}`;
    const path = join(folder, stem);
    // With a time to rotate by, the whole path is a pattern.
    const file = rotate_every === undefined ? `${path}.pcap` : `${path.replaceAll('%', '%%')}${BEGUN_AT}.pcap`;
    const args = tcpdumpArgs(own.interface, file, snap_bytes);
    // tcpdump would give up root, and could not write there any more. It counts its files itself.
    args.push('-Z', 'root');
    if (rotate_mib !== undefined) args.push('-C', String(rotate_mib));
    if (rotate_every !== undefined) args.push('-G', String(Math.max(1, Math.round(durationMs(rotate_every) / 1000))));
    const counts: Counts = { captured: null, dropped: null };
    const { promise: ready, resolve: listening } = Promise.withResolvers<true>();
    const process = this.#programs.start(own.node, 'tcpdump', args, {
      env: { TZ: 'UTC' },
      onLine: (line) => {
        if (line.includes('listening on')) listening(true);
        const found = /^(\d+) packets? (captured|dropped by kernel)$/.exec(line);
        if (found) counts[found[2] === 'captured' ? 'captured' : 'dropped'] = Number(found[1]);
      },
    });
    const capture: Capture = { own, peer, stem, process, counts, cutShort: null };
    this.#captures.set(own.interface, capture);
    const ended = process.done.then(({ exitCode, signal, stderrTail }) => {
      const said = stderrTail.trim().slice(-500) || 'it said nothing';
      if (this.#stopping) return said;
      capture.cutShort = `${exitCode === null ? `ended by ${signal}` : `exit code ${exitCode}`}: ${said}`;
      logger.warn({ node: own.node.id, neighbour: peer.node.id }, `the capture ${stem} ends here: tcpdump ${capture.cutShort}`);
      return said;
    });
    const started = await Promise.race([ready, ended]);
    if (started !== true) throw new LaneError('', `tcpdump on ${own.node.id} ended: ${started}`);
  }
}

/** Of one capture, in the order in which they were begun. */
function filesOf(stem: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.startsWith(stem) && AFTER_STEM.test(name.slice(stem.length)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => `${FOLDER}/${name}`);
}
