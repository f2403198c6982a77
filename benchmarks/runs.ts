import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { manyRuns } from './many-runs.ts';

const RUNS = 10_000;
/** Younger files are read again, as they might change once more within a step of the file system's clock. */
const OLD_ENOUGH_MS = 1_500;

/** What the rows are called, what is run, and what its median may be. */
const COMMANDS: Readonly<Record<string, { readonly limit: number; readonly args: (newest: string) => readonly string[] }>> = {
  'runs list-runs': { limit: 300, args: () => ['list-runs'] },
  'runs list-runs json': { limit: 300, args: () => ['list-runs', '--format', 'json'] },
  'runs list-runs param': { limit: Infinity, args: () => ['list-runs', '--param', 'links.gsl.min_elevation_deg>=39', '--format', 'json'] },
  'runs show-run': { limit: 300, args: (newest) => ['show-run', newest] },
};

/** Whole commands over ten thousand runs, in processes of their own: milliseconds, and beside them the first, which makes the index. */
export async function benchRuns(times: number): Promise<Record<string, { readonly unit: 'ms'; readonly limit: number; readonly values: readonly number[] }>> {
  const { root, newest, remove } = manyRuns(RUNS);
  try {
    await new Promise((resolve) => setTimeout(resolve, OLD_ENOUGH_MS));
    const rows: Record<string, { unit: 'ms'; limit: number; values: number[] }> = {
      'runs list-runs first': { unit: 'ms', limit: Infinity, values: [satsim(['list-runs', '--artifacts-root', root])] },
    };
    for (const [row, { limit, args }] of Object.entries(COMMANDS)) {
      const all = [...args(newest), '--artifacts-root', root];
      satsim(all);
      rows[row] = { unit: 'ms', limit, values: Array.from({ length: times }, () => satsim(all)) };
    }
    return rows;
  } finally {
    remove();
  }
}

function satsim(args: readonly string[]): number {
  const started = performance.now();
  const bin = fileURLToPath(new URL('../packages/cli/bin/satsim.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`satsim ${args.join(' ')}: exit ${status}\n${stderr}`);
  return performance.now() - started;
}
