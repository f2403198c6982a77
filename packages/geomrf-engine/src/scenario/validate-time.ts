import type { Duration, Timestamp } from '@bufbuild/protobuf/wkt';
import type { Faults } from './faults.js';
import { durationMs } from './ground-places.js';

/** Whether a timestamp is a whole number of milliseconds that a double holds. */
export function isWholeMs(at: Timestamp): boolean {
  return at.nanos % 1_000_000 === 0 && at.nanos >= 0 && at.nanos < 1e9 && at.seconds > -1e11 && at.seconds < 1e11;
}

/** A length of time in whole milliseconds, of 0 or more unless it has to be above 0. */
export function checkSpan(span: Duration | undefined, path: string, faults: Faults, least: 'of 0 or more' | 'above 0' = 'of 0 or more'): boolean {
  const ms = span === undefined ? Number.NaN : durationMs(span);
  const ok = Number.isSafeInteger(ms) && (least === 'above 0' ? ms > 0 : ms >= 0);
  return faults.check(ok, path, `a time ${least} in whole milliseconds is needed`);
}
