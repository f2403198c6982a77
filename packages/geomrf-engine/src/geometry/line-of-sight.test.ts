import { describe, expect, it } from 'vitest';
import { LineOfSight } from './line-of-sight.js';

describe('line of sight', () => {
  it('grazes at the height to clear: closed form over the equator', () => {
    const radius = 6378.137 + 550;
    const graze = 2 * Math.acos((6378.137 + 80) / radius);
    const sight = new LineOfSight(80);
    const clear = (angle: number): boolean => sight.clear(radius, 0, 0, radius * Math.cos(angle), radius * Math.sin(angle), 0);
    expect(clear(graze - 1e-6)).toBe(true);
    expect(clear(graze + 1e-6)).toBe(false);
    expect(clear(Math.PI)).toBe(false);
  });

  it('knows the flattening: over the poles the same angle sees further', () => {
    const radius = 6378.137 + 550;
    const angle = 2 * Math.acos((6378.137 + 80) / radius) + 1e-4;
    const [cos, sin] = [radius * Math.cos(angle / 2), radius * Math.sin(angle / 2)];
    expect(new LineOfSight(80).clear(cos, -sin, 0, cos, sin, 0)).toBe(false);
    expect(new LineOfSight(80).clear(0, -sin, cos, 0, sin, cos)).toBe(true);
  });

  it('is not clear from inside the atmosphere, nor with an end that has no place', () => {
    expect(new LineOfSight(80).clear(6400, 0, 0, 7000, 0, 0)).toBe(false);
    expect(new LineOfSight(80).clear(Number.NaN, 0, 0, 7000, 0, 0)).toBe(false);
    expect(new LineOfSight(0).clear(6400, 0, 0, 7000, 0, 0)).toBe(true);
  });
});
