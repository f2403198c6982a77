import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { bin, ENDLESS, iridium, SHORT, workplace } from '../e2e/satsim.js';

const place = workplace();
afterAll(place.remove);

it('a run that is out of memory is a crashed one, and the next one clears away what it left', async () => {
  // Something in the process eats all memory while ticks flow. The end is V8's own: an abort at any moment, without a word of ours.
  const eater = place.write('eater.mjs', 'setTimeout(() => { for (const all = []; ; ) all.push(Array.from({ length: 100_000 }, () => ({}))); }, 1500);');
  const { signal, exitCode, stdout } = await execa(process.execPath, ['--max-old-space-size=100', '--import', eater, bin, 'run', iridium, ...ENDLESS], {
    cwd: place.dir,
    env: place.env,
    reject: false,
  });
  expect({ signal, exitCode, stdout }).toEqual({ signal: 'SIGABRT', exitCode: undefined, stdout: '' });
  const listed = JSON.parse((await place.satsim('list-runs', '--format', 'json')).stdout) as { status: string }[];
  expect(listed.map(({ status }) => status)).toEqual(['crashed']);
  expect(place.manifests()).toMatchObject([{ outcome: null, traceSha256: null }]);
  expect((await place.satsim('run', iridium, ...SHORT)).exitCode).toBe(0);
  expect(place.leftovers()).toEqual([]);
});
