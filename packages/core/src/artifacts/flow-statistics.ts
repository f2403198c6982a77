import type { FlowSample } from '../contract/results.js';
import type { NodeId } from '../contract/tick.js';
import type { FlowSummary } from '../run/types.js';
import { Numbers } from './numbers.js';
import type { SpillFile } from './spill-file.js';

/** Gathers what one lane says of one flow. */
export class FlowStatistics {
  readonly #flow: string;
  readonly #lane: string;
  readonly #rttMs: Numbers;
  readonly #oneWayDelayMs: Numbers;
  readonly #lossPct: Numbers;
  readonly #goodputMbps: Numbers;
  readonly #paths = new Map<string, { readonly nodes: readonly NodeId[]; samples: number }>();
  #samples = 0;
  #known = 0;
  #available = 0;
  #pathChanges = 0;
  #handovers = 0;
  #outages = 0;
  #outageSinceMs: number | null = null;
  #longestOutageMs = 0;
  #lastMs = 0;
  /** The last one that was known: an outage has none. */
  #lastPath: Pick<FlowSample, 'pathHash' | 'path'> | null = null;

  constructor(flow: string, lane: string, file: SpillFile | null = null) {
    this.#flow = flow;
    this.#lane = lane;
    this.#rttMs = new Numbers(file);
    this.#oneWayDelayMs = new Numbers(file);
    this.#lossPct = new Numbers(file);
    this.#goodputMbps = new Numbers(file);
  }

  add(sample: FlowSample): void {
    this.#samples += 1;
    if (sample.rttMs !== null) this.#rttMs.add(sample.rttMs);
    if (sample.oneWayDelayMs !== null) this.#oneWayDelayMs.add(sample.oneWayDelayMs);
    if (sample.lossPct !== null) this.#lossPct.add(sample.lossPct);
    if (sample.goodputMbps !== null) this.#goodputMbps.add(sample.goodputMbps);
    if (sample.lossPct !== null) this.#addAvailability(sample.lossPct !== 100, sample.simTimeMs);
    if (sample.pathHash !== null) this.#addPath(sample.pathHash, sample.path);
    this.#lastMs = sample.simTimeMs;
  }

  summary(): FlowSummary {
    const main = [...this.#paths.values()].reduce<{ nodes: readonly NodeId[]; samples: number } | null>(
      (best, path) => (best && best.samples >= path.samples ? best : path),
      null,
    );
    const openOutageMs = this.#outageSinceMs === null ? 0 : this.#lastMs - this.#outageSinceMs;
    return {
      id: this.#flow,
      lane: this.#lane,
      rttMs: this.#rttMs.distribution(),
      oneWayDelayMs: this.#oneWayDelayMs.distribution(),
      lossPct: this.#lossPct.distribution(),
      goodputMbps: this.#goodputMbps.distribution(),
      availability: this.#known === 0 ? null : this.#available / this.#known,
      pathChanges: this.#lastPath === null ? null : this.#pathChanges,
      handovers: main === null ? null : this.#handovers,
      outages: this.#outages,
      longestOutageS: Math.max(this.#longestOutageMs, openOutageMs) / 1000,
      mainPath: main === null ? null : { nodes: main.nodes, share: main.samples / this.#samples },
      samples: this.#samples,
    };
  }

  #addAvailability(available: boolean, simTimeMs: number): void {
    this.#known += 1;
    if (available) {
      this.#available += 1;
      if (this.#outageSinceMs !== null) this.#longestOutageMs = Math.max(this.#longestOutageMs, simTimeMs - this.#outageSinceMs);
      this.#outageSinceMs = null;
    } else if (this.#outageSinceMs === null) {
      this.#outages += 1;
      this.#outageSinceMs = simTimeMs;
    }
  }

  /** Compared with the last path that was known: whoever comes back after an outage by another satellite has been handed over. */
  #addPath(pathHash: string, nodes: readonly NodeId[] | undefined): void {
    const before = this.#lastPath;
    this.#lastPath = { pathHash, ...(nodes && { path: nodes }) };
    if (before !== null && before.pathHash !== pathHash) {
      this.#pathChanges += 1;
      if (nodes && before.path && isHandover(before.path, nodes)) this.#handovers += 1;
    }
    if (!nodes) return;
    const known = this.#paths.get(pathHash);
    if (known) known.samples += 1;
    else this.#paths.set(pathHash, { nodes, samples: 1 });
  }
}

/** Whether the satellite at either end is another one. */
function isHandover(before: readonly NodeId[], after: readonly NodeId[]): boolean {
  return before[1] !== after[1] || before.at(-2) !== after.at(-2);
}
