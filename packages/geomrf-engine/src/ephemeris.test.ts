import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Frame, NodeRole, NodeSpecSchema, StreamEphemerisRequestSchema } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { ephemeris, planEphemeris } from './ephemeris.js';
import { GroundSites } from './geometry/sites.js';
import { compileScenario } from './scenario/compiled.js';
import { Faults } from './scenario/faults.js';
import { START_MS, ground, shell, specOf } from './testing/specs.test-helper.js';

const waypoints = [
  { at: durationFromMs(0), site: { latDeg: 40.6, lonDeg: -74, altM: 0 } },
  { at: durationFromMs(3_600_000), site: { latDeg: 48, lonDeg: -50, altM: 9000 } },
];
const plane = create(NodeSpecSchema, { id: 'plane', role: NodeRole.USER_TERMINAL, position: { case: 'track', value: { waypoints } } });
const scenario = compileScenario(specOf([...shell({ planes: 1, perPlane: 1 }), ground('start', 40.6, -74), plane, ground('end', 48, -50, { altM: 9000 })]));

/** Metres and m/s of each node at seconds after the start. */
function at(seconds: number, frame: Frame): { position: number[]; velocity: number[] }[] {
  const instant = timestampFromMs(START_MS + seconds * 1000);
  const faults = new Faults();
  const plan = planEphemeris(scenario, create(StreamEphemerisRequestSchema, { tStart: instant, tEnd: instant, frame }), faults);
  expect(faults.any).toBe(false);
  const [{ positionM, velocityMPerS, nodeIds }] = ephemeris(scenario, plan);
  expect(nodeIds).toEqual(['W-1-1', 'start', 'plane', 'end']);
  return nodeIds.map((_, i) => ({ position: positionM.slice(3 * i, 3 * i + 3), velocity: velocityMPerS.slice(3 * i, 3 * i + 3) }));
}
const apart = (p: readonly number[], q: readonly number[]): number => Math.hypot(...p.map((each, axis) => each - q[axis]));

describe('the ephemeris of a terminal on its way', () => {
  it('begins and ends where a standing one would be, in both frames', () => {
    for (const frame of [Frame.ECEF, Frame.TEME]) {
      const [, start, moving] = at(0, frame);
      expect(apart(start.position, moving.position)).toBeLessThan(1e-6);
      const [, , arrived, end] = at(3600, frame);
      expect(apart(end.position, arrived.position)).toBeLessThan(1e-6);
      expect(apart(end.velocity, arrived.velocity)).toBeLessThan(1e-9);
    }
  });

  it('has as velocity the change of its position, in both frames; the Earth turns below it in TEME', () => {
    for (const frame of [Frame.ECEF, Frame.TEME]) {
      const [before, now, after] = [1199, 1200, 1201].map((seconds) => at(seconds, frame)[2]);
      const change = after.position.map((each, axis) => (each - before.position[axis]) / 2);
      expect(apart(change, now.velocity)).toBeLessThan(frame === Frame.TEME ? 1e-3 : 1e-4);
    }
    const speed = (frame: Frame): number => Math.hypot(...at(1200, frame)[2].velocity);
    expect(speed(Frame.ECEF)).toBeGreaterThan(500);
    expect(speed(Frame.ECEF)).toBeLessThan(650);
    expect(speed(Frame.TEME)).toBeGreaterThan(800);
  });

  it('is the same place to GroundSites', () => {
    const sites = new GroundSites(scenario.sites);
    sites.moveTo(START_MS + 1_200_000);
    expect(
      apart(
        at(1200, Frame.ECEF)[2].position,
        [sites.x[1], sites.y[1], sites.z[1]].map((km) => km * 1000),
      ),
    ).toBeLessThan(1e-6);
  });
});
