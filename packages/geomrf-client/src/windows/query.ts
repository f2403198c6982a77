import { GeomrfError, timebase } from '@satsim/core';
import type { Ephemeris, LinkState, Scenario, UnixMs } from '@satsim/core';
import { NO_THRESHOLDS } from '../compile/selection.js';
import { deltaStream } from '../engine/delta-stream.js';
import { ephemerisAt } from '../engine/ephemeris.js';
import { withScenario } from './open-scenario.js';
import type { EngineOptions } from './open-scenario.js';

export interface QueryOptions extends EngineOptions {
  /** On the tick grid or off it. */
  readonly timeMs: UnixMs;
}

/**
 * Every link of the scenario at one instant, in both directions, with geometry and radio figures: what a stream of the
 * scenario would say that starts at this instant. Choices that depend on the past (hysteresis, staying with a satellite)
 * are made afresh.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function queryLinks(scenario: Scenario, options: QueryOptions): Promise<readonly LinkState[]> {
  const { timeMs } = options;
  const { t0Ms, dtMs: runDtMs } = timebase(scenario);
  // A stream starts on the grid of its ticks: t0 plus a whole number of them.
  const dtMs = commonDivisor(Math.max(0, timeMs - t0Ms), runDtMs);
  const span = { fromMs: timeMs, toMs: timeMs + dtMs };
  return withScenario(scenario, options, span, async (session, { selector }) => {
    const ticks = { runId: 'links', t0Ms: timeMs, t1Ms: timeMs + dtMs, dtMs, tickCount: 1 };
    for await (const tick of deltaStream(session, { ...ticks, selector, thresholds: NO_THRESHOLDS, includeDebug: true })) return tick.updates;
    throw new GeomrfError('GEOMRF_INTERNAL', `engine at ${session.target} sent no tick`);
  });
}

/**
 * Positions and velocities of all nodes at one instant.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function queryEphemeris(scenario: Scenario, options: QueryOptions & { readonly frame?: 'ecef' | 'teme' }): Promise<Ephemeris> {
  const span = { fromMs: options.timeMs, toMs: options.timeMs + 1 };
  return withScenario(scenario, options, span, async (session) => {
    if (!session.capabilities.ephemeris) {
      throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine ${session.version.engineVersion} at ${session.target} can't tell positions`);
    }
    return ephemerisAt(session, options.timeMs, options.frame);
  });
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
