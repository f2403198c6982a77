const BUCKETS = 4096;
/** Width of a bucket: 2^16 ns of delay (20 km of light) in units of link weights, as its reciprocal. */
const BUCKETS_PER_WEIGHT = 2 ** -32;

/**
 * Nodes in the order of their keys to within the width of a bucket (Dial, Communications of the ACM 12, 1969, algorithm 360f):
 * what is taken is less than one bucket's width above the least. Within a bucket: first in, first out. Every node is in it
 * at most once, so memory is fixed.
 */
export class BucketQueue {
  /** Rings of nodes, one a bucket, each through an entry of its own beyond those of the nodes. -1: the node is not queued. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #nodeCount: number;
  #size = 0;
  /** No queued node belongs before this bucket. Counted without end; the rings are used in turn. */
  #bucket = 0;

  constructor(nodeCount: number) {
    this.#nodeCount = nodeCount;
    this.#next = new Int32Array(nodeCount + BUCKETS).fill(-1);
    this.#previous = new Int32Array(nodeCount + BUCKETS);
    for (let ring = nodeCount; ring < nodeCount + BUCKETS; ring++) this.#next[ring] = this.#previous[ring] = ring;
  }

  /** Puts a node in, or moves it after its key has become smaller. */
  put(node: number, key: number): void {
    const next = this.#next;
    const previous = this.#previous;
    if (next[node] >= 0) {
      const after = next[node];
      next[previous[node]] = after;
      previous[after] = previous[node];
    } else this.#size++;
    const bucket = (key * BUCKETS_PER_WEIGHT) | 0;
    if (this.#size === 1 || bucket < this.#bucket) this.#bucket = bucket;
    // Beyond the rings: the last one, to be looked at again in time.
    const ring = this.#nodeCount + (Math.min(bucket, this.#bucket + BUCKETS - 1) & (BUCKETS - 1));
    const last = previous[ring];
    next[last] = node;
    previous[node] = last;
    next[node] = ring;
    previous[ring] = node;
  }

  /** Takes a node of the least bucket out; -1 when there is none. */
  take(keys: Float64Array): number {
    const next = this.#next;
    while (this.#size > 0) {
      const ring = this.#nodeCount + (this.#bucket & (BUCKETS - 1));
      const node = next[ring];
      if (node === ring) {
        this.#bucket++;
        continue;
      }
      const after = next[node];
      next[ring] = after;
      this.#previous[after] = ring;
      next[node] = -1;
      this.#size--;
      const bucket = (keys[node] * BUCKETS_PER_WEIGHT) | 0;
      if (bucket <= this.#bucket) return node;
      // The ring is also that of a later bucket.
      this.put(node, keys[node]);
    }
    return -1;
  }
}
