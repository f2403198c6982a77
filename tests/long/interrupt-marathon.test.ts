import { afterAll, expect, it } from 'vitest';
import { interruptMarathon } from '../e2e/marathon.js';
import { workplace } from '../e2e/satsim.js';

const ITERATIONS = Number(process.env['SATSIM_LONG_RUNS'] ?? 100);

const place = workplace();
afterAll(async () => {
  await place.killAll();
  place.remove();
});

it(`${ITERATIONS} runs interrupted at random moments leave nothing but the truth`, { timeout: 60_000 + ITERATIONS * 10_000 }, async () => {
  expect(ITERATIONS).toBeGreaterThan(0);
  await interruptMarathon(place, ITERATIONS, 20_261_120, []);
});
