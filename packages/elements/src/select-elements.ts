import type { ElementSet } from './element-set.js';
import { meanAltitudeKm } from './mean-motion.js';

/** What is not given selects all; what is given has to hold together. Ranges include both ends. */
export interface ElementSelection {
  /** Pattern of the whole name: `*` any text, `?` one character; upper and lower case differ. */
  readonly name?: string | undefined;
  readonly catalog?: readonly number[] | undefined;
  readonly inclinationDeg?: readonly [low: number, high: number] | undefined;
  readonly altitudeKm?: readonly [low: number, high: number] | undefined;
}

/** In the order given; the first `limit` of those selected. */
export function selectElements(elements: readonly ElementSet[], select: ElementSelection, limit = Number.POSITIVE_INFINITY): ElementSet[] {
  const catalog = select.catalog && new Set(select.catalog);
  return elements
    .filter(
      (set) =>
        (select.name === undefined || matchesPattern(set.objectName, select.name)) &&
        (catalog === undefined || catalog.has(set.noradCatId)) &&
        within(set.inclinationDeg, select.inclinationDeg) &&
        within(meanAltitudeKm(set), select.altitudeKm),
    )
    .slice(0, limit);
}

function within(value: number, range: readonly [number, number] | undefined): boolean {
  return range === undefined || (value >= range[0] && value <= range[1]);
}

/** Whether a pattern matches the whole text: `*` any text, `?` one character; upper and lower case differ. */
export function matchesPattern(text: string, pattern: string): boolean {
  // Goes back to the last `*` only, so that no pattern can take exponential time.
  let t = 0;
  let p = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      starText = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
