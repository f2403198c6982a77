// Measures the engine in a process of its own. Argument: a file with the job; prints the answer as JSON.
import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { NodeRole, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { profileFunctions } from './functions.ts';
import type { EngineAnswer, EngineJob } from './job.ts';
import { measure } from './measurement.ts';
import type { Check } from './measurement.ts';
import type { Pair } from './problem.ts';
import { openEngine, openRoutes } from './steps.ts';
import type { Routes, Steps } from './steps.ts';

const LIGHT_KM_PER_S = 299_792.458;

const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as EngineJob;
const spec = fromBinary(ScenarioSpecSchema, readFileSync(job.spec));
const startMs = Number(spec.tStart!.seconds) * 1000;

const engine = await openEngine(spec);
const routes = job.routed === null ? null : openRoutes(spec, engine, job.routed === 'relay');
const checks: Check[] = [];
let isls: readonly Pair[] = [];
let stopProfile: Awaited<ReturnType<typeof profileFunctions>> | null = null;
let lastMs = startMs;

const measured = await measure(
  async (tick) => {
    lastMs = startMs + tick * job.dtMs;
    await engine.step(lastMs);
    routes?.route();
    if (tick > 0) return;
    checks.push(checkOf(lastMs, spec, engine, routes));
    isls = islPairs(engine);
  },
  job.effort,
  async () => {
    if (job.profile) stopProfile = await profileFunctions();
  },
);
const profile = stopProfile === null ? undefined : await (stopProfile as Awaited<ReturnType<typeof profileFunctions>>)();
const rssMiB = process.resourceUsage().maxRSS / 1024;
checks.push(checkOf(lastMs, spec, engine, routes));
await engine.close();
const answer: EngineAnswer = { ...measured, rssMiB, checks, isls, ...(profile === undefined ? {} : { profile }) };
process.stdout.write(JSON.stringify(answer));

/** Both directions of a link are there: a pair counts once. */
function checkOf(timeMs: number, { nodes }: ScenarioSpec, steps: Steps, ways: Routes | null): Check {
  const found = { timeMs, visiblePairs: 0, gslRangeKm: 0, isls: 0, islRangeKm: 0 };
  for (const { isl, up, source, target, delayS } of steps.links()) {
    if (source > target || !up) continue;
    found[isl ? 'isls' : 'visiblePairs']++;
    found[isl ? 'islRangeKm' : 'gslRangeKm'] += delayS * LIGHT_KM_PER_S;
  }
  if (ways === null) return found;
  const ground = nodes.flatMap(({ role }, i) => (role === NodeRole.SATELLITE ? [] : [i]));
  const delays = ground.flatMap((from) => ground.flatMap((to) => (from === to ? [] : (ways.delayMs(from, to) ?? []))));
  return { ...found, routes: delays.length, routeDelayMs: delays.reduce((a, b) => a + b, 0) };
}

function islPairs(steps: Steps): Pair[] {
  return [...steps.links()].flatMap(({ isl, source, target }) => (isl && source < target ? [[source, target] as const] : []));
}
