import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { CASES } from './cases.ts';
import type { Case, Variant } from './cases.ts';
import type { BaselineAnswer, EngineAnswer, EngineJob } from './job.ts';
import type { Check, Effort } from './measurement.ts';
import { problemOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { inTemporaryFolder, measureIn, pythonAbsent } from './processes.ts';
import type { BaselineRow, EngineReport, Row } from './report.ts';
import { cities, realSpec, withBudget } from './specs.ts';
import { STREAM_LINKS, streams } from './streaming.ts';

export interface EngineBenchOptions {
  readonly python: string;
  /** A step of the largest case of one thread, function by function. */
  readonly profile: boolean;
  /** Only cases whose name holds this; empty for all. */
  readonly only: string;
  readonly onRow: (text: string) => void;
}

const ENGINE = new URL('./measure-engine.ts', import.meta.url);
const SATELLITE_JS = new URL('./measure-satellite-js.ts', import.meta.url);
const NUMPY = new URL('../reference/engine_reference.py', import.meta.url);

/** What runs once in some ticks is compiled only after some hundred of them, which would count as spikes. */
const ENGINE_EFFORT: Effort = { warmUp: 600, ticks: 600, seconds: 20 };
const BASELINE_EFFORT: Effort = { warmUp: 20, ticks: 100, seconds: 10 };

/** Ranges are the same when they differ by less than a millimetre a link on average. */
const RANGE_TOLERANCE_KM = 1e-6;
/** Routing takes each link's delay in whole nanoseconds, so that between two equal ways another may be chosen. */
const ROUTE_TOLERANCE_MS = 1e-4;

export async function benchEngine(options: EngineBenchOptions): Promise<EngineReport> {
  const absent = pythonAbsent(options.python);
  const rows: Row[] = [];
  for (const one of CASES.filter(({ name }) => name.includes(options.only))) {
    options.onRow(one.name);
    if (one.absent === null) rows.push(...inTemporaryFolder((folder) => rowsOf(one, folder, options, absent)));
    else rows.push(...one.variants.map((variant) => ({ case: one.name, variant: variant.name, limitMs: variant.limitMs, skipped: one.absent! })));
  }
  const whole = options.only === '';
  return {
    python: absent === null ? options.python : `${options.python}: ${absent}`,
    rows,
    budget: whole && CASES[3]!.absent === null ? budget() : null,
    streaming: whole ? await streams() : [],
    streamLinks: STREAM_LINKS,
  };
}

function rowsOf(one: Case, folder: string, { python, profile, onRow }: EngineBenchOptions, absent: string | null): Row[] {
  const spec = one.spec();
  const file = writeSpec(folder, spec);
  return one.variants.map((variant) => {
    onRow(`  ${variant.name}`);
    const job = { spec: file, dtMs: variant.dtMs, routed: variant.routed, workers: one.workers, effort: ENGINE_EFFORT, profile: profile && isLargest(one) };
    const engine = measureEngine(folder, job);
    const inferred = spec.nodes[0]!.shellPosition === undefined ? engine.isls : null;
    const problem = problemOf(spec, inferred);
    const { isls: _, profile: functions, ...measured } = engine;
    return {
      case: one.name,
      variant: variant.name,
      workers: one.workers,
      limitMs: variant.limitMs,
      limitRssMiB: one.limitRssMiB,
      engine: measured,
      reached: reached(one, variant, engine),
      satelliteJs:
        variant.routed === null && variant.dtMs === 1000
          ? baselineOf(variant, engine, problem, inferred !== null, (baseline) => measureIn(process.execPath, SATELLITE_JS, folder, baseline))
          : { skipped: 'it does not route' },
      numpy:
        absent === null
          ? baselineOf(variant, engine, problem, inferred !== null, (baseline) => measureIn(python, NUMPY, folder, baseline))
          : { skipped: absent },
      ...(functions === undefined ? {} : { profile: functions }),
    };
  });
}

/** The case of one thread with the most links. */
const isLargest = ({ name }: Case): boolean => name === (CASES[3]!.absent === null ? CASES[3]!.name : CASES[2]!.name);

const measureEngine = (folder: string, job: EngineJob): EngineAnswer => measureIn(process.execPath, ENGINE, folder, job) as EngineAnswer;

function writeSpec(folder: string, spec: ScenarioSpec): string {
  const file = join(folder, 'spec.bin');
  writeFileSync(file, toBinary(ScenarioSpecSchema, spec));
  return file;
}

const reached = ({ workers, limitRssMiB }: Case, { limitMs }: Variant, { meanCpuMs, meanWallMs, rssMiB }: EngineAnswer): boolean =>
  (workers === 1 ? meanCpuMs : meanWallMs) <= limitMs && rssMiB <= (limitRssMiB ?? Infinity);

function baselineOf(variant: Variant, engine: EngineAnswer, problem: Problem, inferred: boolean, run: (job: object) => unknown): BaselineRow {
  const job = { problem, dtMs: variant.dtMs, routed: variant.routed, effort: BASELINE_EFFORT, checkAt: engine.checks.map(({ timeMs }) => timeMs) };
  const { checks, ...measured } = run(job) as BaselineAnswer;
  // Real satellites change partners: the ISLs of the first tick are only compared there.
  const different = checks.flatMap((found, i) => differences(engine.checks[i]!, found, !inferred || i === 0));
  return { ...measured, ratio: measured.meanCpuMs / engine.meanCpuMs, different };
}

/** What two implementations found differently at one instant; empty when they did the same work. */
function differences(expected: Check, found: Check, withIsls: boolean): string[] {
  const what: string[] = [];
  const count = (key: 'visiblePairs' | 'isls' | 'routes'): void => {
    if (expected[key] !== found[key]) what.push(`${key} ${expected[key]} and ${found[key]}`);
  };
  const sum = (key: 'gslRangeKm' | 'islRangeKm' | 'routeDelayMs', count: number | undefined, tolerance: number): void => {
    if (Math.abs((expected[key] ?? 0) - (found[key] ?? 0)) > tolerance * (count ?? 0)) what.push(`${key} ${expected[key]} and ${found[key]}`);
  };
  count('visiblePairs');
  sum('gslRangeKm', expected.visiblePairs, RANGE_TOLERANCE_KM);
  if (withIsls) {
    count('isls');
    sum('islRangeKm', expected.isls, RANGE_TOLERANCE_KM);
  }
  if (expected.routes !== undefined) {
    count('routes');
    sum('routeDelayMs', expected.routes, ROUTE_TOLERANCE_MS);
  }
  return what;
}

/** What the link budget adds to a step, by link; the real satellites, as they have the most links of those with one thread. */
function budget(): EngineReport['budget'] {
  const spec = realSpec(cities(1000));
  return inTemporaryFolder((folder) => {
    const cost = (of: ScenarioSpec): EngineAnswer =>
      measureEngine(folder, { spec: writeSpec(folder, of), dtMs: 1000, routed: null, workers: 1, effort: ENGINE_EFFORT, profile: false });
    const [fixed, computed] = [cost(spec), cost(withBudget(spec))];
    const links = 2 * fixed.checks.at(-1)!.visiblePairs;
    return { links, nsPerLink: ((computed.meanCpuMs - fixed.meanCpuMs) * 1e6) / links };
  });
}
