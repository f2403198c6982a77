import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, it } from 'vitest';
import { mulberry32 } from '../e2e/marathon.js';
import { workplace } from '../e2e/satsim.js';
import { killMarathon, lasting, SIX, sweep } from '../e2e/sweeps.js';

const place = workplace();
afterAll(place.remove);
afterEach(async () => {
  await place.killAll();
});

it('a sweep that is killed over and over ends as one that nobody touched', { timeout: 3_600_000 }, async () => {
  const random = mulberry32(2_026);
  const unbroken = lasting((await sweep(place, place.write('whole.sweep.yaml', SIX), '-j', '2')).cells);
  for (let round = 0; round < 40; round += 1) {
    rmSync(join(place.dir, 'artifacts'), { recursive: true, force: true });
    await killMarathon(place, place.write('killed.sweep.yaml', SIX), unbroken, random, 5, 2_000);
  }
});
