import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { interruptMarathon } from './marathon.js';
import { ENDLESS, iridium, pause, until, workplace } from './satsim.js';

it('twenty runs interrupted at random moments leave nothing but the truth (tests/long has a hundred)', { timeout: 180_000 }, async () => {
  const place = workplace();
  try {
    await interruptMarathon(place, 20, 7, ['--t1', '2026-11-20T00:01:00Z']);
  } finally {
    await place.killAll();
    place.remove();
  }
});

describe('interrupted', () => {
  const place = workplace();
  afterAll(place.remove);
  afterEach(async () => {
    await place.killAll();
    expect(place.leftovers()).toEqual([]);
  });

  it('leaves only true manifests, at whatever moment of the start', async () => {
    // Over the whole start-up: before the first line of ours, while modules load, while the engine starts, with ticks flowing.
    for (const moment of [20, 90, 160, 230, 300, 370, 440, 600]) {
      const before = new Set(place.runs());
      const running = place.start('run', iridium, ...ENDLESS);
      await pause(moment);
      running.kill('SIGINT');
      const { exitCode, signal } = await running;
      const made = place.runs().filter((id) => !before.has(id));
      // Node itself needs a moment until it can hear; nothing has been made by then.
      if (signal === 'SIGINT') expect(made, `${moment} ms`).toEqual([]);
      else expect(exitCode, `${moment} ms`).toBe(130);
    }
    for (const manifest of place.manifests()) expect(manifest).toMatchObject({ outcome: 'interrupted' });
    expect(place.manifests().length).toBeGreaterThan(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s during the run: results so far, exit code 130', async (signal) => {
    const before = place.runs().length;
    const running = place.start('run', iridium, ...ENDLESS, '--format', 'json');
    await until(() => place.runs().length > before);
    await pause(1000);
    running.kill(signal);
    const { stdout, exitCode } = await running;
    expect(exitCode).toBe(130);
    const result = JSON.parse(stdout) as { outcome: string; ticks: number; traceSha256: string; flows: unknown[]; error: { code: string } };
    expect(result).toMatchObject({ outcome: 'interrupted', error: { code: 'INTERRUPTED' } });
    expect(result.ticks).toBeGreaterThan(0);
    expect(result.traceSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.flows).toHaveLength(4);
  });

  it('twice: at once, and still with a true manifest', async () => {
    const before = new Set(place.runs());
    const running = place.start('run', iridium, ...ENDLESS);
    await until(() => place.runs().length > before.size);
    await pause(500);
    running.kill('SIGINT');
    await pause(150);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    for (const manifest of place.manifests()) expect(manifest).toMatchObject({ outcome: 'interrupted' });
  });

  it('while the engine is asked for links', async () => {
    for (const moment of [250, 350]) {
      const running = place.start('links', iridium, '--at', '2026-11-20T00:00:00Z', '--format', 'json');
      await pause(moment);
      running.kill('SIGINT');
      const { exitCode, stdout } = await running;
      // It may have been quicker.
      if (exitCode !== 0) {
        expect(exitCode).toBe(130);
        expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
      }
    }
  });
});
