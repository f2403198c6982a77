import type { LinkBudget, LinkIdentity, LinkState, TickColumns, TickUpdate } from '../../contract/tick.js';
import { GeomrfError } from '../../errors.js';
import { ByteWriter } from './byte-writer.js';
import { LinkCache } from './link-cache.js';
import { LinkOrder } from './link-order.js';
import { NUMBER_BYTES } from './number-text.js';
import { TickPacker } from './tick-packer.js';

/** The parts of a link's text that hardly ever change: what is before its delay, up to the quantities that are given, and what is behind it. */
interface LinkText {
  capacityMbps: number;
  lossPct: number;
  head: Uint8Array;
  readonly ends: Uint8Array;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const COMMA = 0x2c;
const UP = utf8('true}');
const DOWN = utf8('false}');
const END = utf8(']}\n');
/** What a link's text takes beside its static parts and its budget. */
const LINK_BYTES = 1 + DOWN.length + NUMBER_BYTES;

/**
 * The canonical text of ticks: one JSON line each, without runId, scenarioRef and stats; keys sorted, removals and
 * updates sorted by link id, numbers as JSON has them (shortest that reads back the same).
 *
 * Written byte by byte out of columns, because a generic serialiser with sorted keys takes many times as long: what stays
 * the same about a link, delays alone change in most ticks, is kept as bytes, and its place among all links as a number.
 */
export class TickText {
  readonly #packer = new TickPacker();
  readonly #texts = new LinkCache(textsOf);
  readonly #out = new ByteWriter(1 << 16);
  #links: readonly LinkIdentity[] = [];
  #order = new LinkOrder();

  /**
   * UTF-8, with a newline at the end; the bytes are the caller's until the next call.
   * @param columns of a tick without any, where somebody has packed it already
   * @throws GeomrfError GEOMRF_INTERNAL when a number is not finite
   */
  line(tick: TickUpdate, columns: TickColumns = tick.columns ?? this.#packer.pack(tick)): Uint8Array {
    const { links, link, up, oneWayDelayMs, capacityMbps, lossPct } = columns;
    if (links !== this.#links) this.#order = new LinkOrder();
    this.#links = links;
    this.#texts.enter(tick, columns);
    const rows = this.#order.rows(links, link);
    const removals = tick.removals.length === 0 ? '[]' : JSON.stringify([...tick.removals].sort());
    const out = this.#out;
    out.clear();
    out.text(`{"removals":${removals},"simTimeMs":${tick.simTimeMs},"snapshot":${tick.snapshot},"tickIndex":${tick.tickIndex},"updates":[`);
    const plain = tick.columns === undefined ? tick.updates : null;
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i]!;
      const text = this.#texts.get(link[row]!);
      const capacity = capacityMbps[row]!;
      const loss = lossPct[row]!;
      const delay = oneWayDelayMs[row]!;
      // x - x is 0 for every finite x and NaN for the others.
      if (capacity - capacity + (loss - loss) + (delay - delay) !== 0) notFinite(tick.tickIndex, tick.updates[row]!);
      if (capacity !== text.capacityMbps || loss !== text.lossPct) enter(text, links[link[row]!]!, capacity, loss);
      out.reserve(text.head.length + text.ends.length + LINK_BYTES);
      if (i > 0) out.byte(COMMA);
      out.put(text.head);
      out.number(delay);
      const rf = plain?.[row]!.rf;
      if (rf !== undefined) out.text(budgetText(tick.tickIndex, plain![row]!, rf), text.ends.length + DOWN.length);
      out.put(text.ends);
      out.put(up[row] === 1 ? UP : DOWN);
    }
    out.reserve(END.length);
    out.put(END);
    return out.bytes;
  }
}

function textsOf({ source, target }: LinkIdentity): LinkText {
  return {
    capacityMbps: NaN,
    lossPct: NaN,
    head: new Uint8Array(),
    ends: utf8(`,"source":${JSON.stringify(source)},"target":${JSON.stringify(target)},"up":`),
  };
}

function enter(text: LinkText, { kind, linkId }: LinkIdentity, capacityMbps: number, lossPct: number): void {
  text.capacityMbps = capacityMbps;
  text.lossPct = lossPct;
  text.head = utf8(
    `{"capacityMbps":${JSON.stringify(capacityMbps)},"kind":${JSON.stringify(kind)},"linkId":${JSON.stringify(linkId)},"lossPct":${JSON.stringify(lossPct)},"oneWayDelayMs":`,
  );
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
