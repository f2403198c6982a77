import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { pause, root, type workplace } from './satsim.js';

type Place = ReturnType<typeof workplace>;

export interface SweepCell {
  readonly cell: string;
  readonly parameters: Record<string, unknown>;
  readonly status: string;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly runId: string | null;
  readonly runDir: string | null;
  readonly durationMs: number | null;
  readonly traceSha256: string | null;
  readonly flows: readonly { readonly id: string; readonly rttMs: { readonly median: number } | null }[];
  readonly assertions: readonly { readonly ok: boolean }[];
}
export interface FinishedSweep {
  readonly sweepDir: string;
  readonly state: string;
  readonly counts: Record<'cells' | 'done' | 'failed' | 'missing' | 'ran', number>;
  readonly cells: readonly SweepCell[];
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly exitCode: number;
}

export const BENT_PIPE = join(root, 'examples/bent-pipe.satsim.yaml');
/** Six cells of five ticks each. */
export const SIX = `scenario: ${JSON.stringify(BENT_PIPE)}\nset: { time.duration: 5s }\ngrid: { links.gsl.min_elevation_deg: [5, 6, 7] }\nreplicates: 2\n`;

export async function sweep(place: Place, ...args: string[]): Promise<FinishedSweep> {
  const { stdout, stderr } = await place.satsim('sweep', ...args, '--format', 'json');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as FinishedSweep;
}

/** What is the same whenever and wherever a sweep runs. */
export function lasting(cells: readonly SweepCell[]): unknown {
  return cells.map(({ runId: _runId, runDir: _runDir, durationMs: _durationMs, ...rest }) => rest);
}

export function tableOf(place: Place, sweepId: string): readonly SweepCell[] {
  const text = readFileSync(join(place.dir, 'artifacts/sweeps', sweepId, 'table.json'), 'utf8');
  return (JSON.parse(text) as { readonly cells: readonly SweepCell[] }).cells;
}

/**
 * Kills a sweep at random moments and goes on with it, until it is done: nothing is left running, no cell that has ended runs
 * again, and the table is that of a sweep that nobody killed.
 * @param file of a sweep called `killed`
 */
export async function killMarathon(place: Place, file: string, unbroken: unknown, random: () => number, kills: number, longestMs: number): Promise<void> {
  for (let i = 0; i < kills; i += 1) {
    const running = place.start('sweep', file, '-j', '2', '--format', 'json');
    const moment = Math.round(random() * longestMs);
    await pause(moment);
    running.kill('SIGKILL');
    await running;
    await eventually(() =>
      expect(
        place.leftovers().filter((what) => what.startsWith('process')),
        `killed after ${moment} ms`,
      ).toEqual([]),
    );
  }
  const before = place.runs().length;
  const explained = JSON.parse(await place.output('sweep', file, '--explain', '--format', 'json')) as { readonly runs: boolean }[];
  const result = await sweep(place, file, '-j', '2');
  expect(result).toMatchObject({ state: 'completed', exitCode: 0 });
  expect(result.counts.ran).toBe(explained.filter(({ runs }) => runs).length);
  expect(place.runs()).toHaveLength(before + result.counts.ran);
  expect(lasting(result.cells)).toEqual(unbroken);
  expect(lasting(tableOf(place, 'killed'))).toEqual(unbroken);
}

async function eventually(check: () => void, limitMs = 3_000): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(50);
    }
  }
}
