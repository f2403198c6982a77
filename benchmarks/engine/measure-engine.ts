// Measures the engine in a process of its own. Argument: a file with the job; prints the answer as JSON.
import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { openLinkSteps } from '@satsim/geomrf-engine';
import { NodeRole, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { profileFunctions } from './functions.ts';
import type { EngineAnswer, EngineJob } from './job.ts';
import { measure } from './measurement.ts';
import type { Check } from './measurement.ts';
import { openRoutes, PresentLinks } from './routes.ts';

const LIGHT_KM_PER_S = 299_792.458;
/** Over which a second engine is followed link by link, apart from what is measured: long enough for whatever is done now and then. */
const CHECKED_TICKS = 40;

const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as EngineJob;
const spec = fromBinary(ScenarioSpecSchema, readFileSync(job.spec));
const startMs = Number(spec.tStart!.seconds) * 1000;
const options = { dtMs: job.dtMs, workers: job.workers };

const engine = openLinkSteps(spec, options);
const routes = job.routed === null ? null : openRoutes(spec, job.routed === 'relay');
let stopProfile: Awaited<ReturnType<typeof profileFunctions>> | null = null;
let last = 0;
const measured = await measure(
  async (tick) => {
    last = tick;
    await engine.step(startMs + tick * job.dtMs);
    routes?.route(engine.outputs);
  },
  job.effort,
  async () => {
    if (job.profile) stopProfile = await profileFunctions();
  },
);
const profile = await (stopProfile as Awaited<ReturnType<typeof profileFunctions>> | null)?.();
const rssMiB = process.resourceUsage().maxRSS / 1024;
await engine.close();

const links = new PresentLinks();
const checks: Check[] = [];
const isls: [number, number][] = [];
const checked = openLinkSteps(spec, options);
for (let tick = Math.max(0, last - CHECKED_TICKS); tick <= last; tick++) {
  const timeMs = startMs + tick * job.dtMs;
  await checked.step(timeMs);
  links.apply(checked.outputs);
  if (checks.length > 0 && tick < last) continue;
  if (checks.length === 0) for (const { isl, source, target } of links.values()) if (isl && source < target) isls.push([source, target]);
  checks.push({ ...found(timeMs), ...(tick === last ? ways() : {}) });
}
await checked.close();
process.stdout.write(JSON.stringify({ ...measured, rssMiB, checks, isls, ...(profile === undefined ? {} : { profile }) } satisfies EngineAnswer));

/** Both directions of a link are there: a pair counts once. */
function found(timeMs: number): Check {
  const sums = { timeMs, visiblePairs: 0, gslRangeKm: 0, isls: 0, islRangeKm: 0 };
  for (const { isl, up, source, target, delayS } of links.values()) {
    if (source > target || !up) continue;
    sums[isl ? 'isls' : 'visiblePairs']++;
    sums[isl ? 'islRangeKm' : 'gslRangeKm'] += delayS * LIGHT_KM_PER_S;
  }
  return sums;
}

function ways(): Pick<Check, 'routes' | 'routeDelayMs'> {
  if (routes === null) return {};
  const ground = spec.nodes.flatMap(({ role }, i) => (role === NodeRole.SATELLITE ? [] : [i]));
  const delays = ground.flatMap((from) => ground.flatMap((to) => (from === to ? [] : (routes.delayMs(from, to) ?? []))));
  if (delays.length === 0) throw new Error('no city has a way to another: the steps that were measured did not route');
  return { routes: delays.length, routeDelayMs: delays.reduce((a, b) => a + b, 0) };
}
