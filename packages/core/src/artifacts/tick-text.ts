import type { LinkBudget, LinkIdentity, LinkState, TickColumns, TickUpdate } from '../contract/tick.js';
import { GeomrfError } from '../errors.js';
import { LinkOrder } from './link-order.js';
import { NUMBER_BYTES, writeNumber } from './number-text.js';
import { TickPacker } from './tick-packer.js';

/** The parts of a link's text that never change. */
interface LinkText {
  readonly identity: Uint8Array;
  readonly ends: Uint8Array;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const FIRST = utf8('{"capacityMbps":');
const NEXT = utf8(',{"capacityMbps":');
const DELAY = utf8(',"oneWayDelayMs":');
const UP = utf8('true}');
const DOWN = utf8('false}');
const END = utf8(']}\n');
/** What a link's text takes beside its static parts and its budget. */
const LINK_BYTES = NEXT.length + DELAY.length + DOWN.length + 3 * NUMBER_BYTES;

/**
 * The canonical text of ticks: one JSON line each, without runId, scenarioRef and stats; keys sorted, removals and
 * updates sorted by link id, numbers as JSON has them (shortest that reads back the same).
 *
 * Written byte by byte out of columns, because a generic serialiser with sorted keys takes many times as long: what is
 * static about a link is kept as bytes, and its place among all links as a number.
 */
export class TickText {
  readonly #packer = new TickPacker();
  #links: readonly LinkIdentity[] = [];
  #order = new LinkOrder();
  /** By number, of links that are there: as large as the network, not as the run. */
  #texts: (LinkText | undefined)[] = [];
  #out = Buffer.alloc(1 << 16);
  #length = 0;

  /**
   * UTF-8, with a newline at the end; the bytes are the caller's until the next call.
   * @throws GeomrfError GEOMRF_INTERNAL when a number is not finite
   */
  line(tick: TickUpdate): Uint8Array {
    const columns = tick.columns ?? this.#packer.pack(tick);
    this.#forget(tick, columns);
    const rows = this.#order.rows(columns.links, columns.link);
    const removals = tick.removals.length === 0 ? '[]' : JSON.stringify([...tick.removals].sort());
    this.#length = 0;
    this.#text(`{"removals":${removals},"simTimeMs":${tick.simTimeMs},"snapshot":${tick.snapshot},"tickIndex":${tick.tickIndex},"updates":[`);
    const plain = tick.columns === undefined ? tick.updates : null;
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i]!;
      const text = this.#textOf(columns.link[row]!);
      this.#reserve(text.identity.length + text.ends.length + LINK_BYTES);
      const capacity = columns.capacityMbps[row]!;
      const loss = columns.lossPct[row]!;
      const delay = columns.oneWayDelayMs[row]!;
      // x - x is 0 for every finite x and NaN for the others.
      if (capacity - capacity + (loss - loss) + (delay - delay) !== 0) notFinite(tick.tickIndex, tick.updates[row]!);
      this.#put(i === 0 ? FIRST : NEXT);
      this.#number(capacity);
      this.#put(text.identity);
      this.#number(loss);
      this.#put(DELAY);
      this.#number(delay);
      const rf = plain?.[row]!.rf;
      if (rf !== undefined) this.#text(budgetText(tick.tickIndex, plain![row]!, rf), text.ends.length + DOWN.length);
      this.#put(text.ends);
      this.#put(columns.up[row] === 1 ? UP : DOWN);
    }
    this.#reserve(END.length);
    this.#put(END);
    return this.#out.subarray(0, this.#length);
  }

  #forget({ snapshot }: TickUpdate, { links, removals }: TickColumns): void {
    if (links !== this.#links) {
      this.#links = links;
      this.#order = new LinkOrder();
      this.#texts = [];
    }
    if (snapshot) this.#texts = [];
    // Filled up, because an array with large gaps is a slow one.
    for (let number = this.#texts.length; number < links.length; number += 1) this.#texts.push(undefined);
    for (const number of removals) this.#texts[number] = undefined;
  }

  #textOf(number: number): LinkText {
    const known = this.#texts[number];
    if (known !== undefined) return known;
    const { linkId, source, target, kind } = this.#links[number]!;
    const text = {
      identity: utf8(`,"kind":${JSON.stringify(kind)},"linkId":${JSON.stringify(linkId)},"lossPct":`),
      ends: utf8(`,"source":${JSON.stringify(source)},"target":${JSON.stringify(target)},"up":`),
    };
    this.#texts[number] = text;
    return text;
  }

  /** Makes room for so many bytes more. */
  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const larger = Buffer.alloc(2 * (this.#length + bytes));
    larger.set(this.#out.subarray(0, this.#length));
    this.#out = larger;
  }

  #put(bytes: Uint8Array): void {
    this.#out.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #number(value: number): void {
    this.#length = writeNumber(this.#out, this.#length, value);
  }

  /** @param after what is reserved behind it */
  #text(text: string, after = 0): void {
    this.#reserve(3 * text.length + after);
    this.#length += this.#out.write(text, this.#length);
  }
}

function budgetText(tickIndex: number, link: LinkState, rf: LinkBudget): string {
  const { azimuthDeg, elevationDeg, marginDb, slantRangeKm, snrDb } = rf;
  if (![azimuthDeg, elevationDeg, marginDb, slantRangeKm, snrDb].every((value) => value === null || Number.isFinite(value))) notFinite(tickIndex, link);
  const modcod = rf.modcod === null ? 'null' : JSON.stringify(rf.modcod);
  return `,"rf":{"azimuthDeg":${azimuthDeg},"elevationDeg":${elevationDeg},"marginDb":${marginDb},"modcod":${modcod},"slantRangeKm":${slantRangeKm},"snrDb":${snrDb}}`;
}

function notFinite(tickIndex: number, link: LinkState): never {
  throw new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex}: link ${link.linkId} has a quantity that is not a finite number: ${quantities(link)}`, {
    tickIndex,
    hint: 'the tick source is at fault; its version stands in manifests/run.json',
  });
}

function quantities({ capacityMbps, lossPct, oneWayDelayMs, rf }: LinkState): string {
  const all = Object.entries({ capacityMbps, lossPct, oneWayDelayMs, ...rf });
  return all.flatMap(([name, value]) => (typeof value === 'number' && !Number.isFinite(value) ? [`${name} ${value}`] : [])).join(', ');
}
