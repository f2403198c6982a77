// A process of `satsim sweep`: runs cells one after the other, as it is told by the sweep that started it.
import { createRun } from '@satsim/core';
import type { EmbeddedEngine, PluginRegistry } from '@satsim/core';
import { serveCells } from '@satsim/sweep';
import { findPlugins } from './plan-file.js';
import { planWith } from './sweep-cells.js';

/** What the sweep gives to all of its processes. */
export interface SweepWorkerArgument {
  readonly scenario: string;
  readonly plugins: readonly string[];
}

const { scenario, plugins } = JSON.parse(process.argv[2]!) as SweepWorkerArgument;
process.env['GRPC_VERBOSITY'] ??= 'NONE';
let registry: Promise<PluginRegistry> | null = null;
let engine: Promise<EmbeddedEngine> | null = null;

/** One for all cells, warm after the first, and in this thread: a sweep has as many processes as it may use cores. */
async function startEngine(): Promise<EmbeddedEngine> {
  engine ??= import('@satsim/geomrf-engine').then(({ startEngineInThread }) => startEngineInThread());
  const { target } = await engine.catch((error: unknown) => {
    // The next cell tries again.
    engine = null;
    throw error;
  });
  return { target, stop: () => Promise.resolve() };
}

serveCells(async ({ set, tags }) => {
  const plan = await planWith(scenario, set, await (registry ??= findPlugins(plugins)), true);
  const named = plugins.flatMap((plugin) => ['--plugin', plugin]);
  return createRun(plan, {
    tags,
    // That which makes this run again by itself.
    command: ['satsim', 'run', scenario, ...set.flatMap((assignment) => ['--set', assignment]), ...named],
    startEngine,
    console: null,
  });
});
