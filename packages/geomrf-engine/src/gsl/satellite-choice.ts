/** One visible satellite of a site. */
export interface Candidate {
  readonly satellite: number;
  readonly elevationDeg: number;
  /** The higher the better; what it is depends on the policy. */
  readonly score: number;
}

export interface ChoiceRules {
  /** 0 is no limit. */
  readonly maxLinks: number;
  readonly hysteresisDeg: number;
  /** Whether a better satellite displaces one that is still visible. */
  readonly voluntary: boolean;
}

const better = (p: Candidate, q: Candidate): boolean =>
  p.score !== q.score ? p.score > q.score : p.elevationDeg !== q.elevationDeg ? p.elevationDeg > q.elevationDeg : p.satellite < q.satellite;

/**
 * The satellites that a site uses. Those in use stay while they are visible; free places go to the best; after that, if
 * voluntary handover is on, the best of the others displaces the worst in use when its score is higher and it stands
 * higher by more than the hysteresis (with a hysteresis of 0 the score alone counts).
 * Ties: higher elevation, then lower satellite.
 *
 * @param serving in use until now, in the order in which they were taken
 * @returns in use from now on, the ones kept first
 */
export function chooseSatellites(candidates: readonly Candidate[], serving: readonly number[], rules: ChoiceRules): readonly Candidate[] {
  const bySatellite = (satellite: number): Candidate | undefined => candidates.find((each) => each.satellite === satellite);
  const kept = serving.flatMap((satellite) => bySatellite(satellite) ?? []);
  const others = new Set(candidates.filter((each) => !kept.includes(each)));
  const best = (): Candidate | null => {
    let found: Candidate | null = null;
    for (const each of others) if (found === null || better(each, found)) found = each;
    return found;
  };
  const places = rules.maxLinks === 0 ? candidates.length : rules.maxLinks;
  const chosen = kept.slice(0, places);
  while (chosen.length < places) {
    const next = best();
    if (next === null) return chosen;
    others.delete(next);
    chosen.push(next);
  }
  while (rules.voluntary) {
    const challenger = best();
    if (challenger === null) return chosen;
    const worst = chosen.reduce((least, each) => (better(least, each) ? each : least));
    const higher = rules.hysteresisDeg === 0 || challenger.elevationDeg > worst.elevationDeg + rules.hysteresisDeg;
    if (!(challenger.score > worst.score && higher)) return chosen;
    others.delete(challenger);
    chosen.splice(chosen.indexOf(worst), 1);
    chosen.push(challenger);
  }
  return chosen;
}
