import { fromJson } from '@bufbuild/protobuf';
import type { JsonValue } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, messageOf } from '@satsim/core';
import type { Logger, NodeId, UnixMs } from '@satsim/core';
import { ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { DEFAULT_BACKOFF } from '../engine/backoff.js';
import { EngineSession } from '../engine/engine-session.js';
import { ephemerisSamples } from './ephemeris-samples.js';

export interface RecordedPositionsOptions {
  /** gRPC target of the engine that is asked. */
  readonly target: string;
  /** The first instant. */
  readonly fromMs: UnixMs;
  readonly stepMs: number;
  readonly count: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Where all nodes of a specification are at one instant: x, y, z per node in m, ECEF; NaN where a node has no position. */
export interface RecordedPositions {
  readonly timeMs: UnixMs;
  readonly nodeIds: readonly NodeId[];
  readonly positionM: readonly number[];
}

/** Positions do not depend on ticks; every engine has this one. */
const ANY_DT_MS = 1000;

/**
 * Positions of the nodes of a run that is over, by the specification that it recorded (`manifests/spec.json`), so without its
 * scenario and element files: `count` samples in order.
 *
 * @throws GeomrfError, GEOMRF_INVALID_ARGUMENT for a specification that is none
 */
export async function* recordedPositions(recorded: unknown, options: RecordedPositionsOptions): AsyncGenerator<RecordedPositions, void> {
  const { target, fromMs, stepMs, count, signal, logger } = options;
  const spec = readSpec(recorded);
  spec.tStart = timestampFromMs(Math.min(spec.tStart === undefined ? fromMs : timestampMs(spec.tStart), fromMs));
  const endMs = fromMs + (count - 1) * stepMs + 1;
  spec.tEnd = timestampFromMs(Math.max(spec.tEnd === undefined ? endMs : timestampMs(spec.tEnd), endMs));
  const nodeIds = spec.nodes.map(({ id }) => id);
  const access = { target, embedded: true };
  const session = await EngineSession.open({ access, spec, dtMs: ANY_DT_MS, locate: () => null, signal, logger, backoff: DEFAULT_BACKOFF });
  try {
    for await (const { timeMs, positionM } of ephemerisSamples(session, { nodeIds, startMs: fromMs, stepMs, count })) yield { timeMs, nodeIds, positionM };
  } finally {
    await session.close();
  }
}

function readSpec(recorded: unknown): ScenarioSpec {
  try {
    return fromJson(ScenarioSpecSchema, recorded as JsonValue, { ignoreUnknownFields: true });
  } catch (error) {
    throw new GeomrfError('GEOMRF_INVALID_ARGUMENT', `the recorded specification is not what satsim writes there: ${messageOf(error)}`, { cause: error });
  }
}
