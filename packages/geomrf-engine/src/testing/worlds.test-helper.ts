import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { MaskPointSchema, NodePairSchema, SelectionPolicy, TrackSchema } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { compileScenario } from '../scenario/compiled.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { CITIES, START_MS, ground, shell, specOf } from './specs.test-helper.js';
import type { ChooserTick } from './visible.test-helper.js';

const { MAX_ELEVATION, MAX_SNR, LONGEST_VISIBLE, LEAST_LOADED, SCHEDULED } = SelectionPolicy;
const TICK_BY_TICK = [MAX_ELEVATION, MAX_SNR, LONGEST_VISIBLE, LEAST_LOADED];
export const POLICIES = [...TICK_BY_TICK, SCHEDULED];

export interface World {
  readonly selection: SelectionPolicy;
  readonly hysteresisDeg: number;
  readonly outageS: number;
  readonly maxLinks: number;
  readonly beams: number;
  readonly perBeam: number;
  /** Sites near each other that compete for beams, beside the cities; they have a horizon, and the first is on its way. */
  readonly crowd: number;
  readonly faults: readonly { readonly satellite: number; readonly site: number | null; readonly atS: number; readonly forS: number }[];
}
export const CALM: World = { selection: MAX_ELEVATION, hysteresisDeg: 0, outageS: 0, maxLinks: 1, beams: 0, perBeam: 0, crowd: 4, faults: [] };

export function worldOf(world: World): CompiledScenario {
  const satellites = shell({ planes: 6, perPlane: 8, altitudeKm: 1200, phasing: 2 });
  for (const { terminal } of satellites) Object.assign(terminal!, { beams: world.beams, terminalsPerBeam: world.perBeam });
  const crowd = Array.from({ length: world.crowd }, (_, i) => ground(`t${i}`, 45, i / 10, world));
  for (const each of crowd) {
    each.elevationMask = [create(MaskPointSchema, { azimuthDeg: 0, minElevationDeg: 5 }), create(MaskPointSchema, { azimuthDeg: 180, minElevationDeg: 50 })];
  }
  if (world.crowd > 0) {
    const waypoints = [0, 600].map((seconds) => ({ at: durationFromMs(seconds * 1000), site: { latDeg: 45 + seconds / 40, lonDeg: 0, altM: 9000 } }));
    crowd[0].position = { case: 'track', value: create(TrackSchema, { waypoints }) };
  }
  const sites = [...crowd, ...CITIES.slice(0, 4).map(([id, lat, lon]) => ground(id, lat, lon, world))];
  const gsl = { selection: world.selection, minElevationDeg: 10, hysteresisDeg: world.hysteresisDeg, handoverOutageS: world.outageS };
  const faults = world.faults.map(({ satellite, site, atS, forS }) => ({
    at: durationFromMs(atS * 1000),
    for: durationFromMs(forS * 1000),
    what:
      site === null
        ? { case: 'nodeId' as const, value: satellites[satellite].id }
        : { case: 'link' as const, value: create(NodePairSchema, { a: sites[site % sites.length].id, b: satellites[satellite].id }) },
  }));
  return compileScenario(specOf([...satellites, ...sites], { gsl, faults }));
}

export const times = (count: number, dtMs: number): number[] => Array.from({ length: count }, (_, k) => START_MS + k * dtMs);
export const satellitesOf = (tick: ChooserTick, site: number): number[] => tick.chosen[site].map(({ satellite }) => satellite);

/** A satellite that a site no longer uses, and one that it uses now, with what is known of both. */
export function* changes(ticks: readonly ChooserTick[]) {
  for (let k = 1; k < ticks.length; k++) {
    for (let site = 0; site < ticks[k].chosen.length; site++) {
      const [before, now] = [satellitesOf(ticks[k - 1], site), satellitesOf(ticks[k], site)];
      yield { k, site, tick: ticks[k], before, now, lost: before.filter((each) => !now.includes(each)), gained: now.filter((each) => !before.includes(each)) };
    }
  }
}
const worlds: fc.Arbitrary<World> = fc.record({
  selection: fc.constantFrom(...POLICIES),
  hysteresisDeg: fc.constantFrom(0, 3, 15),
  outageS: fc.constantFrom(0, 0.5, 25),
  maxLinks: fc.constantFrom(0, 1, 2, 3),
  beams: fc.constantFrom(0, 1, 2, 3),
  perBeam: fc.constantFrom(0, 1, 2),
  crowd: fc.integer({ min: 0, max: 8 }),
  faults: fc.array(fc.record({ satellite: fc.nat(47), site: fc.option(fc.nat(11)), atS: fc.nat(300), forS: fc.integer({ min: 1, max: 200 }) }), {
    maxLength: 12,
  }),
});
export const runs = fc.record({ world: worlds, dtMs: fc.constantFrom(5_000, 15_000, 40_000) });
export const OFTEN = { numRuns: 60 };
