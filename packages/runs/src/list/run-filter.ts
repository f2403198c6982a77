import { durationMs, SatsimError } from '@satsim/core/records';
import type { RunListing, RunStatus } from '@satsim/core/records';
import { holds } from './param.js';
import type { Param } from './param.js';

/** Conditions that runs are chosen by; all that are given have to be met. */
export interface RunFilter {
  /** The scenario's name; `*` and `?` stand for anything and any character. */
  readonly name?: string | undefined;
  /** Each has to be there. */
  readonly tags?: readonly string[];
  /** None may be there. */
  readonly exceptTags?: readonly string[];
  /** One of them. */
  readonly statuses?: readonly RunStatus[];
  /** When it started: Unix milliseconds, from and (exclusive) to. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Fields of the normalised scenario. */
  readonly params?: readonly Param[];
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
}

export const RUN_STATUSES: readonly RunStatus[] = ['completed', 'stopped', 'interrupted', 'failed', 'running', 'crashed', 'unreadable'];

/** What a listing alone can tell; fields of the scenario are for {@link matchesScenario}. */
export function matches(run: RunListing, { name, tags = [], exceptTags = [], statuses, sinceMs = -Infinity, untilMs = Infinity }: RunFilter): boolean {
  if (name !== undefined && (run.name === null || !patternOf(name).test(run.name))) return false;
  if (tags.some((tag) => !run.tags.includes(tag)) || exceptTags.some((tag) => run.tags.includes(tag))) return false;
  if (statuses !== undefined && !statuses.includes(run.status)) return false;
  if (sinceMs === -Infinity && untilMs === Infinity) return true;
  const startedMs = startOf(run);
  return startedMs >= sinceMs && startedMs < untilMs;
}

export function matchesScenario(scenario: unknown, params: readonly Param[]): boolean {
  return params.every((param) => holds(scenario, param));
}

/** Unix milliseconds; by its id where the manifest can't be read; NaN, which is in no span, where neither says. */
function startOf({ startedAt, runId }: RunListing): number {
  const ms = Date.parse(startedAt ?? '');
  if (Number.isFinite(ms)) return ms;
  const [, date = '', time = ''] = /^(\d{8})T(\d{6})Z-/.exec(runId) ?? [];
  return Date.parse(`${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`);
}

function patternOf(name: string): RegExp {
  const quoted = name.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${quoted.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/;

/**
 * A moment as people say it: `2026-11-20`, `2026-11-20T10:15:00Z` (UTC), or a duration such as `7d` for that long ago.
 * @throws SatsimError USAGE
 */
export function momentOf(option: string, text: string, nowMs: number): number {
  if (ISO.test(text) && Number.isFinite(Date.parse(text))) return Date.parse(text);
  try {
    return nowMs - durationMs(text);
  } catch {
    throw new SatsimError('USAGE', `${option} ${text} is neither a time nor a duration`, {
      hint: 'write 2026-11-20, 2026-11-20T10:15:00Z, or 7d for seven days ago',
    });
  }
}
