import { Numbers } from '../artifacts/numbers.js';
import type { SpillFile } from '../artifacts/spill-file.js';
import type { FlowSample } from '../contract/results.js';
import type { NodeId } from '../contract/tick.js';

/** Numbers the paths of all series that are compared, so that equal paths have equal numbers. */
export class PathTable {
  readonly #parent: PathTable | null;
  readonly #first: number;
  readonly #numbers = new Map<string, number>();
  readonly #ends: (string | null)[] = [];

  /** @param parent whose numbers hold here too; it numbers nothing new from now on */
  constructor(parent: PathTable | null = null) {
    this.#parent = parent;
    this.#first = parent === null ? 0 : parent.#first + parent.#ends.length;
  }

  number(hash: string, nodes: readonly NodeId[] | undefined): number {
    let number = this.#find(hash);
    if (number === undefined) {
      number = this.#first + this.#ends.push(null) - 1;
      this.#numbers.set(hash, number);
    }
    if (nodes && this.#endsOf(number) === null) this.#setEnds(number, `${nodes[1]}>${nodes.at(-2)}`);
    return number;
  }

  /** Whether the satellite at either end differs. Of a path that no lane named, nothing but that it is another one is known. */
  isHandover(before: number, after: number): boolean {
    if (before === after) return false;
    const ends = this.#endsOf(before);
    return ends === null || ends !== this.#endsOf(after);
  }

  #find(hash: string): number | undefined {
    const number = this.#numbers.get(hash);
    return number !== undefined || this.#parent === null ? number : this.#parent.#find(hash);
  }

  #endsOf(number: number): string | null {
    return number < this.#first ? this.#parent!.#endsOf(number) : this.#ends[number - this.#first]!;
  }

  #setEnds(number: number, ends: string): void {
    if (number < this.#first) this.#parent!.#setEnds(number, ends);
    else this.#ends[number - this.#first] = ends;
  }
}

/** What one lane of one run said of one flow, by quantity; NaN where a sample did not have it. */
export class FlowSeries {
  readonly times: Numbers;
  readonly rttMs: Numbers;
  readonly oneWayDelayMs: Numbers;
  readonly lossPct: Numbers;
  readonly goodputMbps: Numbers;
  readonly hops: Numbers;
  /** Numbers of the table. */
  readonly paths: Numbers;
  readonly #table: PathTable;

  constructor(table: PathTable, file: SpillFile | null = null) {
    this.#table = table;
    this.times = new Numbers(file);
    this.rttMs = new Numbers(file);
    this.oneWayDelayMs = new Numbers(file);
    this.lossPct = new Numbers(file);
    this.goodputMbps = new Numbers(file);
    this.hops = new Numbers(file);
    this.paths = new Numbers(file);
  }

  add({ simTimeMs, rttMs, oneWayDelayMs, lossPct, goodputMbps, hops, pathHash, path }: FlowSample): void {
    this.times.add(simTimeMs);
    this.rttMs.add(rttMs ?? Number.NaN);
    this.oneWayDelayMs.add(oneWayDelayMs ?? Number.NaN);
    this.lossPct.add(lossPct ?? Number.NaN);
    this.goodputMbps.add(goodputMbps ?? Number.NaN);
    this.hops.add(hops ?? Number.NaN);
    this.paths.add(pathHash === null ? Number.NaN : this.#table.number(pathHash, path));
  }

  /** Sim times of the samples that first had another satellite at either end, ascending. */
  handoverTimes(): number[] {
    const paths = this.paths.values();
    const times = this.times.values();
    const found: number[] = [];
    let last = Number.NaN;
    for (let i = 0; i < paths.length; i += 1) {
      const path = paths[i]!;
      if (Number.isNaN(path)) continue;
      if (!Number.isNaN(last) && this.#table.isHandover(last, path)) found.push(times[i]!);
      last = path;
    }
    return found;
  }
}
