import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { needUml } from './boot.js';
import { type EmulatedRun, median } from './emulated-run.js';

export const BOOT_LIMIT_MS = 240_000;
/** Each test may try once more on a machine booted anew: where others take the processor, timers come late. */
export const REAL_TIME = { timeout: BOOT_LIMIT_MS, retry: 1 };
export const T0 = '2026-11-20T00:00:00Z';
export const time = (seconds: number) => ({ t0: T0, duration: `${seconds}s`, dt: '1s', mode: 'realtime' });
const PINGS = 20;

/**
 * The first test that asks boots the machine, in a folder of its own; all look at what it has left, until one tries again.
 * Each asks once.
 */
export function once<T>(place: string, work: (folder: string) => Promise<T>): (context: TestContext) => Promise<T> {
  let latest: Promise<T> | undefined;
  const seen = new Map<string, Promise<T>>();
  return (context) => {
    needUml(context);
    const { id } = context.task;
    if (latest === undefined || seen.get(id) === latest) latest = work(mkdtempSync(join(place, 'boot-')));
    seen.set(id, latest);
    return latest;
  };
}

/** How far the median of RTTs may be from the model's: 1 ms + 1 % + 0.2 ms a hop. */
const toleranceMs = (modelMs: number, hops: number): number => 1 + modelMs * 0.01 + 0.2 * hops;

/** Compares the lane with the model that runs beside it, over the same span of the same flow. */
export function expectRttOfTheModel(run: EmulatedRun, flow: string, hops: number, span: readonly [number, number]): void {
  const rtts = (lane: string): number[] => run.samples(lane, flow, span).flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]));
  const [measured, model] = [rtts('mininet'), median(rtts('flow'))];
  expect(measured.length).toBeGreaterThanOrEqual(PINGS);
  const rttMs = median(measured);
  const ways = run.samples('mininet', flow, span).map((sample) => sample.hops);
  expect(new Set(ways)).toEqual(new Set([hops]));
  expect(Math.abs(rttMs - model), `median of ${flow} is ${rttMs} ms, the model says ${model} ms`).toBeLessThanOrEqual(toleranceMs(model, hops));
}
