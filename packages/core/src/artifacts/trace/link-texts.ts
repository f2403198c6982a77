import type { LinkIdentity, TickColumns, TickUpdate } from '../../contract/tick.js';
import { viewOf } from './byte-writer.js';
import { isPlain } from './link-numbers.js';

/** Numbers that stand in {@link LinkTexts.places} for each link: where its parts begin and end, and whether its id says all of it. */
export const PLACE = { head: 0, headEnd: 1, tailEnd: 2, id: 3, idEnd: 4, plain: 5 } as const;
const PLACES = Object.keys(PLACE).length;
const NONE = -1;

/**
 * What never changes about the links of a stream, as the bytes that the canonical text has: a head (kind and id, up to the
 * loss) and a tail behind it (source and target, up to the state). Only of links that are there, so it grows with the
 * network and not with the run.
 *
 * All in one buffer with one table of places, because the texts of a tick's links are read between other work that has
 * emptied the processor's caches: an object for each link and a buffer for each part of it took up to three times as long.
 */
export class LinkTexts {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  #links: readonly LinkIdentity[] = [];
  /** View of the bytes; until the next call of {@link place}. */
  view = viewOf(this.#bytes);
  /** By {@link PLACE}, from what {@link place} returns. */
  places = new Int32Array();

  /** Before the texts of a tick's links are asked for: forgets those of links that are gone. */
  enter({ snapshot }: Pick<TickUpdate, 'snapshot'>, { links, removals }: TickColumns): void {
    if (links !== this.#links || snapshot) {
      this.places.fill(NONE);
      this.#length = 0;
    }
    this.#links = links;
    if (this.places.length < links.length * PLACES) {
      const larger = new Int32Array(2 * links.length * PLACES).fill(NONE);
      larger.set(this.places);
      this.places = larger;
    }
    for (const number of removals) this.places[number * PLACES] = NONE;
  }

  /** Where in {@link places} the places of a link's text stand; the text is made when it is not there. */
  place(number: number): number {
    const at = number * PLACES;
    if (this.places[at] === NONE) this.#make(at, this.#links[number]!);
    return at;
  }

  #make(at: number, link: LinkIdentity): void {
    const id = JSON.stringify(link.linkId);
    const before = `,"kind":${JSON.stringify(link.kind)},"linkId":`;
    const after = ',"lossPct":';
    const tail = `,"source":${JSON.stringify(link.source)},"target":${JSON.stringify(link.target)},"up":`;
    const { places } = this;
    this.#reserve(Buffer.byteLength(before + id + after + tail));
    places[at + PLACE.head] = this.#length;
    places[at + PLACE.id] = this.#append(before);
    places[at + PLACE.idEnd] = this.#append(id);
    places[at + PLACE.headEnd] = this.#append(after);
    places[at + PLACE.tailEnd] = this.#append(tail);
    places[at + PLACE.plain] = isPlain(link) ? 1 : 0;
  }

  #append(text: string): number {
    this.#length += this.#bytes.write(text, this.#length);
    return this.#length;
  }

  /** A buffer that is full is replaced by one with room, to which only what is still wanted moves. */
  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const { places } = this;
    const old = this.#bytes;
    let kept = 0;
    for (let at = 0; at < places.length; at += PLACES) if (places[at] !== NONE) kept += places[at + PLACE.tailEnd]! - places[at]!;
    this.#bytes = Buffer.alloc(2 * (kept + bytes));
    this.view = viewOf(this.#bytes);
    this.#length = 0;
    for (let at = 0; at < places.length; at += PLACES) {
      const from = places[at]!;
      if (from === NONE) continue;
      const by = this.#length - from;
      this.#length += old.copy(this.#bytes, this.#length, from, places[at + PLACE.tailEnd]);
      for (const part of [PLACE.head, PLACE.headEnd, PLACE.tailEnd, PLACE.id, PLACE.idEnd]) places[at + part]! += by;
    }
  }
}
