import type { Timed } from '../../src/report-data.js';
import type { Clock } from '../clock.js';
import { h } from '../dom.js';
import type { Run } from '../report.js';
import { Chart, type ChartOptions } from './chart.js';
import { type Line, plain } from './values.js';

/** On a logarithmic axis nothing lies at 0: a microsecond is less than what was measured. */
const LEAST_MS = 0.001;

/** Lines that share a chart, and the sentences about them. */
class TimedLines {
  readonly lines: Line[] = [];
  readonly said: string[] = [];
  readonly #logarithmic: boolean;

  constructor(logarithmic: boolean) {
    this.#logarithmic = logarithmic;
  }

  add(run: Run, label: string, timeS: Float64Array, { values, figures }: Timed): void {
    const all = run.column(values);
    const shown = this.#logarithmic ? all.map((value) => Math.max(LEAST_MS, value)) : all;
    const index = this.lines.length;
    this.lines.push({ label, color: index, dash: index, timeS, values: shown });
    if (figures === null) this.said.push(`${label}: no value.`);
    else this.said.push(`${label}: median ${plain(figures.median)} ms, 99th percentile ${plain(figures.p99)} ms, largest ${plain(figures.max)} ms.`);
  }

  chart(options: Pick<ChartOptions, 'title' | 'height' | 'clock'>): HTMLElement[] {
    if (this.lines.length === 0) return [];
    return [new Chart({ ...options, unit: 'ms', lines: this.lines, logarithmic: this.#logarithmic, summary: this.said.join(' ') }).element];
  }
}

/** What ticks cost, and how late they were. */
export function timingCharts(mount: HTMLElement, runs: readonly Run[], clock: Clock): void {
  const [apply, compute, drift] = [new TimedLines(true), new TimedLines(true), new TimedLines(false)];
  for (const run of runs) {
    const { metrics, missing, dtMs } = run.data;
    const prefix = runs.length > 1 ? `${run.index + 1} ` : '';
    if (metrics === null) {
      mount.append(h('p', { class: 'note' }, `${prefix}${missing.metrics ?? 'Nothing was measured: no tick was delivered.'}`));
      continue;
    }
    const timeS = run.column(metrics.tick).map((tick) => (tick * dtMs) / 1000);
    for (const one of metrics.applyMs) apply.add(run, prefix + one.lane, timeS, one);
    compute.add(run, `${prefix}computing`, timeS, metrics.computeMs);
    if (runs.length === 1) compute.add(run, 'translating', timeS, metrics.translateMs);
    if (metrics.driftMs !== null) drift.add(run, `${prefix}drift`, timeS, metrics.driftMs);
  }
  mount.append(
    ...apply.chart({ title: 'Apply time: from the call to the lane until the tick is in force', height: 200, clock }),
    ...compute.chart({ title: 'Work of the engine for each tick', height: 160, clock }),
    ...drift.chart({ title: 'Drift: how late ticks were delivered', height: 160, clock }),
  );
  if (drift.lines.length === 0 && apply.lines.length > 0) mount.append(h('p', {}, 'There is no drift: the run was offline, not paced by the wall clock.'));
}
