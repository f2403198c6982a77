import { expect, it } from 'vitest';
import { growth, soak } from './soak.js';

it("30 simulated minutes of Starlink's first shell over 100 cities at 1 s: every tick, and flat memory", { timeout: 180_000 }, async () => {
  const { ticks, links, samples } = await soak(1_800);
  expect(ticks).toBe(1_800);
  expect(links).toBeGreaterThan(300);
  expect(growth(samples, 'usedMiB')).toBeLessThan(1);
  expect(growth(samples, 'rssMiB')).toBeLessThan(32);
});
