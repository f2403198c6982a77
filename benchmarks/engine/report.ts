import type { FunctionShare } from './functions.ts';
import type { BaselineAnswer } from './job.ts';
import type { Measurement } from './measurement.ts';
import { table } from '../table.ts';

export type BaselineRow =
  | { readonly skipped: string }
  | (Omit<BaselineAnswer, 'checks'> & {
      /** Its mean CPU over the engine's. */
      readonly ratio: number;
      /** What it found differently from the engine: then the two must not be compared. */
      readonly different: readonly string[];
    });

export type Row = { readonly case: string; readonly variant: string; readonly limitMs: number } & (
  | { readonly skipped: string }
  | {
      readonly workers: number;
      readonly limitRssMiB: number | null;
      readonly engine: Measurement;
      readonly reached: boolean;
      readonly satelliteJs: BaselineRow;
      readonly numpy: BaselineRow;
      readonly profile?: readonly FunctionShare[];
    }
);

export interface StreamRow {
  readonly encoding: 'columns' | 'messages';
  readonly skipped?: string;
  readonly ticksPerSecond?: number;
  readonly linksPerTick?: number;
  readonly limitTicksPerSecond: number;
  readonly reached?: boolean;
}

export interface EngineReport {
  /** The program, and why it was not used if it was not. */
  readonly python: string;
  readonly rows: readonly Row[];
  readonly budget: { readonly links: number; readonly nsPerLink: number } | null;
  readonly streaming: readonly StreamRow[];
  readonly streamLinks: number;
}

/** Whether a baseline did other work than the engine. */
export const hasDifferences = ({ rows }: EngineReport): boolean =>
  rows.some((row) => !('skipped' in row) && [row.satelliteJs, row.numpy].some((each) => 'different' in each && each.different.length > 0));

export function formatEngine(report: EngineReport): string {
  const parts = [
    table(
      ['satellites × sites', 'step', 'mean', 'median', 'p99', 'p99/median', 'wall', 'MiB', 'limit', 'reached', 'satellite.js', '×', 'numpy', '×'],
      report.rows.map((row) => {
        if ('skipped' in row) return [row.case, row.variant, 'skipped'];
        const { engine } = row;
        const limit = `${ms(row.limitMs)}${row.workers > 1 ? ' wall' : ''}`;
        return [
          row.case,
          row.variant,
          ...[engine.meanCpuMs, engine.medianCpuMs, engine.p99CpuMs].map(ms),
          (engine.p99CpuMs / engine.medianCpuMs).toFixed(1),
          ms(engine.meanWallMs),
          engine.rssMiB.toFixed(0),
          limit,
          row.reached ? 'yes' : 'no',
          ...baseline(row.satelliteJs),
          ...baseline(row.numpy),
        ];
      }),
    ),
    'CPU ms a step (mean, median, p99), all threads and garbage collection; × is the baseline over the engine.',
  ];
  parts.push(`numpy: ${report.python}`);
  if (report.budget !== null) parts.push(`link budget: ${report.budget.nsPerLink.toFixed(0)} ns a link (${report.budget.links} links)`);
  for (const { encoding, skipped, ticksPerSecond, linksPerTick, limitTicksPerSecond, reached } of report.streaming)
    parts.push(
      `gRPC ${encoding}: ${skipped ?? `${ticksPerSecond!.toFixed(0)} ticks/s of ${linksPerTick} changed links (limit ${limitTicksPerSecond}: ${reached! ? 'reached' : 'not reached'})`}`,
    );
  for (const row of report.rows) {
    if ('skipped' in row) {
      parts.push(`${row.case}, ${row.variant}: ${row.skipped}`);
      continue;
    }
    for (const [name, each] of Object.entries({ 'satellite.js': row.satelliteJs, numpy: row.numpy }))
      if ('different' in each && each.different.length > 0) parts.push(`${row.case}, ${row.variant}: ${name} did other work: ${each.different.join('; ')}`);
    if (row.profile !== undefined)
      parts.push(
        `${row.case}, ${row.variant}: where the time goes`,
        table(
          ['share', 'function', 'where'],
          row.profile.map(({ share, name, where }) => [`${(100 * share).toFixed(1)} %`, name, where]),
        ),
      );
  }
  return parts.join('\n');
}

const ms = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function baseline(row: BaselineRow): [string, string] {
  if ('skipped' in row) return ['–', ''];
  return [ms(row.meanCpuMs), row.different.length > 0 ? 'other work' : row.ratio.toFixed(1)];
}
