import type { Ephemeris, NodeState } from '../contract/tick-source.js';
import type { UnixMs } from '../contract/tick.js';
import { TEST_NODES, TEST_RUN } from './network.js';

const EARTH_RADIUS_KM = 6_378.137;
const ORBIT_RADIUS_KM = EARTH_RADIUS_KM + 780;
/** Of the satellites over the turning Earth: a lap in 110 minutes. */
const RATE_RAD_S = (2 * Math.PI) / 6_600;

/** Where the nodes of the kit's network are, ECEF: satellites eastward over the equator, 10° apart, the ground node below the first at t0. */
export async function testEphemeris(timeMs: UnixMs): Promise<Ephemeris> {
  const satellites = TEST_NODES.filter(({ role }) => role === 'satellite');
  const states = TEST_NODES.map(({ id, role }): NodeState => {
    if (role !== 'satellite') return { id, positionKm: [EARTH_RADIUS_KM, 0, 0], velocityKmS: [0, 0, 0] };
    const slot = satellites.findIndex((satellite) => satellite.id === id);
    const angle = (slot * Math.PI) / 18 + (RATE_RAD_S * (timeMs - TEST_RUN.t0Ms)) / 1_000;
    const [x, y] = [ORBIT_RADIUS_KM * Math.cos(angle), ORBIT_RADIUS_KM * Math.sin(angle)];
    return { id, positionKm: [x, y, 0], velocityKmS: [-RATE_RAD_S * y, RATE_RAD_S * x, 0] };
  });
  return { timeMs, frame: 'ecef', states, failures: [] };
}
