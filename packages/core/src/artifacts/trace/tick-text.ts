import type { LinkBudget, LinkIdentity, LinkState, TickColumns, TickUpdate } from '../../contract/tick.js';
import { GeomrfError } from '../../errors.js';
import { ByteWriter, viewOf } from './byte-writer.js';
import { LinkOrder } from './link-order.js';
import { LinkTexts, PLACE } from './link-texts.js';
import { NUMBER_BYTES } from './number-text.js';
import { TickPacker } from './tick-packer.js';

const utf8 = (text: string): DataView => viewOf(Buffer.from(text));
const COMMA = 0x2c;
const CAPACITY = utf8('{"capacityMbps":');
const DELAY = utf8(',"oneWayDelayMs":');
const UP = utf8('true}');
const DOWN = utf8('false}');
const END = utf8(']}\n');
/** What a link's text takes beside what {@link LinkTexts} has of it, and its budget. */
const LINK_BYTES = 1 + CAPACITY.byteLength + DELAY.byteLength + DOWN.byteLength + 3 * NUMBER_BYTES;

/**
 * The canonical text of ticks: one JSON line each, without runId, scenarioRef and stats; keys sorted, removals and
 * updates sorted by link id, numbers as JSON has them (shortest that reads back the same).
 *
 * Written byte by byte out of columns, because a generic serialiser with sorted keys takes many times as long: what stays
 * the same about a link, delays alone change in most ticks, is kept as bytes, and its place among all links as a number.
 */
export class TickText {
  readonly #packer = new TickPacker();
  readonly #texts: LinkTexts;
  readonly #out = new ByteWriter(1 << 16);
  #links: readonly LinkIdentity[] = [];
  #order = new LinkOrder();

  constructor(texts = new LinkTexts()) {
    this.#texts = texts;
  }

  /**
   * UTF-8, with a newline at the end; the bytes are the caller's until the next call.
   * @param columns of a tick without any, where somebody has packed it already
   * @throws GeomrfError GEOMRF_INTERNAL when a number is not finite
   */
  line(tick: TickUpdate, columns: TickColumns = tick.columns ?? this.#packer.pack(tick)): Uint8Array {
    const { links, link } = columns;
    if (links !== this.#links) this.#order = new LinkOrder();
    this.#links = links;
    this.#texts.enter(tick, columns);
    const rows = this.#order.rows(links, link);
    const removals = tick.removals.length === 0 ? '[]' : JSON.stringify([...tick.removals].sort());
    const out = this.#out;
    out.clear();
    out.text(`{"removals":${removals},"simTimeMs":${tick.simTimeMs},"snapshot":${tick.snapshot},"tickIndex":${tick.tickIndex},"updates":[`);
    this.#write(tick, columns, rows);
    out.reserve(END.byteLength);
    out.copy(END);
    return out.bytes;
  }

  /**
   * The links alone. V8 begins to optimise in the middle of the first tick, the longest, and knows nothing of what comes after such a
   * loop: behind it the optimised code of every later tick would be thrown away.
   */
  #write(tick: TickUpdate, { link, up, oneWayDelayMs, capacityMbps, lossPct }: TickColumns, rows: Int32Array): void {
    const out = this.#out;
    const texts = this.#texts;
    const plain = tick.columns === undefined ? tick.updates : null;
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i]!;
      const capacity = capacityMbps[row]!;
      const loss = lossPct[row]!;
      const delay = oneWayDelayMs[row]!;
      // x - x is 0 for every finite x and NaN for the others.
      if (capacity - capacity + (loss - loss) + (delay - delay) !== 0) notFinite(tick.tickIndex, tick.updates[row]!);
      const at = texts.place(link[row]!);
      const { places, view } = texts;
      const head = places[at + PLACE.head]!;
      const headEnd = places[at + PLACE.headEnd]!;
      const tailEnd = places[at + PLACE.tailEnd]!;
      const after = tailEnd - headEnd + LINK_BYTES;
      out.reserve(headEnd - head + after);
      if (i > 0) out.byte(COMMA);
      out.copy(CAPACITY);
      out.number(capacity);
      out.copy(view, head, headEnd);
      out.number(loss);
      out.copy(DELAY);
      out.number(delay);
      const rf = plain?.[row]!.rf;
      if (rf !== undefined) out.text(budgetText(tick.tickIndex, plain![row]!, rf), after);
      out.copy(view, headEnd, tailEnd);
      out.copy(up[row] === 1 ? UP : DOWN);
    }
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
