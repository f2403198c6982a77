import { afterAll, expect, it } from 'vitest';
import { crashMarathon } from './crashes.js';
import { workplace } from './satsim.js';

const ITERATIONS = 30;

const place = workplace();
afterAll(async () => {
  await place.killAll();
  place.remove();
});

it(`${ITERATIONS} runs, sweeps and replays of 20 ticks, killed at random moments, leave no lie and can be gone on with`, { timeout: 600_000 }, async () => {
  expect(ITERATIONS % 3).toBe(0);
  await crashMarathon(place, ITERATIONS, 20_261_121);
});
