import { setImmediate } from 'node:timers/promises';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import {
  CreateScenarioRequestSchema,
  LinkType,
  RpcError,
  RpcStatus,
  StreamEphemerisRequestSchema,
  StreamEventsRequestSchema,
  StreamLinkDeltasRequestSchema,
} from '@satsim/geomrf-proto';
import type {
  EngineEvent,
  EphemerisBatch,
  GeomRfMethods,
  LinkDeltaBatch,
  ServiceImplementation,
  StreamEphemerisRequest,
  StreamEventsRequest,
  StreamLinkDeltasRequest,
} from '@satsim/geomrf-proto';
import { ephemeris, planEphemeris } from './ephemeris.js';
import type { Limits } from './limits.js';
import { DeltaBatches } from './links/delta-batches.js';
import { EventSteps } from './links/event-steps.js';
import { checkSelector, checkThresholds } from './scenario/check-selector.js';
import { Faults } from './scenario/faults.js';
import { satelliteWarnings } from './scenario/warnings.js';
import { refuseUnknown } from './service/refuse-unknown.js';
import type { ScenarioStore, StoredScenario } from './service/scenario-store.js';
import { tickSpan } from './tick-span.js';
import type { TickSpan } from './tick-span.js';
import { ENGINE_VERSION, GIT_SHA, SCHEMA_VERSION } from './version.js';

/**
 * The Geo/RF engine's methods. Each stream computes on its own, as fast as its reader takes what it yields.
 *
 * @param workers threads that compute a stream of link deltas; by the network's size where it is not said
 */
export function createService(scenarios: ScenarioStore, limits: Limits, workers?: number): ServiceImplementation<GeomRfMethods> {
  return {
    getVersion: async () => ({ engineVersion: ENGINE_VERSION, schemaVersion: SCHEMA_VERSION, gitSha: GIT_SHA }),
    getCapabilities: async () => ({
      minDt: durationFromMs(limits.minDtMs),
      maxDt: durationFromMs(limits.maxDtMs),
      maxNodes: limits.maxNodes,
      maxLinksPerTick: limits.maxLinksPerTick,
      maxScenarios: limits.maxScenarios,
      linkTypes: [LinkType.SAT_GS, LinkType.SAT_UT, LinkType.ISL, LinkType.TERRESTRIAL],
      eventsTickAligned: true,
      includeEvents: true,
      resumeFromTick: true,
      ephemeris: true,
      columns: true,
    }),
    createScenario: async (request) => {
      refuseUnknown(CreateScenarioRequestSchema, request);
      const { spec, idempotencyKey } = request;
      const { ref, sha256, compiled } = scenarios.create(spec, idempotencyKey);
      return { scenarioRef: ref, specSha256: sha256, warnings: satelliteWarnings(compiled) };
    },
    closeScenario: async ({ scenarioRef }) => {
      scenarios.close(scenarioRef);
      return {};
    },
    streamLinkDeltas: (request, { signal }) => {
      refuseUnknown(StreamLinkDeltasRequestSchema, request);
      return scenarios.use(request.scenarioRef, (scenario) => linkDeltas(scenario, request, limits, workers, signal));
    },
    streamEvents: (request, { signal }) => {
      refuseUnknown(StreamEventsRequestSchema, request);
      return scenarios.use(request.scenarioRef, (scenario) => events(scenario, request, signal));
    },
    streamEphemeris: (request, { signal }) => {
      refuseUnknown(StreamEphemerisRequestSchema, request);
      return scenarios.use(request.scenarioRef, (scenario) => positions(scenario, request, signal));
    },
  };
}

async function* linkDeltas(
  scenario: StoredScenario,
  request: StreamLinkDeltasRequest,
  limits: Limits,
  workers: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<LinkDeltaBatch> {
  const { compiled, ref } = scenario;
  const faults = new Faults();
  const span = tickSpan(compiled, request, faults);
  checkThresholds(request.thresholds, faults);
  const resume = Number(request.resumeFromTick);
  faults.check(!(resume > span.count), 'resume_from_tick', `${resume} is beyond the last tick`);
  if (!checkSelector(request.selector, compiled, faults) || faults.any) throw new RpcError(RpcStatus.INVALID_ARGUMENT, faults.toString());

  const batches = new DeltaBatches(compiled, ref, request, { dtMs: span.dtMs, maxLinks: limits.maxLinksPerTick, workers });
  try {
    for await (const { index, timeMs } of ticks(span, scenario, signal)) {
      yield* await batches.next(index, timeMs);
    }
  } finally {
    await batches.close();
  }
}

async function* events(scenario: StoredScenario, request: StreamEventsRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const { compiled } = scenario;
  const faults = new Faults();
  const span = tickSpan(compiled, request, faults);
  if (!checkSelector(request.selector, compiled, faults) || faults.any) throw new RpcError(RpcStatus.INVALID_ARGUMENT, faults.toString());

  const steps = new EventSteps(compiled, request.selector, request.types, span.dtMs);
  for await (const { index, timeMs } of ticks(span, scenario, signal)) yield* steps.next(index, timeMs);
}

async function* positions(scenario: StoredScenario, request: StreamEphemerisRequest, signal: AbortSignal): AsyncGenerator<EphemerisBatch> {
  const faults = new Faults();
  const plan = planEphemeris(scenario.compiled, request, faults);
  if (faults.any) throw new RpcError(RpcStatus.INVALID_ARGUMENT, faults.toString());
  for (const batch of ephemeris(scenario.compiled, plan)) {
    if (await mustEnd(scenario, signal)) return;
    yield batch;
  }
}

/** The ticks of a span, giving other calls their turn before each. */
async function* ticks(
  { startMs, dtMs, count }: TickSpan,
  scenario: StoredScenario,
  signal: AbortSignal,
): AsyncGenerator<{ readonly index: number; readonly timeMs: number }> {
  for (let index = 0; index < count; index++) {
    if (await mustEnd(scenario, signal)) return;
    yield { index, timeMs: startMs + index * dtMs };
  }
}

/** True when the caller is gone. @throws RpcError when the scenario was closed */
async function mustEnd(scenario: StoredScenario, signal: AbortSignal): Promise<boolean> {
  await setImmediate();
  scenario.closed.throwIfAborted();
  return signal.aborted;
}
