import { describe, expect, it } from 'vitest';
import { durationMs } from '../contract/scenario.js';
import { loadText, VALID } from './load-files.test-helper.js';
import { timebase } from './timebase.js';

describe('timebase', () => {
  it.each([
    ['10m', '1s', 600],
    ['10s', '3s', 4],
    ['1s', '1s', 1],
    ['1ms', '1d', 1],
    ['0.3s', '0.1s', 3],
  ])('%s in steps of %s are %i ticks: those before t1', async (span, dt, ticks) => {
    const { scenario } = await loadText(VALID, { set: [`time.duration=${span}`, `time.dt=${dt}`] });
    const t0Ms = Date.UTC(2026, 10, 20);
    expect(timebase(scenario!)).toEqual({ t0Ms, t1Ms: t0Ms + durationMs(span), dtMs: durationMs(dt), tickCount: ticks });
  });
});
