import type { Run } from './report.js';

/** A satellite that serves a ground node for a while. */
export interface Bar {
  /** Of its line: neighbours look different. */
  readonly place: number;
  readonly row: number;
  readonly track: number;
  readonly satellite: number;
  readonly ground: number;
  readonly fromS: number;
  readonly toS: number;
}

/** When a bar carries a flow. */
export interface CarriedPart {
  readonly bar: Bar;
  readonly fromS: number;
  readonly toS: number;
}

/** Contacts of some ground nodes, on as few tracks as there are at a time. */
export function barsOf(run: Run, nodes: readonly number[]): { readonly bars: readonly Bar[]; readonly tracks: readonly number[] } {
  const { a, b, kind, pair, first, end } = run.contacts!;
  const rowOf = new Map(nodes.map((node, row) => [node, row]));
  const busy: number[][] = nodes.map(() => []);
  const placed: number[][] = nodes.map(() => []);
  const seconds = run.data.dtMs / 1000;
  const bars: Bar[] = [];
  for (const span of Array.from(pair.keys()).sort((x, y) => first[x]! - first[y]!)) {
    const which = pair[span]!;
    const [satellite, ground] = [a[which]!, b[which]!];
    const row = rowOf.get(ground);
    if (kind[which] !== 1 || row === undefined) continue;
    const ends = busy[row]!;
    let track = ends.findIndex((until) => until <= first[span]!);
    if (track < 0) track = ends.length;
    ends[track] = end[span]!;
    const place = (placed[row]![track] ?? -1) + 1;
    placed[row]![track] = place;
    bars.push({ place, row, track, ground, satellite, fromS: first[span]! * seconds, toS: end[span]! * seconds });
  }
  bars.sort((x, y) => x.row - y.row || x.fromS - y.fromS);
  return { bars, tracks: busy.map((ends) => Math.max(1, ends.length)) };
}

/** When which bar was the first or the last link of a path. */
export function carriedParts(run: Run, bars: readonly Bar[], stepS: number): CarriedPart[] {
  const used = new Map<string, [fromS: number, toS: number][]>();
  for (const { path, timeS, lossPct } of run.series) {
    if (path === null) continue;
    for (const [row, number] of path.entries()) {
      if (Number.isNaN(number) || lossPct?.[row] === 100) continue;
      const nodes = run.paths[number]!;
      if (nodes.length < 3) continue;
      const until = timeS[row + 1] ?? timeS[row]! + stepS;
      for (const key of [`${nodes[0]}:${nodes[1]}`, `${nodes.at(-1)}:${nodes.at(-2)}`]) {
        let spans = used.get(key);
        if (!spans) used.set(key, (spans = []));
        const last = spans.at(-1);
        if (last && timeS[row]! <= last[1] + 1e-9 && timeS[row]! >= last[0]) last[1] = Math.max(last[1], until);
        else spans.push([timeS[row]!, until]);
      }
    }
  }
  return bars.flatMap((bar) =>
    (used.get(`${bar.ground}:${bar.satellite}`) ?? []).flatMap(([fromS, toS]) => {
      const part = { bar, fromS: Math.max(fromS, bar.fromS), toS: Math.min(toS, bar.toS) };
      return part.fromS < part.toS ? [part] : [];
    }),
  );
}
