import { describe, expect, it } from 'vitest';
import { suggest } from './suggest.js';

describe('suggest', () => {
  it.each([
    ['per-plane', ['planes', 'per_plane'], 'per_plane'],
    ['Flwo', ['flow', 'mininet'], 'flow'],
    ['capacity', ['capacity_mbps', 'loss_pct'], 'capacity_mbps'],
    ['inclination', ['inclination_deg', 'phasing'], 'inclination_deg'],
    ['lat_deg', ['lat', 'lon'], 'lat'],
    ['xyz', ['flow', 'mininet'], undefined],
    ['a', ['b'], undefined],
    ['x', [], undefined],
  ])('%s of %j: %s', (word, known, expected) => {
    expect(suggest(word, known)).toBe(expected);
  });
});
