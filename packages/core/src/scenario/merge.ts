import { childOf, type Located, type LocatedMap, withEntry, withoutEntry } from './located.js';

/** Two ways to say when a run ends: whoever gives one of them takes back the other. */
const ENDS = ['t1', 'duration'] as const;

/** Maps are merged key by key, everything else (lists too) is replaced by `over`. */
function merge(base: Located, over: Located): Located {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? merge(below, value) : value);
  }
  return { kind: 'map', at: over.at, entries };
}

/** Merges scenarios: as {@link merge}, and `time.t1` over `time.duration` or the other way round leaves only the upper one. */
export function mergeScenarios(base: Located, over: Located): Located {
  const time = childOf(over, 'time');
  const ends = time?.kind === 'map' ? ENDS.filter((end) => time.entries.has(end)) : [];
  return merge(ends.length === 0 ? base : withoutEnds(base), over);
}

export function withoutEnds(scenario: Located): Located {
  const time = childOf(scenario, 'time');
  if (scenario.kind !== 'map' || time?.kind !== 'map') return scenario;
  return withEntry(scenario, 'time', ENDS.reduce<LocatedMap>(withoutEntry, time));
}
