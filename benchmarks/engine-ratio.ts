// A step of the engine against the baseline in JavaScript, in turns within one process, so that a slow or busy machine slows
// both: Starlink's first shell and 100 cities. Prints mean CPU ms of both and the ratio as JSON.
import { openLinkSteps } from '@satsim/geomrf-engine';
import { measure } from './engine/measurement.ts';
import { problemOf } from './engine/problem.ts';
import { SatelliteJs } from './engine/satellite-js.ts';
import { cities, GEN1, walkerSpec } from './engine/specs.ts';

const TURNS = 5;
const EFFORT = { warmUp: 30, ticks: 60, seconds: 5 };

const spec = walkerSpec(GEN1.slice(0, 1), cities(100));
const problem = problemOf(spec, null);
const baseline = new SatelliteJs(problem);
const engine = openLinkSteps(spec, { dtMs: 1000, workers: 1 });
let tick = 0;
const next = (): number => problem.startMs + tick++ * 1000;

const turns: { engineMs: number; baselineMs: number }[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  const { meanCpuMs: engineMs } = await measure(() => engine.step(next()), EFFORT);
  const { meanCpuMs: baselineMs } = await measure(() => baseline.step(next()), EFFORT);
  turns.push({ engineMs, baselineMs });
}
await engine.close();
const [middle] = turns.toSorted((a, b) => a.baselineMs / a.engineMs - b.baselineMs / b.engineMs).slice(TURNS >> 1);
process.stdout.write(JSON.stringify({ ...middle, ratio: middle!.baselineMs / middle!.engineMs }));
