import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withinSilence } from './abort.js';

/** Work of so many steps, and how many of them are done. */
function stepping(steps: number, stepMs: number) {
  let done = 0;
  const work = (async () => {
    for (; done < steps; done += 1) await sleep(stepMs);
    return 'all';
  })();
  return { work, progress: () => done };
}
const never = new AbortController().signal;

test('work that makes progress is waited for, however long it takes', async () => {
  const { work, progress } = stepping(12, 25);
  expect(await withinSilence(work, 100, progress, 'it', { signal: never, limitMs: 10 })).toBe('all');
});

test('work that has stopped is not, also when it was going on before', async () => {
  let done = 0;
  const work = (async () => {
    for (; done < 5; done += 1) await sleep(20);
    await new Promise(() => {});
  })();
  const started = performance.now();
  await expect(withinSilence(work, 200, () => done, 'it', { signal: never, limitMs: 10 })).rejects.toThrow('it has made no progress for 0.2 s');
  expect(performance.now() - started).toBeLessThan(2_000);
});

test.each(['before', 'meanwhile'])('an abort %s leaves it a short time, whatever progress it makes', async (when) => {
  const { work, progress } = stepping(1_000, 5);
  const abort = new AbortController();
  if (when === 'before') abort.abort();
  else setTimeout(() => abort.abort(), 30);
  const started = performance.now();
  await expect(withinSilence(work, 5_000, progress, 'it', { signal: abort.signal, limitMs: 50 })).rejects.toThrow('it did not end within 0.05 s');
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('its failure is told', async () => {
  const failing = sleep(5).then(() => Promise.reject(new Error('broken')));
  await expect(withinSilence(failing, 1_000, () => 0, 'it', { signal: never, limitMs: 10 })).rejects.toThrow('broken');
});
