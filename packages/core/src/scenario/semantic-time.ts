import { durationMs, type Scenario } from '../contract/scenario.js';
import type { Finding } from './located.js';
import type { Sound } from './semantic.js';
import { endMs } from './timebase.js';

/** The last instant that ISO 8601 can say with four digits for the year. */
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Faults of the span, the tick length and the times of flows within the span. */
export function timeFindings(scenario: Scenario, sound: Sound): Finding[] {
  const end = endFindings(scenario, sound);
  const spanKnown = end.length === 0 && sound('time', 't0') && sound('time', 't1') && sound('time', 'duration');
  return [...end, ...stepFindings(scenario, sound), ...(spanKnown ? flowFindings(scenario) : [])];
}

function endFindings({ time }: Scenario, sound: Sound): Finding[] {
  if (!sound('time', 't1') || !sound('time', 'duration')) return [];
  if (time.t1 !== undefined && time.duration !== undefined) return [{ path: ['time', 'duration'], message: 'stands beside t1', hint: 'keep one of the two' }];
  if (time.t1 === undefined && time.duration === undefined)
    return [{ path: ['time', 't1'], message: 'is missing', hint: 'say when the run ends: `t1`, or `duration`' }];
  if (time.duration !== undefined) {
    const ms = durationMs(time.duration);
    if (ms === 0) return [{ path: ['time', 'duration'], message: 'must be more than 0' }];
    if (!Number.isInteger(ms)) return [{ path: ['time', 'duration'], message: `must be a whole number of milliseconds, found ${time.duration}` }];
  }
  if (!sound('time', 't0')) return [];
  const end = endMs(time);
  if (end > LAST_MS) return [{ path: ['time', 'duration'], message: 'the run would end after the year 9999' }];
  return end <= Date.parse(time.t0) ? [{ path: ['time', 't1'], message: `t1 must be after t0 (${time.t0}), found ${time.t1}` }] : [];
}

function stepFindings({ time, geomrf }: Scenario, sound: Sound): Finding[] {
  if (!sound('time', 'dt')) return [];
  const dtMs = durationMs(time.dt);
  if (dtMs === 0) return [{ path: ['time', 'dt'], message: 'must be more than 0' }];
  if (!Number.isInteger(dtMs)) return [{ path: ['time', 'dt'], message: `must be a whole number of milliseconds, found ${time.dt}` }];
  if (geomrf.request_dt === undefined || durationMs(geomrf.request_dt) === dtMs) return [];
  return [{ path: ['geomrf', 'request_dt'], message: `must equal time.dt (${time.dt}), found ${geomrf.request_dt}`, hint: 'leave it out' }];
}

function flowFindings(scenario: Scenario): Finding[] {
  const spanMs = endMs(scenario.time) - Date.parse(scenario.time.t0);
  const seconds = `${spanMs / 1000} s`;
  return scenario.traffic.flatMap(({ start, stop }, index): Finding[] => {
    const startMs = durationMs(start ?? '0s');
    const stopMs = stop === undefined ? spanMs : durationMs(stop);
    if (startMs >= spanMs) return [{ path: ['traffic', index, 'start'], message: `must be before the end of the run (${seconds}), found ${start}` }];
    if (stopMs > spanMs) return [{ path: ['traffic', index, 'stop'], message: `must be within the run (${seconds}), found ${stop}` }];
    return startMs < stopMs ? [] : [{ path: ['traffic', index, 'stop'], message: `must be after start (${start ?? '0s'}), found ${stop}` }];
  });
}
