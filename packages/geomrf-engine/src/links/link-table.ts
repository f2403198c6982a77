import type { LinkType } from '@satsim/geomrf-proto';

const FIRST_CAPACITY = 1024;

/**
 * The current link set, structure of arrays. A directed link keeps its slot from the tick it enters to the tick it leaves.
 * Each tick: {@link beginTick}; {@link enter} every link of the set and write its columns; {@link settle}; readers look at
 * {@link live} (in key order); {@link endTick}.
 */
export class LinkTable {
  capacity = FIRST_CAPACITY;
  source = new Int32Array(FIRST_CAPACITY);
  target = new Int32Array(FIRST_CAPACITY);
  type = new Uint8Array(FIRST_CAPACITY);
  up = new Uint8Array(FIRST_CAPACITY);
  delayS = new Float64Array(FIRST_CAPACITY);
  capacityBps = new Float64Array(FIRST_CAPACITY);
  /** 0 to 1 */
  lossRate = new Float64Array(FIRST_CAPACITY);
  rangeKm = new Float64Array(FIRST_CAPACITY);
  /** Of the satellite seen from the ground end; NaN between satellites, as all that follow where they do not apply. */
  elevationDeg = new Float64Array(FIRST_CAPACITY);
  azimuthDeg = new Float64Array(FIRST_CAPACITY);
  snrDb = new Float64Array(FIRST_CAPACITY);
  marginDb = new Float64Array(FIRST_CAPACITY);
  /** Index into the adaptation's steps, −1 for none. */
  modcod = new Int16Array(FIRST_CAPACITY);
  /** As of the tick before. */
  wasUp = new Uint8Array(FIRST_CAPACITY);
  wasModcod = new Int16Array(FIRST_CAPACITY);

  /** Slots of all links of this tick and of those that left with it, in key order: type, source, target. */
  live: Int32Array = new Int32Array(0);

  readonly #nodes: number;
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  #used = 0;
  #tick = 0;
  #seen = new Int32Array(FIRST_CAPACITY);
  #born = new Int32Array(FIRST_CAPACITY);
  #fresh: number[] = [];
  #leaving = 0;

  /** @param nodes how many there are; sources and targets are below it */
  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** Number of links in the set at this tick, after {@link settle}. */
  get size(): number {
    return this.live.length - this.#leaving;
  }

  beginTick(): void {
    this.#tick++;
  }

  /** The slot of a link that is in the set at this tick. */
  enter(type: LinkType, source: number, target: number): number {
    const key = this.#key(type, source, target);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#used++;
      if (slot >= this.capacity) this.#grow();
      this.#slots.set(key, slot);
      this.type[slot] = type;
      this.source[slot] = source;
      this.target[slot] = target;
      this.#born[slot] = this.#tick;
      this.wasUp[slot] = 0;
      this.wasModcod[slot] = -1;
      this.#fresh.push(slot);
    }
    this.#seen[slot] = this.#tick;
    return slot;
  }

  /** {@link enter} for a slot that is known to be there still. */
  stay(slot: number): void {
    this.#seen[slot] = this.#tick;
  }

  /** Whether the link was not in the set at the tick before. */
  isNew(slot: number): boolean {
    return this.#born[slot] === this.#tick;
  }

  /** Whether the link has left the set with this tick. */
  hasLeft(slot: number): boolean {
    return this.#seen[slot] !== this.#tick;
  }

  /** Brings {@link live} up to date. */
  settle(): void {
    if (this.#fresh.length > 0) {
      const fresh = this.#fresh.sort((p, q) => this.#keyOf(p) - this.#keyOf(q));
      const merged = new Int32Array(this.live.length + fresh.length);
      let [i, j] = [0, 0];
      for (let k = 0; k < merged.length; k++) {
        const takeOld = j === fresh.length || (i < this.live.length && this.#keyOf(this.live[i]) < this.#keyOf(fresh[j]));
        merged[k] = takeOld ? this.live[i++] : fresh[j++];
      }
      this.live = merged;
      this.#fresh = [];
    }
    this.#leaving = 0;
    for (const slot of this.live) if (this.hasLeft(slot)) this.#leaving++;
  }

  /** Forgets what has left; what is now becomes what was. */
  endTick(): void {
    if (this.#leaving > 0) {
      for (const slot of this.live) {
        if (!this.hasLeft(slot)) continue;
        this.#slots.delete(this.#keyOf(slot));
        this.#free.push(slot);
      }
      this.live = this.live.filter((slot) => !this.hasLeft(slot));
      this.#leaving = 0;
    }
    this.wasUp.set(this.up);
    this.wasModcod.set(this.modcod);
  }

  #key(type: number, source: number, target: number): number {
    return (type * this.#nodes + source) * this.#nodes + target;
  }

  #keyOf(slot: number): number {
    return this.#key(this.type[slot], this.source[slot], this.target[slot]);
  }

  #grow(): void {
    this.capacity *= 2;
    const grown = <T extends Uint8Array | Int16Array | Int32Array | Float64Array>(column: T): T => {
      const wider = new (column.constructor as new (length: number) => T)(this.capacity);
      wider.set(column);
      return wider;
    };
    this.source = grown(this.source);
    this.target = grown(this.target);
    this.type = grown(this.type);
    this.up = grown(this.up);
    this.delayS = grown(this.delayS);
    this.capacityBps = grown(this.capacityBps);
    this.lossRate = grown(this.lossRate);
    this.rangeKm = grown(this.rangeKm);
    this.elevationDeg = grown(this.elevationDeg);
    this.azimuthDeg = grown(this.azimuthDeg);
    this.snrDb = grown(this.snrDb);
    this.marginDb = grown(this.marginDb);
    this.modcod = grown(this.modcod);
    this.wasUp = grown(this.wasUp);
    this.wasModcod = grown(this.wasModcod);
    this.#seen = grown(this.#seen);
    this.#born = grown(this.#born);
  }
}
