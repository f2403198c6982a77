// npm run bench -- [case …] [--runs N] [--format table|json]: whole runs of the examples as a user starts them, single figures,
// and the engine's steps beside plain baselines: `engine [--only TEXT] [--profile] [--python PATH]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/index.ts';
import { formatEngine, hasDifferences } from './engine/report.ts';
import type { EngineReport } from './engine/report.ts';
import { type Figure, FIGURES } from './figures.ts';
import { benchMininet } from './mininet/index.ts';
import { benchRealtime } from './mininet/realtime.ts';
import { cpuShares } from './profile.ts';
import { benchReplay } from './replay.ts';
import { benchRuns } from './runs.ts';
import { table } from './table.ts';

const EXAMPLES = ['iridium', 'starlink-shell1'] as const;
const ENGINE = 'engine';
/** They need root: only when they are named. */
const MININET = ['mininet-apply', 'mininet-realtime'] as const;
/** Cases of several rows, by whole runs. */
const RUNS = 'runs';
const REPLAY = 'replay';
const CASES: readonly string[] = [...EXAMPLES, ...Object.keys(FIGURES), RUNS, REPLAY, ENGINE];

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    format: { type: 'string', default: 'table' },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
    duration: { type: 'string', default: '10m' },
  },
});
const unknown = positionals.filter((name) => ![...MININET, ...CASES].includes(name));
const runs = Number(values.runs);
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1 || !['table', 'json'].includes(values.format)) {
  console.error(
    `usage: npm run bench -- [${[...CASES, ...MININET].join(' | ')} …] [--runs N] [--format table|json] [--only TEXT] [--profile] [--python PATH] [--duration 10m]`,
  );
  process.exit(2);
}

interface Measured {
  readonly wallS: number;
  readonly cpuS: number;
  readonly maxRssMiB: number;
}

/** One whole run in a process of its own, artifacts in a folder that is removed. */
function measure(name: string, profileDir?: string): Measured {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  try {
    const usage = join(dir, 'usage.json');
    const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...profiling,
        '--import',
        at('./usage.js'),
        at('../packages/cli/bin/satsim.js'),
        'run',
        at(`../examples/${name}.satsim.yaml`),
        '--format',
        'json',
        '--set',
        `paths.artifacts_root=${dir}`,
      ],
      { env: { ...process.env, SATSIM_BENCH_USAGE: usage }, encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    const wallS = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`${name}: exit ${status}\n${stderr}`);
    return { wallS, ...(JSON.parse(readFileSync(usage, 'utf8')) as { cpuS: number; maxRssMiB: number }) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const isMininet = (name: string): boolean => (MININET as readonly string[]).includes(name);

interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}
interface FigureReport extends Spread {
  readonly runs: number;
  readonly unit: string;
  readonly limit: number;
}
interface ExampleReport {
  readonly runs: number;
  readonly wallS: Spread;
  readonly cpuS: Spread;
  readonly maxRssMiB: Spread;
  readonly cpuShares: Record<string, number>;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => Number((sorted[index] ?? Number.NaN).toFixed(2));
  return { min: at(0), median: at(sorted.length >> 1), max: at(sorted.length - 1) };
}

async function figure({ unit, limit, measure: once }: Figure): Promise<FigureReport> {
  await once(); // warm the file cache
  const measured: number[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await once());
  return { runs, unit, limit, ...spread(measured) };
}

function example(name: string): ExampleReport {
  measure(name); // warm the file cache
  const measured = Array.from({ length: runs }, () => measure(name));
  const profileDir = mkdtempSync(join(tmpdir(), 'satsim-profile-'));
  try {
    measure(name, profileDir);
    return {
      runs,
      wallS: spread(measured.map((each) => each.wallS)),
      cpuS: spread(measured.map((each) => each.cpuS)),
      maxRssMiB: spread(measured.map((each) => each.maxRssMiB)),
      cpuShares: cpuShares(profileDir),
    };
  } finally {
    rmSync(profileDir, { recursive: true, force: true });
  }
}

function asTable(cases: Record<string, FigureReport | ExampleReport>): string {
  const header = ['case', 'figure', 'min', 'median', 'max', 'limit', 'reached'];
  const numbers = ({ min, median, max }: Spread): string[] => [min, median, max].map(String);
  const rows = Object.entries(cases).flatMap(([name, found]) =>
    'limit' in found
      ? [[name, found.unit, ...numbers(found), ...(found.limit === Infinity ? ['', ''] : [String(found.limit), found.median <= found.limit ? 'yes' : 'no'])]]
      : (['wallS', 'cpuS', 'maxRssMiB'] as const).map((key) => [name, key, ...numbers(found[key]), '', '']),
  );
  return rows.length === 0 ? '' : table(header, rows);
}

const report: Record<string, FigureReport | ExampleReport> = {};
let engine: EngineReport | null = null;
for (const name of positionals.length > 0 ? positionals : CASES) {
  const single = FIGURES[name];
  if (name === ENGINE) engine = await benchEngine({ ...values, onRow: (text) => console.error(text) });
  else if (isMininet(name) || name === RUNS || name === REPLAY) {
    const figures =
      name === REPLAY
        ? benchReplay(runs)
        : name === RUNS
          ? benchRuns(runs)
          : name === 'mininet-apply'
            ? benchMininet(runs)
            : benchRealtime(runs, values.duration);
    for (const [row, { values: found, ...rest }] of Object.entries(await figures)) report[row] = { runs: found.length, ...rest, ...spread(found) };
  } else report[name] = single === undefined ? example(name) : await figure(single);
}
const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
if (values.format === 'json') {
  console.log(JSON.stringify({ ...machine, cases: { ...report, ...(engine === null ? {} : { engine }) } }, null, 2));
} else {
  console.log(`${machine.node}, ${machine.cores} × ${machine.cpu}`);
  console.log([asTable(report), engine === null ? '' : formatEngine(engine)].filter((text) => text !== '').join('\n\n'));
}
// Figures that cannot be compared are no figures.
if (engine !== null && hasDifferences(engine)) process.exitCode = 1;
