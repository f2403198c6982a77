import type { Duration, Timestamp } from '@bufbuild/protobuf/wkt';
import type { CompiledScenario } from './scenario/compiled.js';
import { msOf } from './scenario/compiled.js';
import type { Faults } from './scenario/faults.js';
import { isWholeMs } from './scenario/validate-time.js';
import { LIMITS } from './limits.js';

/** Ticks k = 0 … count − 1 at startMs + k·dtMs. */
export interface TickSpan {
  readonly startMs: number;
  readonly dtMs: number;
  readonly count: number;
}

/**
 * Checks a stream's span against the scenario's; without a time the scenario's own holds.
 *
 * @param faults takes what is wrong; the span means nothing then
 */
export function tickSpan(
  scenario: CompiledScenario,
  request: { readonly tStart?: Timestamp; readonly tEnd?: Timestamp; readonly dt?: Duration },
  faults: Faults,
): TickSpan {
  const dtMs = wholeMs(request.dt, faults);
  const { startMs, endMs } = scenario;
  const from = request.tStart === undefined ? startMs : msOf(request.tStart);
  const to = request.tEnd === undefined ? endMs : msOf(request.tEnd);
  if (request.tStart !== undefined) {
    const onGrid = isWholeMs(request.tStart) && from >= startMs && from < endMs && (Number.isNaN(dtMs) || (from - startMs) % dtMs === 0);
    faults.check(onGrid, 't_start', "is not on the scenario's grid: its t_start plus a whole number of dt, before its t_end");
  }
  if (request.tEnd !== undefined)
    faults.check(isWholeMs(request.tEnd) && to > from && to <= endMs, 't_end', "is not after t_start, or after the scenario's t_end");
  return { startMs: from, dtMs, count: Math.ceil((to - from) / dtMs) };
}

/** A tick length; NaN, and a fault, when it is none. */
export function wholeMs(dt: Duration | undefined, faults: Faults): number {
  const ms = dt === undefined ? Number.NaN : Number(dt.seconds) * 1000 + dt.nanos / 1e6;
  const ok = Number.isInteger(ms) && ms >= LIMITS.minDtMs && ms <= LIMITS.maxDtMs;
  faults.check(ok, 'dt', `a whole number of milliseconds from ${LIMITS.minDtMs} to ${LIMITS.maxDtMs} is needed`);
  return ok ? ms : Number.NaN;
}
