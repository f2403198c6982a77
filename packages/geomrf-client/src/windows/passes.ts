import type { NodeId, Scenario } from '@satsim/core';
import { NodeRole } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { ephemerisSamples } from './ephemeris-samples.js';
import { flatHorizon, horizonOf } from './horizon.js';
import { nodeNamed } from './node-named.js';
import { withScenario } from './open-scenario.js';
import type { EngineOptions, Span } from './open-scenario.js';
import { PassFinder } from './pass-finder.js';
import type { Pass } from './pass-finder.js';

export interface PassOptions extends EngineOptions, Span {
  readonly site: NodeId;
  /** All of them without one. */
  readonly satellite?: NodeId | undefined;
  /** Instead of the scenario's masks. */
  readonly minElevationDeg?: number | undefined;
}

export interface Passes {
  readonly passes: readonly Pass[];
  /** Satellites without a position for some of the time. */
  readonly failures: readonly { readonly id: NodeId; readonly reason: string }[];
}

/** A site that turns around between two samples is taken to make a bend: at 250 m/s that is half a second of a rise. */
const STEP_MS = 60_000;

/**
 * Satellites above the horizon of a site, right to 0.01 s by the positions of the engine; half a second for a site that is as fast as
 * an aircraft. Where a horizon differs by azimuth, what is clear or covered for less than 0.5 s is not seen.
 *
 * @throws ScenarioError, GeomrfError, SatsimError USAGE for a site or a satellite that is none
 */
export async function queryPasses(scenario: Scenario, options: PassOptions): Promise<Passes> {
  return withScenario(scenario, options, options, async (session, { spec }) => {
    const satellites = options.satellite === undefined ? satellitesOf(spec) : [nodeNamed(spec, options.satellite, 'satellite', '--sat').id];
    const site = nodeNamed(spec, options.site, 'ground', '--from');
    const finder = new PassFinder(satellites, options.minElevationDeg === undefined ? horizonOf(spec, site) : flatHorizon(options.minElevationDeg));
    const failures = new Map<NodeId, string>();
    const { fromMs, toMs } = options;
    const count = Math.ceil((toMs - fromMs) / STEP_MS) + 1;
    for await (const sample of ephemerisSamples(session, { nodeIds: [...satellites, site.id], startMs: fromMs, stepMs: STEP_MS, count })) {
      finder.add(sample, toMs);
      for (const { nodeId, reason } of sample.failures) failures.set(nodeId, reason);
    }
    return { passes: finder.end(), failures: [...failures].map(([id, reason]) => ({ id, reason })) };
  });
}

const satellitesOf = (spec: ScenarioSpec): NodeId[] => spec.nodes.filter(({ role }) => role === NodeRole.SATELLITE).map(({ id }) => id);
