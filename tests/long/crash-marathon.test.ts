import { afterAll, expect, it } from 'vitest';
import { crashMarathon } from '../e2e/crashes.js';
import { workplace } from '../e2e/satsim.js';

const ITERATIONS = Number(process.env['SATSIM_LONG_KILLS'] ?? 500);

const place = workplace();
afterAll(async () => {
  await place.killAll();
  place.remove();
});

it(`${ITERATIONS} runs, sweeps and replays killed at random moments leave no lie`, { timeout: 120_000 + ITERATIONS * 20_000 }, async () => {
  expect(ITERATIONS).toBeGreaterThan(0);
  await crashMarathon(place, ITERATIONS, 20_261_122);
});
