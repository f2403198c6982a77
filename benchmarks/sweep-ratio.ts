// A sweep of Iridium, ten minutes a cell, by one process and by two in turns, and some of its cells as runs of their own:
// node benchmarks/sweep-ratio.ts [CELLS] [TURNS]. Prints the least of each and their ratios as JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SweepRatios {
  readonly oneS: number;
  readonly twoS: number;
  /** Wall clock of two processes by that of one. */
  readonly wallRatio: number;
  readonly sweepCpuS: number;
  readonly bareCpuS: number;
  /** CPU time of the sweep, with its planning and its tables, by that of its cells as runs of their own. */
  readonly cpuRatio: number;
}

const SIDE = 8;
/** Cells that are run by themselves; the others cost as much. */
const BARE = 4;

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** @param cells up to 64 */
export function measureSweep(cells: number, turns: number): SweepRatios {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  const values = (count: number): string => Array.from({ length: count }, (_, i) => i).join(',');
  const grid = ['--grid', `links.gsl.min_elevation_deg=${values(SIDE)}`, '--grid', `links.gsl.hysteresis_deg=${values(Math.ceil(cells / SIDE))}`];
  const root = ['--set', `paths.artifacts_root=${dir}/runs`, '--set', 'assertions=[]'];
  const sweep = (jobs: number): Usage =>
    satsim('sweep', at('../examples/iridium.satsim.yaml'), ...grid, ...root, '--sweeps-root', `${dir}/sweeps`, '--rerun', 'all', '-j', String(jobs));
  const bare = (i: number): Usage =>
    satsim('run', at('../examples/iridium.satsim.yaml'), ...root, '--set', `links.gsl.min_elevation_deg=${i}`, '--set', 'links.gsl.hysteresis_deg=0');
  try {
    bare(0); // warm the file cache
    const measured = Array.from({ length: turns }, () => ({ one: sweep(1), two: sweep(2), bare: Array.from({ length: BARE }, (_, i) => bare(i)) }));
    const all = SIDE * Math.ceil(cells / SIDE);
    const oneS = least(measured.map(({ one }) => one.wallS));
    const twoS = least(measured.map(({ two }) => two.wallS));
    const sweepCpuS = least(measured.map(({ two }) => two.cpuS));
    const bareCpuS = least(measured.map((turn) => (turn.bare.reduce((sum, { cpuS }) => sum + cpuS, 0) / BARE) * all));
    return { oneS, twoS, wallRatio: twoS / oneS, sweepCpuS, bareCpuS, cpuRatio: sweepCpuS / bareCpuS };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Usage {
  readonly wallS: number;
  readonly cpuS: number;
}

function satsim(...args: readonly string[]): Usage {
  const [started, cpuBefore] = [performance.now(), childrenCpuS()];
  const { status, stderr } = spawnSync(process.execPath, [at('../packages/cli/bin/satsim.js'), ...args, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`satsim ${args.join(' ')}: exit ${status}\n${stderr}`);
  return { wallS: (performance.now() - started) / 1000, cpuS: childrenCpuS() - cpuBefore };
}

/** Of the processes that have ended, and of those that they had: fields 16 and 17 of proc_pid_stat(5), in hundredths of a second. */
function childrenCpuS(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** What else runs here only ever adds. */
function least(values: readonly number[]): number {
  return Math.min(...values);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [cells = 64, turns = 1] = process.argv.slice(2).map(Number);
  process.stdout.write(JSON.stringify(measureSweep(cells, turns)));
}
