import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../e2e/satsim.js';

/** One flow over time; path: the satellites; `null` where there is no way. */
export type Curve = readonly { readonly ms: number; readonly rttMs: number | null; readonly path: readonly string[] | null }[];
export type Change = Curve[number];

const [PLANES, PER_PLANE] = [34, 34];
const FOLDER = join(root, 'tests/acceptance/fixtures/hypatia');

/** Odd planes of Hypatia are half a slot ahead; of a Walker shell every plane is, so a number of Hypatia is one lower every other plane. */
function satelliteId(plane: number, number: number): string {
  const slot = (number - Math.floor(plane / 2) + PER_PLANE) % PER_PLANE;
  return `KU-${plane + 1}-${slot + 1}`;
}

/** Hypatia links a satellite to the next of its plane, and to that of the same number in the next plane. */
export function expectedGrid(): string[] {
  return Array.from({ length: PLANES * PER_PLANE }, (_, satellite) => [Math.floor(satellite / PER_PLANE), satellite % PER_PLANE] as const).flatMap(
    ([plane, number]) => [
      `${satelliteId(plane, number)} ${satelliteId(plane, (number + 1) % PER_PLANE)}`,
      `${satelliteId(plane, number)} ${satelliteId((plane + 1) % PLANES, number)}`,
    ],
  );
}

/** What Hypatia computes: tests/acceptance/fixtures/hypatia/README.md. */
export function hypatiaCurve(): Curve {
  const rows = (name: string): string[][] =>
    readFileSync(join(FOLDER, name), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  const paths = new Map(rows('rio-petersburg-paths.csv').map(([ms, nodes]) => [Number(ms), satellitesOf(nodes!)]));
  let path: readonly string[] | null = null;
  return rows('rio-petersburg-rtt.csv').map(([time, rtt]) => {
    const ms = Number(time);
    if (paths.has(ms)) path = paths.get(ms)!;
    return { ms, rttMs: rtt === '' ? null : Number(rtt), path };
  });
}

function satellitesOf(nodes: string): string[] | null {
  if (nodes === 'Unreachable') return null;
  const numbers = nodes.split('-').map(Number).slice(1, -1);
  return numbers.map((satellite) => satelliteId(Math.floor(satellite / PER_PLANE), satellite % PER_PLANE));
}

/** The first sample, and each with another path than the one before it. */
export function changesOf(curve: Curve): Change[] {
  return curve.filter(({ path }, index) => index === 0 || path?.join() !== curve[index - 1]!.path?.join());
}

/** RTTs beside each other where both have one, ms. */
export function differenceOf(one: Curve, other: Curve) {
  const pairs = one.map((sample, index) => [sample, other[index]!] as const);
  const both = pairs.filter(([a, b]) => a.rttMs !== null && b.rttMs !== null);
  const differences = both.map(([a, b]) => Math.abs(a.rttMs! - b.rttMs!)).sort((a, b) => a - b);
  const at = (share: number): number => differences[Math.floor(share * (differences.length - 1))]!;
  return {
    samples: both.length,
    samePath: both.filter(([a, b]) => a.path!.join() === b.path!.join()).length,
    median: at(0.5),
    p99: at(0.99),
    max: at(1),
    /** Further apart than 0.1 ms. */
    apart: differences.filter((difference) => difference > 0.1).length,
    /** Samples in which only one of both has a way. */
    oneOnly: pairs.filter(([a, b]) => (a.rttMs === null) !== (b.rttMs === null)).length,
  };
}
