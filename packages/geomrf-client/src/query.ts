import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, timebase } from '@satsim/core';
import type { Ephemeris, LinkState, Logger, Scenario, UnixMs } from '@satsim/core';
import type { CompileOptions } from './compile/compile-context.js';
import { compileScenario } from './compile/compile-scenario.js';
import type { CompiledScenario } from './compile/compile-scenario.js';
import { NO_THRESHOLDS } from './compile/selection.js';
import { DEFAULT_BACKOFF } from './engine/backoff.js';
import { deltaStream } from './engine/delta-stream.js';
import { externalEngine } from './engine/engine-access.js';
import { EngineSession } from './engine/engine-session.js';
import { ephemerisAt } from './engine/ephemeris.js';

export interface QueryOptions extends CompileOptions {
  /** gRPC target of the embedded engine; not needed where the scenario names an external one. */
  readonly target?: string | undefined;
  /** On the tick grid or off it. */
  readonly timeMs: UnixMs;
  readonly logger: Logger;
}

/**
 * Every link of the scenario at one instant, in both directions, with geometry and radio figures: what the first tick of
 * a run would say that starts at this instant with the constellation as it is then. Choices that depend on the past
 * (hysteresis, staying with a satellite) are made afresh.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function queryLinks(scenario: Scenario, options: QueryOptions): Promise<readonly LinkState[]> {
  const { timeMs } = options;
  const { dtMs } = timebase(scenario);
  return withSession(scenario, options, async (session, { selector }) => {
    const span = { runId: 'links', t0Ms: timeMs, t1Ms: timeMs + dtMs, dtMs, tickCount: 1 };
    for await (const tick of deltaStream(session, { ...span, selector, thresholds: NO_THRESHOLDS, includeDebug: true })) return tick.updates;
    throw new GeomrfError('GEOMRF_INTERNAL', `engine at ${session.target} sent no tick`);
  });
}

/**
 * Positions and velocities of all nodes at one instant.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function queryEphemeris(scenario: Scenario, options: QueryOptions & { readonly frame?: 'ecef' | 'teme' }): Promise<Ephemeris> {
  return withSession(scenario, options, async (session) => {
    if (!session.capabilities.ephemeris) {
      throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine ${session.version.engineVersion} at ${session.target} can't tell positions`);
    }
    return ephemerisAt(session, options.timeMs, options.frame);
  });
}

/** Opens the scenario with the instant as the origin of its grid; epochs of elements and shells stay what they are. */
async function withSession<T>(scenario: Scenario, options: QueryOptions, use: (session: EngineSession, compiled: CompiledScenario) => Promise<T>): Promise<T> {
  const { target = '', timeMs, locate, logger, signal = new AbortController().signal } = options;
  const access = (await externalEngine(scenario, options)) ?? { target, embedded: true };
  const compiled = await compileScenario(scenario, options);
  const { spec } = compiled;
  const { dtMs } = timebase(scenario);
  spec.tStart = timestampFromMs(timeMs);
  spec.tEnd = timestampFromMs(timeMs + dtMs);
  const session = await EngineSession.open({ access, spec, dtMs, locate, signal, logger, backoff: DEFAULT_BACKOFF });
  try {
    return await use(session, compiled);
  } finally {
    await session.close();
  }
}
