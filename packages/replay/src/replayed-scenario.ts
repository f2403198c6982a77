import { durationMs, SatsimError, timebase } from '@satsim/core';
import type { Flow, Scenario } from '@satsim/core';
import type { Recording } from './source/recording.js';

/** A part of the recorded time; times as the user wrote them, ISO 8601 UTC or after the recorded t0 (`90s`). */
export interface Part {
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
}

/** What is played. */
export interface Played {
  /** Absolute path of the run, or of its trace. */
  readonly path: string;
  readonly upTo: Recording['upTo'];
  /** Exclusive: of a run that did not come to its end before that of its scenario. */
  readonly endMs: number;
}

/**
 * The scenario of a run made one that plays its recorded ticks: everything of it still counts but what made the ticks. Flows
 * keep their times, so those of a part that begins later start earlier after its beginning. Without `to` it ends where the
 * recording does.
 *
 * @throws SatsimError USAGE for a part that is none
 */
export function replayedScenario(recorded: Scenario, { path, upTo, endMs }: Played, part: Part): Scenario {
  const { t0Ms, t1Ms } = timebase(recorded);
  const from = part.from === undefined ? t0Ms : instant('--from', part.from, t0Ms);
  const to = part.to === undefined ? Math.min(t1Ms, endMs) : instant('--to', part.to, t0Ms);
  if (to <= from)
    throw new SatsimError(
      'USAGE',
      `${part.to === undefined ? `the end of the recording, ${iso(to)},` : `--to ${part.to}`} is not after --from ${part.from ?? iso(from)}`,
    );
  const ticks = upTo === 'end' ? { trace: path } : { source: 'replay', config: { trace: path, up_to_damage: true } };
  const scenario: Scenario = { ...recorded, ticks };
  if (from === t0Ms && to === t1Ms) return scenario;
  // What fails is in the ticks; its times would be those of another t0.
  const { faults: _faults, ...rest } = scenario;
  return {
    ...rest,
    time: { ...recorded.time, t0: iso(from), t1: iso(to) },
    traffic: recorded.traffic.flatMap((flow) => shifted(flow, from - t0Ms, to - t0Ms)),
  };
}

/** A flow of the recorded run as it is between two moments of that; none when it was over, or had not begun. */
function shifted(flow: Flow, fromMs: number, toMs: number): Flow[] {
  const start = flow.start === undefined ? 0 : durationMs(flow.start);
  const stop = flow.stop === undefined ? Infinity : durationMs(flow.stop);
  const first = Math.max(start, fromMs);
  const last = Math.min(stop, toMs);
  if (last <= first) return [];
  const { start: _start, stop: _stop, ...rest } = flow;
  return [{ ...rest, ...(first === fromMs ? {} : { start: `${first - fromMs}ms` }), ...(last === toMs ? {} : { stop: `${last - fromMs}ms` }) }];
}

function instant(option: string, text: string, t0Ms: number): number {
  const ms = /^\d{4}-/.test(text) ? Date.parse(text) : /^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text) ? t0Ms + durationMs(text) : NaN;
  if (Number.isInteger(ms)) return ms;
  throw new SatsimError('USAGE', `${option} ${text} is no time`, {
    hint: 'write ISO 8601 in UTC, such as 2026-11-20T00:01:00Z, or how long after the recorded start: 90s',
  });
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString().replace('.000Z', 'Z');
