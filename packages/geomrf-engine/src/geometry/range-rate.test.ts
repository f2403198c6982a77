import { dopplerFactor } from 'satellite.js';
import { describe, expect, it } from 'vitest';
import { EARTH_ROTATION_RAD_PER_S, gmst, temeToEcef } from '../orbit/frames.js';
import { newStateVectors } from '../orbit/propagator.js';
import { compileScenario } from '../scenario/compiled.js';
import { CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { instantOfMs } from '../time.js';
import { LIGHT_KM_PER_S } from './line-of-sight.js';
import { GroundSites } from './sites.js';

const scenario = compileScenario(specOf([...shell({ planes: 5, perPlane: 5, phasing: 2 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))]));

function ecefAt(ms: number) {
  const states = newStateVectors(25, true);
  scenario.propagator.propagate(instantOfMs(ms), states);
  temeToEcef(states, gmst(instantOfMs(ms)));
  return states;
}

describe('range rate', () => {
  const sites = new GroundSites(scenario.sites);

  it('of positions and velocities in ECEF is the Doppler shift that satellite.js computes: to 1e-12, 20 mHz at 20 GHz', () => {
    let [worst, fastest] = [0, 0];
    for (let k = 0; k < 60; k++) {
      const { x, y, z, velocity } = ecefAt(START_MS + k * 97_000);
      for (let s = 0; s < sites.count; s++) {
        for (let i = 0; i < 25; i++) {
          const [dx, dy, dz] = [x[i] - sites.x[s], y[i] - sites.y[s], z[i] - sites.z[s]];
          const rate = (dx * velocity!.x[i] + dy * velocity!.y[i] + dz * velocity!.z[i]) / Math.hypot(dx, dy, dz);
          // It takes velocities against the stars, along the axes of ECEF.
          const inertial = {
            x: velocity!.x[i] - EARTH_ROTATION_RAD_PER_S * y[i],
            y: velocity!.y[i] + EARTH_ROTATION_RAD_PER_S * x[i],
            z: velocity!.z[i],
          };
          const expected = dopplerFactor({ x: sites.x[s], y: sites.y[s], z: sites.z[s] }, { x: x[i], y: y[i], z: z[i] }, inertial);
          worst = Math.max(worst, Math.abs(1 - rate / LIGHT_KM_PER_S - expected));
          fastest = Math.max(fastest, Math.abs(rate));
        }
      }
    }
    expect(worst).toBeLessThan(1e-12); // its rotation of the Earth ends one digit earlier
    expect(fastest).toBeGreaterThan(6);
  });

  it('is the change of the range from tick to tick', () => {
    const [before, now, after] = [-500, 0, 500].map((ms) => ecefAt(START_MS + 3_600_000 + ms));
    const range = ({ x, y, z }: typeof now, s: number, i: number): number => Math.hypot(x[i] - sites.x[s], y[i] - sites.y[s], z[i] - sites.z[s]);
    for (let s = 0; s < sites.count; s++) {
      for (let i = 0; i < 25; i++) {
        const [dx, dy, dz] = [now.x[i] - sites.x[s], now.y[i] - sites.y[s], now.z[i] - sites.z[s]];
        const rate = (dx * now.velocity!.x[i] + dy * now.velocity!.y[i] + dz * now.velocity!.z[i]) / range(now, s, i);
        // To 50 mm/s: SGP4's velocity leaves out what its short-period terms change.
        expect(Math.abs(range(after, s, i) - range(before, s, i) - rate)).toBeLessThan(5e-5);
      }
    }
  });
});
