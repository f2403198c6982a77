import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { crashMarathon } from './crashes.js';
import { iridium, workplace } from './satsim.js';
import { lasting, sweep } from './sweeps.js';

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

it('a cell whose process failed only because its sweep was gone runs again when the sweep is gone on with', async () => {
  const args = [iridium, '--grid', 'links.gsl.min_elevation_deg=5,10', '--set', 'time.duration=5s', '--set', 'assertions=[]', '--name', 'lost'];
  const whole = await sweep(place, ...args);
  const { cell, runDir } = whole.cells[0]!;
  // As it is left when the sweep dies between the first and the last word on the cell.
  const manifest = join(runDir!, 'manifests/run.json');
  const failed = { ...(JSON.parse(readFileSync(manifest, 'utf8')) as object), outcome: 'failed', reason: 'the sweep ended before the run did' };
  writeFileSync(manifest, JSON.stringify(failed));
  rmSync(join(runDir!, 'manifests/files.sha256'));
  rmSync(join(runDir!, 'summary.json'));
  const journal = join(whole.sweepDir, 'cells.jsonl');
  const lines = readFileSync(journal, 'utf8').split('\n');
  const kept = lines.filter((line) => !(line.includes(`"ended"`) && line.includes(cell)));
  expect(kept).toHaveLength(lines.length - 1);
  writeFileSync(journal, kept.join('\n'));
  const again = await sweep(place, 'lost', '--resume');
  expect(again).toMatchObject({ state: 'completed', counts: { done: 2, ran: 1 } });
  expect(lasting(again.cells)).toEqual(lasting(whole.cells));
});
