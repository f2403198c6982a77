import { SatsimError, ScenarioError, scenarioSchema, timebase } from '@satsim/core';
import type { LoadedScenario, Logger, Scenario, UnixMs } from '@satsim/core';
import type { QueryOptions } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { interruptible } from './interrupts.js';
import { tell } from './output.js';
import { readScenario } from './plan-file.js';
import { addFormatOption, addScenarioOptions } from './scenario-options.js';
import type { ScenarioOptions } from './scenario-options.js';

export interface QueryVerbOptions extends ScenarioOptions {
  readonly at: string;
  readonly format: 'table' | 'json' | 'csv';
}

/** What `links` and `ephemeris` have in common: a scenario, a moment, three formats. */
export function addQueryOptions(command: Command): Command {
  return addFormatOption(addScenarioOptions(command).requiredOption('--at <time>', 'the moment, ISO 8601 UTC'), ['table', 'json', 'csv']);
}

/**
 * Asks the scenario's engine, or the embedded one, which is gone when this resolves.
 * @throws ScenarioError, GeomrfError, SatsimError USAGE or INTERRUPTED
 */
export async function askEngine<Answer>(
  file: string,
  options: QueryVerbOptions,
  ask: (scenario: Scenario, query: QueryOptions) => Promise<Answer>,
): Promise<Answer> {
  const timeMs = momentOf(options.at);
  const { loaded } = await readScenario(file, options);
  const scenario = soundScenario(loaded);
  const { t0Ms, t1Ms } = timebase(scenario);
  if (timeMs < t0Ms || timeMs >= t1Ms) {
    await tell(`warning: --at ${options.at} is outside the scenario's time, ${new Date(t0Ms).toISOString()} to ${new Date(t1Ms).toISOString()} (exclusive)`);
  }
  return interruptible(async (signal) => {
    const query = { timeMs, baseDir: loaded.baseDir, locate: loaded.locate, logger: STDERR, signal };
    if (scenario.geomrf.grpc_target !== undefined) return ask(scenario, query);
    const { startEmbeddedEngine } = await import('@satsim/geomrf-engine');
    const engine = await startEmbeddedEngine(signal);
    try {
      return await ask(scenario, { ...query, target: engine.target });
    } finally {
      await engine.stop();
    }
  });
}

/** @throws ScenarioError with all faults */
export function soundScenario({ scenario, faults }: LoadedScenario): Scenario {
  if (scenario === null || faults.length > 0) throw new ScenarioError(faults);
  return scenario;
}

function momentOf(text: string): UnixMs {
  // What the scenario takes for a time, so that 30 February is none here either.
  const { success } = scenarioSchema.shape.time.shape.t0.safeParse(text);
  if (!success) throw new SatsimError('USAGE', `--at ${text} is no time`, { hint: 'Write ISO 8601 in UTC, for example 2026-11-20T00:00:00Z' });
  return Date.parse(text);
}

/** Windows have no log file: warnings and errors go to people. */
const STDERR: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, message) => void tell(`warning: ${message}`),
  error: (_fields, message) => void tell(`error: ${message}`),
};
