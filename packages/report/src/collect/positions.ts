import type { NodeId } from '@satsim/core';
import type { Packer } from '../pack/packer.js';
import type { PositionData } from '../report-data.js';
import type { Names } from './names.js';

/** Asks an engine where the nodes of a recorded specification are: `count` instants, m in the Earth-fixed frame, NaN where there is no position. */
export type AskPositions = (
  spec: unknown,
  grid: { readonly fromMs: number; readonly stepMs: number; readonly count: number },
) => AsyncIterable<{ readonly nodeIds: readonly NodeId[]; readonly positionM: readonly number[] }>;

/** The page draws curves through the instants: at 60 s and 7.5 km/s these are right to 0.2 km. */
const STEPS_S = [10, 20, 30, 60, 120, 300];
/** Nodes times instants, of which a report has more only where steps would be longer than the longest. */
const ENOUGH = 40_000;

/** @returns `null` when no node has a position */
export async function packPositions(
  ask: AskPositions,
  spec: unknown,
  { fromMs, spanMs, nodes }: { readonly fromMs: number; readonly spanMs: number; readonly nodes: number },
  names: Names,
  packer: Packer,
): Promise<PositionData | null> {
  const instants = (stepS: number): number => Math.ceil(spanMs / (1000 * stepS)) + 1;
  const stepS = STEPS_S.find((step) => nodes * instants(step) <= ENOUGH) ?? STEPS_S.at(-1)!;
  const count = instants(stepS);
  const axes: (number | null)[][][] = [[], [], []];
  let known = false;
  for await (const { nodeIds, positionM } of ask(spec, { fromMs, stepMs: 1000 * stepS, count })) {
    for (const [row, id] of nodeIds.entries()) {
      const node = names.number(id);
      for (const [axis, column] of axes.entries()) {
        const km = positionM[3 * row + axis]! / 1000;
        if (Number.isFinite(km)) known = true;
        (column[node] ??= []).push(Number.isFinite(km) ? km : null);
      }
    }
  }
  if (!known) return null;
  const pack = (column: (number | null)[][]) =>
    packer.column(
      names.ids.flatMap((_, node) => column[node] ?? new Array<null>(count).fill(null)),
      4,
    );
  return { stepMs: 1000 * stepS, count, x: pack(axes[0]!), y: pack(axes[1]!), z: pack(axes[2]!) };
}
