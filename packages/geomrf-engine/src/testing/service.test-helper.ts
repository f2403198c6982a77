import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { LinkDeltaBatch, ScenarioSpec } from '@satsim/geomrf-proto';
import { expect } from 'vitest';
import { CITIES, START_MS, ground, shell, specOf } from './specs.test-helper.js';

export const STEP = durationFromMs(30_000);

/** An hour of 144 satellites over a few cities, with handovers, passes and changing MODCODs in it. */
export function hourOf(extra: Parameters<typeof specOf>[1] = {}): ScenarioSpec {
  const nodes = [...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
  return specOf(nodes, { tEnd: timestampFromMs(START_MS + 3_600_000), gsl: { selection: 2, minElevationDeg: 10, hysteresisDeg: 5 }, ...extra });
}

/** Ten satellites for a day, one city: quick to make and to stream. */
export function smallSpec(extra: Parameters<typeof specOf>[1] = {}): ScenarioSpec {
  return specOf([...shell({ planes: 2, perPlane: 5 }), ground('quito', -0.2, -78.5)], extra);
}

export const withoutStats = (batches: readonly LinkDeltaBatch[]) => batches.map(({ stats: _, ...batch }) => batch);

/** What a call fails with; fails itself when it does not. */
export async function failure(promise: Promise<unknown>): Promise<{ readonly code: number; readonly message: string }> {
  return promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as { readonly code: number; readonly message: string },
  );
}

/** The first item of a stream, which is then left. */
export async function firstOf<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item;
  return expect.unreachable('the stream is empty');
}
