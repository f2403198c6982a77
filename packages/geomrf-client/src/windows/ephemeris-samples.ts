import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError } from '@satsim/core';
import type { NodeId, UnixMs } from '@satsim/core';
import { Frame } from '@satsim/geomrf-proto';
import { Backoff } from '../engine/backoff.js';
import type { EngineSession } from '../engine/engine-session.js';
import { recover } from '../engine/recover.js';

/** Positions (m) and velocities (m/s), ECEF, of the nodes asked for at one instant: x, y, z per node, NaN where there is none. */
export interface EphemerisSample {
  readonly timeMs: UnixMs;
  readonly positionM: readonly number[];
  readonly velocityMPerS: readonly number[];
  readonly failures: readonly { readonly nodeId: NodeId; readonly reason: string }[];
}

export interface SampleOptions {
  readonly nodeIds: readonly NodeId[];
  readonly startMs: UnixMs;
  readonly stepMs: number;
  readonly count: number;
}

/** `count` samples, each once and in order; goes on where it was after a transient failure. */
export async function* ephemerisSamples(session: EngineSession, { nodeIds, startMs, stepMs, count }: SampleOptions): AsyncGenerator<EphemerisSample, void> {
  if (!session.capabilities.ephemeris) {
    throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine ${session.version.engineVersion} at ${session.target} can't tell positions`);
  }
  const backoff = new Backoff(session.backoff);
  let next = 0;
  while (next < count) {
    const ref = session.scenarioRef;
    const request = {
      scenarioRef: ref,
      tStart: timestampFromMs(startMs + next * stepMs),
      tEnd: timestampFromMs(startMs + (count - 1) * stepMs + 1),
      dt: durationFromMs(stepMs),
      nodeIds: [...nodeIds],
      frame: Frame.ECEF,
    };
    try {
      for await (const { positionM, velocityMPerS, failures } of session.client.streamEphemeris(request, { signal: session.signal })) {
        if (positionM.length !== 3 * nodeIds.length || velocityMPerS.length !== 3 * nodeIds.length)
          throw new GeomrfError('GEOMRF_INTERNAL', `the engine sent ${positionM.length} and ${velocityMPerS.length} coordinates for ${nodeIds.length} nodes`);
        yield { timeMs: startMs + next++ * stepMs, positionM, velocityMPerS, failures };
        backoff.reset();
      }
      if (next < count) throw new GeomrfError('GEOMRF_INTERNAL', `the engine ended positions after ${next} of ${count} instants`);
    } catch (error) {
      await recover(session, backoff, error, { doing: 'asking for positions', ref });
    }
  }
}
