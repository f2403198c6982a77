import { defineTickSource } from '@satsim/core';
import type { EngineEvent, ResolvedNetwork, TickSource, TickSourceDeps, TickStream, TickUpdate } from '@satsim/core';
import { z } from 'zod';
import { compileScenario, specToJson } from './compile/compile-scenario.js';
import type { CompiledScenario } from './compile/compile-scenario.js';
import { DEFAULT_BACKOFF } from './engine/backoff.js';
import type { BackoffOptions } from './engine/backoff.js';
import { deltaStream } from './engine/delta-stream.js';
import type { DeltaStreamOptions } from './engine/delta-stream.js';
import { externalEngine } from './engine/engine-access.js';
import type { EngineAccess } from './engine/engine-access.js';
import { EngineSession } from './engine/engine-session.js';
import { ephemerisAt } from './engine/ephemeris.js';
import { EventFeed } from './engine/event-feed.js';
import { eventStream } from './engine/event-stream.js';

interface ReadFiles {
  readonly compiled: CompiledScenario;
  /** `null`: the embedded engine. */
  readonly external: EngineAccess | null;
}

/** Ticks from a Geo/RF engine: the one at `geomrf.grpc_target`, or the embedded one of the run. */
export class GeomrfTickSource implements TickSource {
  readonly #deps: TickSourceDeps;
  readonly #backoff: BackoffOptions;
  #read: Promise<ReadFiles> | null = null;

  constructor(deps: TickSourceDeps, backoff: BackoffOptions = DEFAULT_BACKOFF) {
    this.#deps = deps;
    this.#backoff = backoff;
  }

  async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
    const { spec, nodes, inputs, warnings } = (await this.#readFiles(signal)).compiled;
    return { nodes, spec: specToJson(spec), inputs, warnings };
  }

  async open(signal: AbortSignal): Promise<TickStream> {
    const { run, engine, locate, logger } = this.#deps;
    const { compiled, external } = await this.#readFiles(signal);
    const { spec, selector, thresholds } = compiled;
    const access = external ?? { target: await engine.start(signal), embedded: true };
    const session = await EngineSession.open({ access, spec, dtMs: run.dtMs, locate, signal, logger, backoff: this.#backoff });
    const { runId, t0Ms, t1Ms, dtMs, tickCount } = run;
    return tickStream(session, { runId, t0Ms, t1Ms, dtMs, tickCount, selector, thresholds });
  }

  /** Once: what is resolved is what is streamed. */
  #readFiles(signal: AbortSignal): Promise<ReadFiles> {
    const { scenario, baseDir, inputs, locate } = this.#deps;
    const options = { baseDir, inputs, locate, signal };
    this.#read ??= (async () => ({ external: await externalEngine(scenario, options), compiled: await compileScenario(scenario, options) }))();
    return this.#read;
  }
}

function tickStream(session: EngineSession, options: DeltaStreamOptions): TickStream {
  const { version, capabilities } = session;
  const aligned = capabilities.eventsTickAligned;
  const feed = aligned && capabilities.includeEvents ? new EventFeed(session.signal) : null;
  const warnings = [...session.warnings];
  if (!aligned) warnings.push(`engine ${version.engineVersion} has no events that are aligned to ticks: the run has no events`);
  return {
    info: {
      engineVersion: version.engineVersion,
      engineGitSha: version.gitSha === '' ? null : version.gitSha,
      schemaVersion: version.schemaVersion,
      specSha256: session.specSha256,
      scenarioRef: session.scenarioRef.scenarioId,
      warnings,
    },
    ticks: once<TickUpdate>('ticks', () => deltaStream(session, options, feed)),
    events: aligned ? once<readonly EngineEvent[]>('events', () => eventsOf(session, options, feed)) : null,
    ephemeris: capabilities.ephemeris ? (timeMs, frame) => ephemerisAt(session, timeMs, frame) : null,
    close: () => session.close(),
  };
}

/** Decided when the first one is asked for. */
async function* eventsOf(session: EngineSession, options: DeltaStreamOptions, feed: EventFeed | null): AsyncGenerator<readonly EngineEvent[], void, undefined> {
  if (feed?.join() === true) yield* feed.read();
  else yield* eventStream(session, options);
}

/** Starts on first use: an engine computes no stream that nobody reads. */
function once<T>(what: string, start: () => AsyncIterator<T>): AsyncIterable<T> {
  let used = false;
  return {
    [Symbol.asyncIterator]() {
      if (used) throw new TypeError(`${what} can be iterated once`);
      used = true;
      return start();
    },
  };
}

/** The options are the scenario's own `geomrf` block, which core has checked already. */
export const geomrfTickSource = defineTickSource({ name: 'geomrf', config: z.unknown(), create: (deps) => new GeomrfTickSource(deps) });
