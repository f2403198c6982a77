import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError } from '@satsim/core';
import type { Ephemeris, NodeState, UnixMs } from '@satsim/core';
import { Frame } from '@satsim/geomrf-proto';
import type { EphemerisBatch } from '@satsim/geomrf-proto';
import { Backoff } from './backoff.js';
import type { EngineSession } from './engine-session.js';
import { recover } from './recover.js';

/** Positions and velocities of all nodes at one instant; sites move with the Earth in TEME. */
export async function ephemerisAt(session: EngineSession, timeMs: UnixMs, frame: 'ecef' | 'teme' = 'ecef'): Promise<Ephemeris> {
  const time = timestampFromMs(timeMs);
  const backoff = new Backoff(session.backoff);
  for (;;) {
    const ref = session.scenarioRef;
    const request = { scenarioRef: ref, tStart: time, tEnd: time, frame: frame === 'teme' ? Frame.TEME : Frame.ECEF };
    try {
      for await (const batch of session.client.streamEphemeris(request, { signal: session.signal })) {
        return { timeMs, frame, states: states(batch), failures: batch.failures.map(({ nodeId, reason }) => ({ id: nodeId, reason })) };
      }
      break;
    } catch (error) {
      await recover(session, backoff, error, { doing: 'asking for positions', ref });
    }
  }
  throw new GeomrfError('GEOMRF_INTERNAL', `engine at ${session.target} answered a call for positions with nothing`);
}

/** Nodes that could not be propagated are NaN on the wire; they are told among the failures instead. */
function states({ nodeIds, positionM, velocityMPerS }: EphemerisBatch): NodeState[] {
  if (positionM.length !== nodeIds.length * 3 || velocityMPerS.length !== nodeIds.length * 3) {
    throw new GeomrfError('GEOMRF_INTERNAL', `the engine sent ${positionM.length} and ${velocityMPerS.length} coordinates for ${nodeIds.length} nodes`);
  }
  const km = (values: readonly number[], index: number) => [values[index]! / 1e3, values[index + 1]! / 1e3, values[index + 2]! / 1e3] as const;
  return nodeIds
    .map((id, index) => ({ id, positionKm: km(positionM, index * 3), velocityKmS: km(velocityMPerS, index * 3) }))
    .filter(({ positionKm, velocityKmS }) => [...positionKm, ...velocityKmS].every(Number.isFinite));
}
