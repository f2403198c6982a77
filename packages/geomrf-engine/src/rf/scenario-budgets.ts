import { Track, newTrackState } from '../geometry/track.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import type { GroundSite } from '../scenario/ground-places.js';
import { rainRateOf } from '../weather/rain.js';
import { Atmosphere } from './atmosphere.js';
import type { GroundSky } from './atmosphere.js';
import { LinkBudgets } from './link-budget.js';

/** Budgets between the ground and satellites under the scenario's gases and weather. They move, so every stream has its own. */
export function budgetsOf({
  spec,
  startMs,
  terminals,
  sites,
  nodeIds,
  gasTables,
}: Pick<CompiledScenario, 'spec' | 'startMs' | 'terminals' | 'sites' | 'nodeIds' | 'gasTables'>): LinkBudgets {
  const gases = spec.gsl?.gases === true ? gasTables : null;
  if (gases === null && spec.weather.length === 0) return new LinkBudgets(terminals);
  const weatherOf = new Map(spec.weather.map((weather) => [weather.nodeId, weather]));
  const skies = sites.map((site): GroundSky => {
    const weather = weatherOf.get(nodeIds[site.node]);
    return {
      node: site.node,
      place: placeOf(site),
      ...(weather !== undefined && weather.rain.case !== undefined && { rain: rainRateOf(weather, startMs, spec.seed) }),
      ...(weather?.rainHeightM !== undefined && { rainHeightKm: weather.rainHeightM / 1000 }),
      cloudLiquid: weather?.cloudLiquidWaterKgPerM2 ?? 0,
    };
  });
  return new LinkBudgets(terminals, new Atmosphere(terminals, skies, gases));
}

function placeOf({ waypoints }: GroundSite): GroundSky['place'] {
  const track = new Track(waypoints);
  if (!track.moves) return { latDeg: waypoints[0].latDeg, altKm: waypoints[0].altM / 1000 };
  const state = newTrackState();
  return (timeMs) => {
    track.at(timeMs, state);
    return { latDeg: (Math.asin(Math.max(-1, Math.min(1, state.normal[2]))) * 180) / Math.PI, altKm: state.altKm };
  };
}
