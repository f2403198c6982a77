import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRunDir, SatsimError } from '@satsim/core/records';
import type { EngineEventType } from '@satsim/core';
import type { RunRecord } from '@satsim/core/records';
import { followLines } from './follow-lines.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of `logs/run.jsonl`. */
export interface LogLine {
  readonly level: LogLevel;
  /** ISO 8601, wall clock. */
  readonly time: string;
  readonly msg: string;
  readonly tick?: number;
  readonly [field: string]: unknown;
}

const EVERY_TYPE = {
  link_up: true,
  link_down: true,
  handover: true,
  modcod_change: true,
  pass_start: true,
  pass_end: true,
} satisfies Readonly<Record<EngineEventType, true>>;
export const EVENT_TYPES = Object.keys(EVERY_TYPE) as readonly EngineEventType[];

/** A line of `results/events.jsonl`. */
export interface EventLine {
  readonly tickIndex: number;
  /** Unix milliseconds. */
  readonly simTimeMs: number;
  readonly type: string;
  readonly linkId: string | null;
  readonly nodeId: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface RunLinesOptions {
  /** Goes on until the run has ended. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

const LOG = 'logs/run.jsonl';
const EVENTS = 'results/events.jsonl';

/**
 * The log of a run from its beginning, as far as it is kept, with the parts that were set aside; lines that are no JSON (the last one
 * of a run that was killed may be cut off) are left out.
 * @throws SatsimError ARTIFACTS when there is none, or it can't be read
 */
export async function* runLog(run: RunRecord, options: RunLinesOptions): AsyncGenerator<LogLine> {
  const path = join(run.runDir, LOG);
  const names = await readdir(dirname(path)).catch((): string[] => []);
  const numbers = names.flatMap((name) => /^run\.jsonl\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  if (!names.includes('run.jsonl') && run.status !== 'running') throw new SatsimError('ARTIFACTS', `run ${run.runId} has no log: there is no ${path}`);
  for (const number of numbers.sort((a, b) => b - a)) yield* objects<LogLine>(followLines(`${path}.${number}`));
  yield* objects<LogLine>(followLines(path, following(run, options)));
}

/**
 * What the engine told: passes, handovers, links that went up and down.
 * @throws SatsimError ARTIFACTS when none were recorded, or they can't be read
 */
export async function* runEvents(run: RunRecord, options: RunLinesOptions): AsyncGenerator<EventLine> {
  const { runId, runDir, manifest } = run;
  if (manifest !== null && !manifest.exporters.includes('jsonl'))
    throw new SatsimError('ARTIFACTS', `run ${runId} has recorded no events: there is no ${join(runDir, EVENTS)}`, {
      hint: 'they are written by the exporter jsonl: run the scenario again with `--exporter jsonl`',
    });
  yield* objects<EventLine>(followLines(join(runDir, EVENTS), following(run, options)));
}

function following({ runDir }: RunRecord, { follow, signal }: RunLinesOptions) {
  return { ...(follow && { goesOn: async () => (await readRunDir(runDir)).status === 'running' }), ...(signal && { signal }) };
}

async function* objects<Line>(lines: AsyncIterable<string>): AsyncGenerator<Line> {
  for await (const line of lines) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof value === 'object' && value !== null) yield value as Line;
  }
}
