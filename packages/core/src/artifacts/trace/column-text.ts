import type { LinkBudget, LinkIdentity, TickColumns, TickUpdate } from '../../contract/tick.js';
import type { ByteWriter } from './byte-writer.js';
import { type LinkTexts, PLACE } from './link-texts.js';
import { NUMBER_BYTES } from './number-text.js';

const COMMA = 0x2c;
const utf8 = (text: string): Uint8Array => Buffer.from(text);
const TRUE = utf8('true');
const FALSE = utf8('false');
/** `true,` a thousand times: nearly all links of nearly all ticks are up. */
const TRUES = utf8('true,'.repeat(1000));

/** The columns of a link's budget, in the order of the file. Not one is there when no link of the tick has a budget. */
export const BUDGET_COLUMNS = ['elevationDeg', 'azimuthDeg', 'slantRangeKm', 'snrDb', 'marginDb', 'modcod'] as const satisfies (keyof LinkBudget)[];
/** What follows from the link id, and is there only when it does not: for ids that are not `kind:source>target`. */
const IDENTITY_COLUMNS = ['kind', 'source', 'target'] as const satisfies (keyof LinkIdentity)[];

/**
 * The stored text of ticks: one JSON line each with a list for each quantity, in the order in which the source gave the
 * links. Equal things stand together, so it takes a fraction of the canonical text's room, and of the time to read it.
 */
export class ColumnText {
  readonly #texts: LinkTexts;

  constructor(texts: LinkTexts) {
    this.#texts = texts;
  }

  /** After {@link TickText} with the same texts: it has looked for numbers that are not finite. */
  append(out: ByteWriter, tick: TickUpdate, columns: TickColumns): void {
    const { links, link, up, oneWayDelayMs, capacityMbps, lossPct } = columns;
    const removals = tick.removals.length === 0 ? '[]' : JSON.stringify(tick.removals);
    out.text(`{"tickIndex":${tick.tickIndex},"simTimeMs":${tick.simTimeMs},"snapshot":${tick.snapshot},"removals":${removals},"linkId":[`);
    const plain = this.#appendIds(out, link);
    out.text('],"up":[', link.length * (FALSE.length + 1));
    flags(out, up);
    numbers(out, 'oneWayDelayMs', oneWayDelayMs);
    numbers(out, 'capacityMbps', capacityMbps);
    numbers(out, 'lossPct', lossPct);
    out.text(']');
    if (!plain)
      for (const name of IDENTITY_COLUMNS)
        list(
          out,
          name,
          Array.from(link, (number) => links[number]![name]),
        );
    if (tick.columns === undefined && tick.updates.some(({ rf }) => rf !== undefined)) {
      for (const name of BUDGET_COLUMNS)
        list(
          out,
          name,
          tick.updates.map(({ rf }) => rf?.[name] ?? null),
        );
    }
    out.text('}\n');
  }

  /** @returns whether they say all of their links. The loop alone: as in {@link TickText}. */
  #appendIds(out: ByteWriter, link: Int32Array): boolean {
    const texts = this.#texts;
    let plain = 1;
    for (let row = 0; row < link.length; row += 1) {
      const at = texts.place(link[row]!);
      const { places, view } = texts;
      const id = places[at + PLACE.id]!;
      const idEnd = places[at + PLACE.idEnd]!;
      out.reserve(idEnd - id + 1);
      if (row > 0) out.byte(COMMA);
      out.copy(view, id, idEnd);
      plain &= places[at + PLACE.plain]!;
    }
    return plain === 1;
  }
}

/** Into room that is reserved. */
function flags(out: ByteWriter, up: Uint8Array): void {
  if (up.includes(0)) {
    for (let row = 0; row < up.length; row += 1) {
      if (row > 0) out.byte(COMMA);
      out.put(up[row] === 1 ? TRUE : FALSE);
    }
    return;
  }
  const bytes = Math.max(0, up.length * (TRUE.length + 1) - 1);
  for (let at = 0; at < bytes; at += TRUES.length) out.put(TRUES.subarray(0, bytes - at));
}

function numbers(out: ByteWriter, name: string, values: Float64Array): void {
  out.text(`],"${name}":[`, values.length * (NUMBER_BYTES + 1));
  for (let row = 0; row < values.length; row += 1) {
    if (row > 0) out.byte(COMMA);
    out.number(values[row]!);
  }
}

function list(out: ByteWriter, name: string, values: readonly (string | number | null)[]): void {
  out.text(`,"${name}":${JSON.stringify(values)}`);
}
