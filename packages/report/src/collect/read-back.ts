import { readJsonLines } from './json-lines.js';

/** A line of what the lane mininet compared with the kernel. */
interface Line {
  readonly tickIndex: number;
  readonly linkId: string;
  readonly requested: Readonly<Record<string, number | boolean>>;
  readonly applied: Readonly<Record<string, number | boolean | string | null>>;
}

export interface QuantityCompared {
  readonly name: string;
  readonly compared: number;
  /** Largest distance of applied from requested. */
  readonly worst: number;
  readonly worstLink: string | null;
}

/** Requested against applied, of every interface that was read back. */
export interface ReadBack {
  readonly comparisons: number;
  readonly lines: number;
  readonly quantities: readonly QuantityCompared[];
  /** The last comparison. */
  readonly tickIndex: number;
  readonly last: readonly Line[];
}

/** What of a link is compared, and by which pair of fields. */
const QUANTITIES: readonly { readonly name: string; readonly requested: (line: Line) => number; readonly applied: (line: Line) => unknown }[] = [
  { name: 'delay, µs', requested: (line) => Number(line.requested['delayUs']), applied: (line) => line.applied['delayUs'] },
  {
    name: 'loss, %',
    requested: (line) => (line.requested['drop'] === true ? 100 : Number(line.requested['lossPct'])),
    applied: (line) => line.applied['lossPct'],
  },
  { name: 'rate, bit/s', requested: (line) => Number(line.requested['rateBps']), applied: (line) => line.applied['rateBps'] },
  { name: 'queue, packets', requested: (line) => Number(line.requested['queuePackets']), applied: (line) => line.applied['queuePackets'] },
];

/** @returns `null` where the lane compared nothing */
export async function readBackOf(file: string, damaged: (why: string) => void): Promise<ReadBack | null> {
  const ticks = new Set<number>();
  const found = QUANTITIES.map(({ name }) => ({ name, compared: 0, worst: 0, worstLink: null as string | null }));
  let last: Line[] = [];
  let lines = 0;
  await readJsonLines<Line>(
    file,
    (line) => {
      if (line.tickIndex !== last[0]?.tickIndex) last = [];
      last.push(line);
      ticks.add(line.tickIndex);
      lines += 1;
      for (const [i, { requested, applied }] of QUANTITIES.entries()) {
        const [wanted, has] = [requested(line), applied(line)];
        if (typeof has !== 'number' || !Number.isFinite(wanted)) continue;
        const quantity = found[i]!;
        quantity.compared += 1;
        const distance = Math.abs(has - wanted);
        if (distance > quantity.worst || quantity.worstLink === null) [quantity.worst, quantity.worstLink] = [distance, line.linkId];
      }
    },
    damaged,
  );
  if (lines === 0) return null;
  return { comparisons: ticks.size, lines, quantities: found.filter(({ compared }) => compared > 0), tickIndex: last[0]!.tickIndex, last };
}
