import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { Frame } from '@satsim/geomrf-proto';
import type { EphemerisBatch, NodeFailure, StreamEphemerisRequest } from '@satsim/geomrf-proto';
import { GroundSites } from './geometry/sites.js';
import { EARTH_ROTATION_RAD_PER_S, gmst, temeToEcef } from './orbit/frames.js';
import { newStateVectors, sgp4Reason } from './orbit/propagator.js';
import type { CompiledScenario } from './scenario/compiled.js';
import type { Faults } from './scenario/faults.js';
import { wholeMs } from './tick-span.js';
import { addMs } from './time.js';
import type { Instant } from './time.js';

/** What an ephemeris request asks for; any instant will do, on a grid or not, inside the scenario's span or not. */
export interface EphemerisPlan {
  readonly start: Instant;
  readonly dtMs: number;
  readonly count: number;
  readonly nodes: readonly number[];
  readonly teme: boolean;
}

const MAX_BATCHES = 10_000_000;

export function planEphemeris(scenario: CompiledScenario, request: StreamEphemerisRequest, faults: Faults): EphemerisPlan {
  const isTime = (at: Timestamp | undefined): at is Timestamp => at !== undefined && at.nanos >= 0 && at.nanos < 1e9 && at.seconds > -1e11 && at.seconds < 1e11;
  const { tStart, tEnd } = request;
  const startOk = faults.check(isTime(tStart), 't_start', 'a time is needed');
  const endOk = faults.check(isTime(tEnd), 't_end', 'a time is needed');
  request.nodeIds.forEach((id, i) => faults.check(scenario.indexOf.has(id), `node_ids[${i}]`, `there is no node '${id}'`));
  faults.check([Frame.FRAME_UNSPECIFIED, Frame.ECEF, Frame.TEME].includes(request.frame), 'frame', `${request.frame} is not a frame`);
  const nodes = request.nodeIds.length === 0 ? scenario.nodeIds.map((_, i) => i) : request.nodeIds.map((id) => scenario.indexOf.get(id) ?? 0);
  const plan = { start: { unixSeconds: Number(tStart?.seconds ?? 0), nanos: tStart?.nanos ?? 0 }, nodes, teme: request.frame === Frame.TEME };
  if (!startOk || !endOk) return { ...plan, dtMs: 0, count: 0 };
  const spanMs = Number(tEnd!.seconds - tStart!.seconds) * 1000 + (tEnd!.nanos - tStart!.nanos) / 1e6;
  if (spanMs === 0 && request.dt === undefined) return { ...plan, dtMs: 0, count: 1 };
  faults.check(spanMs > 0, 't_end', 'is not after t_start; for one instant both are equal and there is no dt');
  const dtMs = wholeMs(request.dt, faults);
  const count = Math.ceil(spanMs / dtMs);
  faults.check(!(count > MAX_BATCHES), 't_end', `${count} steps are more than ${MAX_BATCHES}`);
  return { ...plan, dtMs, count };
}

/** Positions in m and velocities in m/s, one batch after the other; ground nodes turn with the Earth, and some of them move on it. */
export function* ephemeris(scenario: CompiledScenario, plan: EphemerisPlan): Generator<EphemerisBatch> {
  const states = newStateVectors(scenario.propagator.size, true);
  const satelliteOf = new Map([...scenario.satelliteNodes].map((node, i) => [node, i]));
  const siteOf = new Map(scenario.sites.map(({ node }, site) => [node, site]));
  const sites = new GroundSites(scenario.sites);
  for (let k = 0; k < plan.count; k++) {
    const at = addMs(plan.start, k * plan.dtMs);
    const angle = gmst(at);
    scenario.propagator.propagate(at, states);
    if (!plan.teme) temeToEcef(states, angle);
    const timeMs = at.unixSeconds * 1000 + at.nanos / 1e6;
    sites.moveTo(timeMs);
    const velocity = states.velocity!;
    const positionM = new Array<number>(3 * plan.nodes.length);
    const velocityMPerS = new Array<number>(3 * plan.nodes.length);
    const failures: NodeFailure[] = [];
    plan.nodes.forEach((node, j) => {
      const i = satelliteOf.get(node);
      const [position, speed] =
        i === undefined
          ? groundState(sites, siteOf.get(node)!, timeMs, plan.teme ? angle : null)
          : [
              [states.x[i], states.y[i], states.z[i]],
              [velocity.x[i], velocity.y[i], velocity.z[i]],
            ];
      for (let axis = 0; axis < 3; axis++) {
        positionM[3 * j + axis] = position[axis] * 1000;
        velocityMPerS[3 * j + axis] = speed[axis] * 1000;
      }
      if (i !== undefined && states.error[i] !== 0) {
        failures.push({ $typeName: 'geomrf.v1.NodeFailure', nodeId: scenario.nodeIds[node], sgp4Error: states.error[i], reason: sgp4Reason(states.error[i]) });
      }
    });
    yield {
      $typeName: 'geomrf.v1.EphemerisBatch',
      tickIndex: BigInt(k),
      time: { ...timestampFromMs(0), seconds: BigInt(at.unixSeconds), nanos: at.nanos },
      nodeIds: k === 0 ? plan.nodes.map((node) => scenario.nodeIds[node]) : [],
      positionM,
      velocityMPerS,
      failures,
    };
  }
}

/** km and km/s, in TEME with the angle of the Earth, in ECEF with `null`. */
function groundState(sites: GroundSites, site: number, timeMs: number, gmstRad: number | null): readonly [number[], number[]] {
  const velocity = new Float64Array(3);
  sites.velocityOf(site, timeMs, velocity);
  const [x, y, z] = [sites.x[site], sites.y[site], sites.z[site]];
  const [vx, vy, vz] = velocity;
  if (gmstRad === null)
    return [
      [x, y, z],
      [vx, vy, vz],
    ];
  const [cos, sin] = [Math.cos(gmstRad), Math.sin(gmstRad)];
  const [inertialX, inertialY] = [vx - EARTH_ROTATION_RAD_PER_S * y, vy + EARTH_ROTATION_RAD_PER_S * x];
  return [
    [cos * x - sin * y, sin * x + cos * y, z],
    [cos * inertialX - sin * inertialY, sin * inertialX + cos * inertialY, vz],
  ];
}
