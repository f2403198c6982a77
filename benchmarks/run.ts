// npm run bench -- [case …] [--runs N]: whole runs of the examples as a user starts them, and single figures. Prints JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figure, FIGURES } from './figures.ts';
import { cpuShares } from './profile.ts';

const EXAMPLES = ['iridium', 'starlink-shell1'] as const;
const CASES: readonly string[] = [...EXAMPLES, ...Object.keys(FIGURES)];

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', default: '5' } } });
const unknown = positionals.filter((name) => !CASES.includes(name));
const runs = Number(values.runs);
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(`usage: npm run bench -- [${CASES.join(' | ')} …] [--runs N]`);
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

function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => Number((sorted[index] ?? Number.NaN).toFixed(2));
  return { min: at(0), median: at(sorted.length >> 1), max: at(sorted.length - 1) };
}

async function figure({ unit, limit, measure: once }: Figure): Promise<object> {
  await once(); // warm the file cache
  const measured: number[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await once());
  return { runs, unit, limit, ...spread(measured) };
}

function example(name: string): object {
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

const report: Record<string, object> = {};
for (const name of positionals.length > 0 ? positionals : CASES) {
  const single = FIGURES[name];
  report[name] = single === undefined ? example(name) : await figure(single);
}
console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, cases: report }, null, 2));
