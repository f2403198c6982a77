import type { LinkIdentity } from '../../contract/tick.js';

/** The order of links by their ids, as numbers: what has been compared once is not compared again. */
export class LinkOrder {
  /** Links that are known; the arrays by link have room for more. */
  #count = 0;
  /** Numbers of the links in the order of their ids. */
  #sorted = new Int32Array(1024);
  /** Place of each link in that order. */
  #rank = new Int32Array(1024);
  /** A bit for each link of a tick, by rank; zeros between the calls. */
  #marks = new Int32Array(32);
  /** Row of a tick's update, by rank. */
  #row = new Int32Array(1024);
  #rows = new Int32Array(1024);

  /** Rows of a tick's updates in the order of their link ids; to be used before the next call. */
  rows(links: readonly LinkIdentity[], link: Int32Array): Int32Array {
    if (links.length > this.#count) this.#add(links);
    const n = link.length;
    if (this.#rows.length < n) this.#rows = new Int32Array(2 * n);
    const rows = this.#rows.subarray(0, n);
    this.#mark(link);
    const found = this.#takeMarked(rows);
    // A link that is updated twice has one bit: rare enough to be sorted the slow way.
    if (found < n) rows.set(Array.from(link.keys()).sort((a, b) => this.#rank[link[a]!]! - this.#rank[link[b]!]! || a - b));
    return rows;
  }

  #mark(link: Int32Array): void {
    for (let row = 0; row < link.length; row += 1) {
      const at = this.#rank[link[row]!]!;
      this.#marks[at >>> 5]! |= 1 << (at & 31);
      this.#row[at] = row;
    }
  }

  /** Puts the rows of what is marked in order, and takes the marks away. */
  #takeMarked(rows: Int32Array): number {
    const marks = this.#marks;
    let found = 0;
    for (let word = 0; word < marks.length; word += 1) {
      for (let left = marks[word]!; left !== 0; left &= left - 1) {
        rows[found] = this.#row[(word << 5) + 31 - Math.clz32(left & -left)]!;
        found += 1;
      }
      marks[word] = 0;
    }
    return found;
  }

  /** Puts the new links between the old ones, which are moved in blocks. */
  #add(links: readonly LinkIdentity[]): void {
    const known = this.#count;
    const total = links.length;
    if (total > this.#sorted.length) {
      const larger = new Int32Array(2 * total);
      larger.set(this.#sorted);
      this.#sorted = larger;
      this.#rank = new Int32Array(2 * total);
      this.#marks = new Int32Array(Math.ceil((2 * total) / 32));
      this.#row = new Int32Array(2 * total);
    }
    const added = Array.from({ length: total - known }, (_, i) => known + i).sort((a, b) => (before(links, a, b) ? -1 : 1));
    const sorted = this.#sorted;
    let end = known;
    for (let i = added.length - 1; i >= 0; i -= 1) {
      const number = added[i]!;
      const at = this.#placeOf(links, number, end);
      sorted.copyWithin(at + i + 1, at, end);
      sorted[at + i] = number;
      end = at;
    }
    for (let at = end; at < total; at += 1) this.#rank[sorted[at]!] = at;
    this.#count = total;
  }

  /** Among the first `end` old links, the place before which all ids are smaller. */
  #placeOf(links: readonly LinkIdentity[], number: number, end: number): number {
    let low = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(links, this.#sorted[middle]!, number)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function before(links: readonly LinkIdentity[], a: number, b: number): boolean {
  return links[a]!.linkId < links[b]!.linkId;
}
