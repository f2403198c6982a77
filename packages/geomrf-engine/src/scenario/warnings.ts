import { newStateVectors, sgp4Reason } from '../orbit/propagator.js';
import { instantOfMs } from '../time.js';
import type { CompiledScenario } from './compiled.js';

const STALE_DAYS = 14;
const MOST_NAMES = 3;
/** SGP4's code for an orbit below the surface. */
const DECAYED = 6;

/** What somebody who starts a scenario should know about its satellites: a line for each kind, however many it is about. */
export function satelliteWarnings({ spec, propagator, startMs, endMs }: CompiledScenario): string[] {
  const satellites = spec.nodes.flatMap(({ id, position }) =>
    position.case === 'elements' ? [{ id, epochSeconds: Number(position.value.epoch!.seconds) }] : [],
  );
  const errorsAt = (ms: number): Uint8Array => {
    const states = newStateVectors(propagator.size, false);
    propagator.propagate(instantOfMs(ms), states);
    return states.error;
  };
  const atStart = errorsAt(startMs);
  // Long after a decay SGP4 may name another error first: what had a position before is one all the same.
  const later = errorsAt(endMs).map((error, i) => (atStart[i] === 0 && error !== 0 ? DECAYED : 0));
  const ids = satellites.map(({ id }) => id);
  return [
    ...failures(ids, atStart, (one, why) => `${one ? 'has' : 'have'} ${why === '' ? 'decayed before' : 'no position at'} the start${why}`, 'stay down'),
    ...failures(ids, later, (one) => `${one ? 'decays' : 'decay'} before the end`, 'go down then'),
    ...stale(satellites, startMs),
  ];
}

/** @param say what one or several do, for a reason; the reason is empty for those that decay */
function failures(ids: readonly string[], errors: Uint8Array, say: (one: boolean, reason: string) => string, links: string): string[] {
  const failing = ids.map((id, i) => ({ id, error: errors[i] })).filter(({ error }) => error !== 0);
  return [...Map.groupBy(failing, ({ error }) => error)].map(([error, list]) => {
    const one = list.length === 1;
    const reason = error === DECAYED ? '' : ` (${sgp4Reason(error)})`;
    return `${list.length} satellite${one ? '' : 's'} ${say(one, reason)}, ${one ? 'its' : 'their'} links ${links}: ${names(list.map(({ id }) => id))}`;
  });
}

/** `A, B, C and 12 more` */
function names(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMES;
  return ids.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function stale(satellites: readonly { readonly id: string; readonly epochSeconds: number }[], startMs: number): string[] {
  const ages = satellites
    .map(({ id, epochSeconds }) => ({ id, days: Math.abs(startMs / 1000 - epochSeconds) / 86_400 }))
    .filter(({ days }) => days > STALE_DAYS);
  if (ages.length === 0) return [];
  const oldest = ages.reduce((most, each) => (each.days > most.days ? each : most));
  return [
    `${ages.length} of ${satellites.length} element sets are more than ${STALE_DAYS} days away from the start (${oldest.id}: ${oldest.days.toFixed(1)} days); SGP4 loses about 1 to 3 km a day`,
  ];
}
