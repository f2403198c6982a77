import { describe, expect, it } from 'vitest';
import { newStateVectors } from '../orbit/propagator.js';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, shell, specOf } from '../testing/specs.test-helper.js';
import { instantOfMs } from '../time.js';

/** WGS-72, as SGP4 has it. */
const MU = 398_600.8;
const EARTH_KM = 6378.135;
const J2 = 1.082616e-3;

/**
 * The closed form of a Walker shell i:t/p/f: circular orbits by spherical trigonometry, that turn by the mean effect of J2
 * (Kozai 1959: node, perigee, and the semi-major axis that belongs to a mean motion).
 */
function closedForm(
  shape: { planes: number; perPlane: number; phasing: number; inclinationDeg: number; altitudeKm: number; spreadDeg: number },
  seconds: number,
) {
  const { planes, perPlane, phasing, spreadDeg } = shape;
  const axis = EARTH_KM + shape.altitudeKm;
  const cosInclination = Math.cos((shape.inclinationDeg * Math.PI) / 180);
  const sinInclination = Math.sin((shape.inclinationDeg * Math.PI) / 180);
  const motion = Math.sqrt(MU / axis ** 3);
  const flattening = 0.75 * J2 * (EARTH_KM / axis) ** 2;
  const radius = axis * (1 + flattening * (3 * cosInclination ** 2 - 1)) ** (2 / 3);
  const nodeRate = -2 * flattening * motion * cosInclination;
  const phaseRate = motion * (1 + flattening * (5 * cosInclination ** 2 - 1));
  return Array.from({ length: planes * perPlane }, (_, i) => {
    const [plane, slot] = [Math.floor(i / perPlane), i % perPlane];
    const node = (spreadDeg * Math.PI * plane) / (180 * planes) + nodeRate * seconds;
    const phase = 2 * Math.PI * (slot / perPlane + (phasing * plane) / (planes * perPlane)) + phaseRate * seconds;
    const [u, v, w] = [Math.cos(phase), Math.sin(phase) * cosInclination, Math.sin(phase) * sinInclination];
    return { x: radius * (u * Math.cos(node) - v * Math.sin(node)), y: radius * (u * Math.sin(node) + v * Math.cos(node)), z: radius * w };
  });
}

describe('a Walker shell', () => {
  it.each([
    { planes: 72, perPlane: 22, phasing: 39, inclinationDeg: 53, altitudeKm: 550, pattern: 'delta' as const, spreadDeg: 360 },
    { planes: 6, perPlane: 11, phasing: 2, inclinationDeg: 86.4, altitudeKm: 780, pattern: 'star' as const, spreadDeg: 180 },
    { planes: 8, perPlane: 3, phasing: 1, inclinationDeg: 56, altitudeKm: 1400, pattern: 'delta' as const, spreadDeg: 360 },
  ])('$inclinationDeg°: $planes planes of $perPlane, phase $phasing stands where spherical trigonometry puts it: within 17 km, also after a day', (shape) => {
    const { propagator } = compileScenario(specOf(shell(shape)));
    const states = newStateVectors(propagator.size, false);
    const worstAt = (seconds: number): { apart: number; high: number } => {
      propagator.propagate(instantOfMs(START_MS + seconds * 1000), states);
      const worst = { apart: 0, high: 0 };
      closedForm(shape, seconds).forEach(({ x, y, z }, i) => {
        worst.apart = Math.max(worst.apart, Math.hypot(states.x[i] - x, states.y[i] - y, states.z[i] - z));
        worst.high = Math.max(worst.high, Math.abs(Math.hypot(states.x[i], states.y[i], states.z[i]) - EARTH_KM - shape.altitudeKm));
      });
      return worst;
    };
    // What is left are the periodic terms of J2 and J3; a phase wrong by one would be 27 km at the densest of these shells.
    for (const seconds of [0, 3600, 86_400]) {
      const { apart, high } = worstAt(seconds);
      expect(apart).toBeLessThan(17);
      expect(apart).toBeGreaterThan(5);
      expect(high).toBeLessThan(7.5);
    }
  });
});
