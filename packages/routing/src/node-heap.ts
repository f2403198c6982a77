/** Binary heap of node numbers, least key first; every node is in it at most once. */
export class NodeHeap {
  readonly #keys: Float64Array;
  readonly #items: Int32Array;
  /** Where a node stands in the heap, or -1. */
  readonly #places: Int32Array;
  #size = 0;

  /** @param keys by node number; read whenever nodes are compared */
  constructor(keys: Float64Array) {
    this.#keys = keys;
    this.#items = new Int32Array(keys.length);
    this.#places = new Int32Array(keys.length).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  clear(): void {
    for (let place = 0; place < this.#size; place++) this.#places[this.#items[place]] = -1;
    this.#size = 0;
  }

  /** Puts a node in, or moves it to its place after its key has become smaller. */
  raise(node: number): void {
    let place = this.#places[node];
    if (place < 0) place = this.#size++;
    const key = this.#keys[node];
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = this.#items[parent];
      if (this.#keys[other] <= key) break;
      this.#items[place] = other;
      this.#places[other] = place;
      place = parent;
    }
    this.#items[place] = node;
    this.#places[node] = place;
  }

  /** Takes the node with the least key out; the heap must not be empty. */
  take(): number {
    const least = this.#items[0];
    this.#places[least] = -1;
    const last = this.#items[--this.#size];
    if (this.#size > 0) this.#sink(last);
    return least;
  }

  #sink(node: number): void {
    const key = this.#keys[node];
    const size = this.#size;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#keys[this.#items[child + 1]] < this.#keys[this.#items[child]]) child++;
      const other = this.#items[child];
      if (this.#keys[other] >= key) break;
      this.#items[place] = other;
      this.#places[other] = place;
      place = child;
    }
    this.#items[place] = node;
    this.#places[node] = place;
  }
}
