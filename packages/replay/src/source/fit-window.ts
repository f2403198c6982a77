import type { FieldPath, RunInfo, TraceHeader } from '@satsim/core';
import type { Window } from './window.js';

export interface Misfit {
  readonly path: FieldPath;
  readonly message: string;
  readonly hint: string;
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();

/** The ticks of a recording that a run's time asks for, or why it has no such ticks. */
export function fitWindow({ t0, dt }: TraceHeader, recorded: Window, { t0Ms, dtMs, tickCount }: Pick<RunInfo, 't0Ms' | 'dtMs' | 'tickCount'>): Window | Misfit {
  if (dtMs !== dt) return { path: ['time', 'dt'], message: `is ${dtMs} ms, but the recording has ticks of ${dt} ms`, hint: `write dt: ${dt}ms` };
  const start = t0 + recorded.first * dt;
  const end = start + recorded.count * dt;
  const window = { first: (t0Ms - t0) / dt, count: tickCount };
  if (t0Ms < start || t0Ms >= end) {
    return {
      path: ['time', 't0'],
      message: `is ${iso(t0Ms)}, but the recording goes from ${iso(start)} to ${iso(end)} (exclusive)`,
      hint: `write t0: "${iso(start)}", or with satsim replay --from ${iso(start)}`,
    };
  }
  if (!Number.isInteger(window.first)) {
    return {
      path: ['time', 't0'],
      message: `is ${iso(t0Ms)}, which is no tick of the recording`,
      hint: `its ticks are ${iso(t0)} and every ${dt} ms from there`,
    };
  }
  if (window.first + window.count > recorded.first + recorded.count) {
    return {
      path: ['time', 't1'],
      message: `the run would end at ${iso(t0Ms + tickCount * dt)}, but the recording ends at ${iso(end)}, after ${recorded.count} ticks`,
      hint: `write t1: "${iso(end)}", or with satsim replay --to ${iso(end)}`,
    };
  }
  return window;
}
