import { roomy } from '../links/columns.js';
import type { Positions } from '../orbit/ecef-positions.js';
import { AscendingOrder } from './ascending-order.js';
import type { ChangingLinks } from './isl-plan.js';
import { PointCells } from './point-cells.js';
import type { UsablePairs } from './usable-pairs.js';

/** An existing link is given up only when another one is shorter than this share of it. */
const KEEP = 0.9;
/** How often a satellite looks for its nearest ones. */
const LOOK_MS = 15_000;
/** They look in groups, one after the other, so that the work is spread over the ticks. */
const LOOK_GROUPS = 5;

/**
 * Links every satellite to its nearest ones, as many as it has room for: at every tick pairs are taken from the shortest up
 * while both ends have room. Links that exist count as a tenth shorter, which keeps them from flapping; ties go to the lower
 * index. A pair is thought of when one was among the nearest of the other, when that looked around within the last 15 s, or
 * when it is linked. The choice at one tick depends on the ticks before.
 */
export class NearestNeighbours {
  /** Pairs chosen by the last {@link choose}, `a[p]` < `b[p]`, ascending. */
  a = new Int32Array(0);
  b = new Int32Array(0);
  count = 0;

  readonly #room: Int32Array;
  readonly #groupOf: Int32Array;
  readonly #points: Int32Array;
  readonly #k: number;
  readonly #cells: PointCells;
  /** Of each point, up to k. */
  readonly #near: Int32Array;
  readonly #nearCount: Int32Array;
  /** By point: when it looked around, in units of its LOOK_MS. */
  readonly #looked: Float64Array;
  readonly #order = new AscendingOrder();
  readonly #free: Int32Array;
  /** Pairs to choose from: partners of `a`, ascending, are `partner[start[a]]` to `partner[end[a]]`. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  #partner = new Int32Array(0);
  #pairA = new Int32Array(0);
  #pairB = new Int32Array(0);
  #isChosen = new Uint8Array(0);

  constructor({ room, groupOf }: ChangingLinks) {
    this.#room = room;
    this.#groupOf = groupOf;
    this.#points = Int32Array.from(Array.from(room.keys()).filter((i) => room[i] > 0));
    // Twice as many as needed: some of them will be taken by others.
    this.#k = 2 * room.reduce((most, each) => Math.max(most, each), 0);
    this.#cells = new PointCells(this.#points, this.#k);
    this.#near = new Int32Array(this.#k * this.#points.length);
    this.#nearCount = new Int32Array(this.#points.length);
    this.#looked = new Float64Array(this.#points.length).fill(Number.NaN);
    this.#free = new Int32Array(room.length);
    this.#start = new Int32Array(room.length + 1);
    this.#end = new Int32Array(room.length);
  }

  /** @param usable at this instant, as the positions */
  choose(timeMs: number, positions: Positions, usable: UsablePairs): void {
    if (this.#lookAround(timeMs, positions)) this.#gather();
    const considered = this.#weigh(positions, usable);
    this.#take(considered);
  }

  /** @returns whether anybody did */
  #lookAround(timeMs: number, { x, y, z }: Positions): boolean {
    let isSorted = false;
    for (let p = 0; p < this.#points.length; p++) {
      const group = Math.floor((p * LOOK_GROUPS) / this.#points.length);
      const turn = Math.floor(timeMs / LOOK_MS + group / LOOK_GROUPS);
      if (turn === this.#looked[p]) continue;
      if (!isSorted) this.#cells.sort(x, y, z);
      isSorted = true;
      this.#looked[p] = turn;
      const from = p * this.#k;
      const found = this.#cells.nearest(this.#points[p], this.#near, from);
      let kept = from;
      for (let m = from; m < from + found; m++) if (this.#mayLink(this.#points[p], this.#near[m])) this.#near[kept++] = this.#near[m];
      this.#nearCount[p] = kept - from;
    }
    return isSorted;
  }

  #mayLink(i: number, j: number): boolean {
    return this.#groupOf[i] < 0 || this.#groupOf[i] !== this.#groupOf[j];
  }

  /** All pairs to think of until somebody looks around again, each once, by the lower satellite. */
  #gather(): void {
    const [start, end, points, near, k] = [this.#start, this.#end, this.#points, this.#near, this.#k];
    start.fill(0);
    for (let p = 0; p < points.length; p++) {
      for (let m = p * k; m < p * k + this.#nearCount[p]; m++) start[Math.min(points[p], near[m])]++;
    }
    for (let q = 0; q < this.count; q++) start[this.a[q]]++;
    let sum = 0;
    for (let i = 0; i < end.length; i++) {
      const members = start[i];
      start[i] = sum;
      end[i] = sum;
      sum += members;
    }
    this.#partner = roomy(this.#partner, sum);
    for (let q = 0; q < this.count; q++) this.#insert(this.a[q], this.b[q]);
    for (let p = 0; p < points.length; p++) {
      for (let m = p * k; m < p * k + this.#nearCount[p]; m++) this.#insert(Math.min(points[p], near[m]), Math.max(points[p], near[m]));
    }
  }

  #insert(a: number, b: number): void {
    const partner = this.#partner;
    const from = this.#start[a];
    let place = this.#end[a];
    while (place > from && partner[place - 1] > b) place--;
    if (place > from && partner[place - 1] === b) return;
    for (let m = this.#end[a]++; m > place; m--) partner[m] = partner[m - 1];
    partner[place] = b;
  }

  /** Writes the usable pairs and their weights. @returns how many there are */
  #weigh({ x, y, z }: Positions, usable: UsablePairs): number {
    const [start, end, partner, linkedA, linkedB] = [this.#start, this.#end, this.#partner, this.a, this.b];
    const pairA = (this.#pairA = roomy(this.#pairA, partner.length));
    const pairB = (this.#pairB = roomy(this.#pairB, partner.length));
    const keys = this.#order.keys(partner.length);
    const links = this.count;
    let count = 0;
    let linked = 0;
    for (let a = 0; a < end.length; a++) {
      for (let m = start[a]; m < end[a]; m++) {
        const b = partner[m];
        while (linked < links && (linkedA[linked] < a || (linkedA[linked] === a && linkedB[linked] < b))) linked++;
        const isLinked = linked < links && linkedA[linked] === a && linkedB[linked] === b;
        const dx = x[a] - x[b];
        const dy = y[a] - y[b];
        const dz = z[a] - z[b];
        const range2 = dx * dx + dy * dy + dz * dz;
        if (!usable.has(a, b, range2)) continue;
        pairA[count] = a;
        pairB[count] = b;
        keys[count++] = isLinked ? range2 * KEEP * KEEP : range2;
      }
    }
    return count;
  }

  #take(count: number): void {
    const [free, pairA, pairB] = [this.#free, this.#pairA, this.#pairB];
    free.set(this.#room);
    const isChosen = (this.#isChosen = roomy(this.#isChosen, count).fill(0, 0, count));
    let chosen = 0;
    const order = this.#order.sort(count);
    for (let i = 0; i < count; i++) {
      const q = order[i];
      const a = pairA[q];
      const b = pairB[q];
      if (free[a] === 0 || free[b] === 0) continue;
      free[a]--;
      free[b]--;
      isChosen[q] = 1;
      chosen++;
    }
    this.a = roomy(this.a, chosen);
    this.b = roomy(this.b, chosen);
    this.count = 0;
    for (let q = 0; q < count; q++) {
      if (isChosen[q] === 0) continue;
      this.a[this.count] = pairA[q];
      this.b[this.count++] = pairB[q];
    }
  }
}
