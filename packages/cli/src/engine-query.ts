import { durationMs, SatsimError, ScenarioError, scenarioSchema, timebase } from '@satsim/core';
import type { LoadedScenario, Logger, Scenario, UnixMs } from '@satsim/core';
import type { EngineOptions, QueryOptions, Span } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { interruptible } from './interrupts.js';
import { tell } from './output.js';
import { readScenario } from './plan-file.js';
import { addFormatOption, addScenarioOptions } from './scenario-options.js';
import type { ScenarioOptions } from './scenario-options.js';

const FORMATS = ['table', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

export interface QueryVerbOptions extends ScenarioOptions {
  readonly at: string;
  readonly format: Format;
}

/** What `links` and `ephemeris` have in common: a scenario, a moment, three formats. */
export function addQueryOptions(command: Command): Command {
  return addFormatOption(addScenarioOptions(command).requiredOption('--at <time>', 'the moment, ISO 8601 UTC'), FORMATS);
}

export interface SpanVerbOptions extends ScenarioOptions {
  readonly start?: string;
  readonly duration?: string;
  readonly format: Format;
}

/** What `passes` and `coverage` have in common: a scenario, a span of time, three formats. */
export function addSpanOptions(command: Command): Command {
  addScenarioOptions(command)
    .option('--start <time>', "instead of the scenario's t0, ISO 8601 UTC; the orbits stay where they are")
    .option('--duration <duration>', "instead of up to the scenario's t1, such as 90m or 24h");
  return addFormatOption(command, FORMATS);
}

/** A question about one moment; see {@link askEngine}. */
export async function askAt<Answer>(
  file: string,
  options: QueryVerbOptions,
  ask: (scenario: Scenario, query: QueryOptions) => Promise<Answer>,
): Promise<Answer> {
  const timeMs = momentOf('--at', options.at);
  return askEngine(file, options, async (scenario, engine) => {
    const { t0Ms, t1Ms } = timebase(scenario);
    if (timeMs < t0Ms || timeMs >= t1Ms) {
      await tell(`warning: --at ${options.at} is outside the scenario's time, ${iso(t0Ms)} to ${iso(t1Ms)} (exclusive)`);
    }
    return ask(scenario, { ...engine, timeMs });
  });
}

/** A question about a span; see {@link askEngine}. */
export async function askOver<Answer>(
  file: string,
  options: SpanVerbOptions,
  ask: (scenario: Scenario, query: EngineOptions & Span) => Promise<Answer>,
): Promise<Answer> {
  const start = options.start === undefined ? undefined : momentOf('--start', options.start);
  const lengthMs = options.duration === undefined ? undefined : lengthOf('--duration', options.duration);
  return askEngine(file, options, (scenario, engine) => {
    const { t0Ms, t1Ms } = timebase(scenario);
    const fromMs = start ?? t0Ms;
    if (lengthMs === undefined && fromMs >= t1Ms) {
      throw new SatsimError('USAGE', `--start ${options.start} is not before the end of the scenario, ${iso(t1Ms)}`, {
        hint: 'Say how long as well: --duration 1h',
      });
    }
    return ask(scenario, { ...engine, fromMs, toMs: lengthMs === undefined ? t1Ms : fromMs + lengthMs });
  });
}

/**
 * Asks the scenario's engine, or the embedded one, which is gone when this resolves.
 * @throws ScenarioError, GeomrfError, SatsimError USAGE or INTERRUPTED
 */
async function askEngine<Answer>(file: string, options: ScenarioOptions, ask: (scenario: Scenario, engine: EngineOptions) => Promise<Answer>): Promise<Answer> {
  const { loaded } = await readScenario(file, options);
  const scenario = soundScenario(loaded);
  return interruptible(async (signal) => {
    const engine = { baseDir: loaded.baseDir, locate: loaded.locate, logger: STDERR, signal };
    if (scenario.geomrf.grpc_target !== undefined) return ask(scenario, engine);
    const { startEmbeddedEngine } = await import('@satsim/geomrf-engine');
    const embedded = await startEmbeddedEngine(signal);
    try {
      return await ask(scenario, { ...engine, target: embedded.target });
    } finally {
      await embedded.stop();
    }
  });
}

/** @throws ScenarioError with all faults */
export function soundScenario({ scenario, faults }: LoadedScenario): Scenario {
  if (scenario === null || faults.length > 0) throw new ScenarioError(faults);
  return scenario;
}

function momentOf(option: string, text: string): UnixMs {
  // What the scenario takes for a time, so that 30 February is none here either.
  const { success } = scenarioSchema.shape.time.shape.t0.safeParse(text);
  if (!success) throw new SatsimError('USAGE', `${option} ${text} is no time`, { hint: 'Write ISO 8601 in UTC, for example 2026-11-20T00:00:00Z' });
  return Date.parse(text);
}

/** Whole milliseconds, more than 0. */
export function lengthOf(option: string, text: string): number {
  const { success } = scenarioSchema.shape.time.shape.duration.safeParse(text);
  const ms = success ? durationMs(text) : 0;
  if (ms > 0 && Number.isInteger(ms)) return ms;
  throw new SatsimError('USAGE', `${option} ${text} is no length of time in whole milliseconds`, {
    hint: 'Write a number and a unit, for example 90s, 10m or 24h',
  });
}

const iso = (timeMs: UnixMs): string => new Date(timeMs).toISOString();

/** Windows have no log file: warnings and errors go to people. */
const STDERR: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, message) => void tell(`warning: ${message}`),
  error: (_fields, message) => void tell(`error: ${message}`),
};
