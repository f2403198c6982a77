import { durationFromMs, durationMs, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { timebase } from '@satsim/core';
import type { Logger, Scenario, UnixMs } from '@satsim/core';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import type { CompileOptions } from '../compile/compile-context.js';
import { compileScenario } from '../compile/compile-scenario.js';
import type { CompiledScenario } from '../compile/compile-scenario.js';
import { DEFAULT_BACKOFF } from '../engine/backoff.js';
import { externalEngine } from '../engine/engine-access.js';
import { EngineSession } from '../engine/engine-session.js';

export interface EngineOptions extends CompileOptions {
  /** gRPC target of the embedded engine; not needed where the scenario names an external one. */
  readonly target?: string | undefined;
  readonly logger: Logger;
}

/** A span of time that a question is about, within the scenario's own or not. */
export interface Span {
  readonly fromMs: UnixMs;
  /** Exclusive. */
  readonly toMs: UnixMs;
}

/**
 * Opens the scenario in its engine, made long enough for the span; closed again when this resolves. What the scenario's
 * files and the engine warn of goes to the logger.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function withScenario<T>(
  scenario: Scenario,
  options: EngineOptions,
  span: Span,
  use: (session: EngineSession, compiled: CompiledScenario) => Promise<T>,
): Promise<T> {
  const { target = '', locate, logger, signal = new AbortController().signal } = options;
  const access = (await externalEngine(scenario, options)) ?? { target, embedded: true };
  const compiled = await compileScenario(scenario, options);
  const { spec } = compiled;
  startEarlier(spec, timestampMs(spec.tStart!) - span.fromMs);
  spec.tEnd = timestampFromMs(Math.max(timestampMs(spec.tEnd!), span.toMs));
  const session = await EngineSession.open({ access, spec, dtMs: timebase(scenario).dtMs, locate, signal, logger, backoff: DEFAULT_BACKOFF });
  for (const warning of [...compiled.warnings, ...session.warnings]) logger.warn({}, warning);
  try {
    return await use(session, compiled);
  } finally {
    await session.close();
  }
}

/** What is said relative to the start stays at its instant. */
function startEarlier(spec: ScenarioSpec, byMs: number): void {
  if (byMs <= 0) return;
  spec.tStart = timestampFromMs(timestampMs(spec.tStart!) - byMs);
  const later = (at: Duration | undefined): Duration => durationFromMs((at === undefined ? 0 : durationMs(at)) + byMs);
  for (const { position } of spec.nodes) if (position.case === 'track') for (const waypoint of position.value.waypoints) waypoint.at = later(waypoint.at);
  for (const { rain } of spec.weather) if (rain.case === 'series') for (const sample of rain.value.samples) sample.at = later(sample.at);
  for (const fault of spec.faults) fault.at = later(fault.at);
}
