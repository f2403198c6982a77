import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, type FlowSample, type LaneDefinition, linkId, type LinkState, type NetworkNode, scenarioSchema, type TickUpdate } from '@satsim/core';
import { testLaneDeps } from '@satsim/core/testing';

const hostPackageJson = fileURLToPath(import.meta.resolve('@satsim/cli/package.json'));
const registry = await discoverPlugins({ cwd: fileURLToPath(new URL('.', import.meta.url)), hostPackageJson });

export async function ns3Lane(): Promise<LaneDefinition> {
  return (await registry.load('lane', 'ns3')).definition;
}

/** a and b, and one satellite between them. */
const NODES: readonly NetworkNode[] = [
  { id: 'sat', role: 'satellite', relay: true },
  { id: 'a', role: 'user_terminal', relay: false },
  { id: 'b', role: 'user_terminal', relay: false },
];
type State = Partial<Pick<LinkState, 'up' | 'oneWayDelayMs' | 'capacityMbps' | 'lossPct'>>;

const link = (source: string, target: string, state: State): LinkState => ({
  linkId: linkId('gsl', source, target),
  source,
  target,
  kind: 'gsl',
  up: true,
  oneWayDelayMs: 10,
  capacityMbps: 10,
  lossPct: 0,
  ...state,
});

export interface Simulated {
  readonly samples: readonly FlowSample[];
  readonly counters: Readonly<Record<string, number>>;
  /** A file of the lane's folder. */
  readonly file: (path: string) => Buffer;
}

/**
 * Ticks of one second over a – sat – b. Each says what is new of a → sat (`null`: the link leaves); all others stay as they are.
 */
export async function simulate(
  ticks: readonly (State | null)[],
  traffic: readonly object[],
  { config = {}, execution = {}, seed = 1 }: { readonly config?: object; readonly execution?: object; readonly seed?: number } = {},
  use: (simulated: Simulated) => void,
): Promise<void> {
  const bench = await testLaneDeps();
  try {
    const definition = await ns3Lane();
    const parsed = await definition.config['~standard'].validate(config);
    if (parsed.issues) throw new Error(JSON.stringify(parsed.issues));
    const { t0Ms, dtMs } = bench.deps.run;
    const tickCount = ticks.length;
    const scenario = scenarioSchema.parse({
      name: 'test',
      time: { t0: new Date(t0Ms).toISOString(), t1: new Date(t0Ms + tickCount * dtMs).toISOString() },
      execution,
      traffic: traffic.map((flow) => ({ from: 'a', to: 'b', ...flow })),
    });
    const run = { ...bench.deps.run, seed, tickCount, t1Ms: t0Ms + tickCount * dtMs };
    const lane = definition.create({ ...bench.deps, config: parsed.value, nodes: NODES, scenario, run });
    const { signal } = new AbortController();
    await lane.prepare(signal);
    let state: State = {};
    for (const [tickIndex, change] of ticks.entries()) {
      state = { ...state, ...change };
      const there = change === null ? [] : [link('a', 'sat', state)];
      const others = tickIndex === 0 ? [link('sat', 'a', {}), link('sat', 'b', {}), link('b', 'sat', {})] : [];
      const tick: TickUpdate = {
        runId: run.runId,
        scenarioRef: 'test',
        tickIndex,
        simTimeMs: t0Ms + tickIndex * dtMs,
        snapshot: tickIndex === 0,
        removals: change === null && tickIndex > 0 ? [linkId('gsl', 'a', 'sat')] : [],
        updates: [...there, ...others],
        stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 0 },
      };
      await lane.applyTick(tick, signal);
    }
    await lane.complete!(signal);
    await lane.finalize();
    const file = (path: string): Buffer => readFileSync(join(bench.deps.artifacts.dir, path));
    const { counters } = JSON.parse(file('simulation.json').toString()) as { readonly counters: Simulated['counters'] };
    use({ samples: bench.samples, counters, file });
  } finally {
    await bench.dispose();
  }
}
