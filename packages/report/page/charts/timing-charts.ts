import type { Clock } from '../clock.js';
import { h } from '../dom.js';
import type { Run } from '../report.js';
import { Chart } from './chart.js';
import { plain, type Line } from './values.js';

/** On a logarithmic axis nothing lies at 0: a microsecond is less than what was measured. */
const LEAST_MS = 0.001;

/** What ticks cost, and how late they were. */
export function timingCharts(mount: HTMLElement, runs: readonly Run[], clock: Clock): void {
  const apply: Line[] = [];
  const compute: Line[] = [];
  const drift: Line[] = [];
  for (const run of runs) {
    const { metrics, missing, dtMs } = run.data;
    const prefix = runs.length > 1 ? `${run.index + 1} ` : '';
    if (metrics === null) {
      mount.append(h('p', { class: 'note' }, `${prefix}${missing.metrics ?? 'Nothing was measured: no tick was delivered.'}`));
      continue;
    }
    const timeS = run.column(metrics.tick).map((tick) => (tick * dtMs) / 1000);
    const line = (label: string, values: Float64Array, into: Line[]): number =>
      into.push({ label: prefix + label, color: into.length, dash: Math.floor(into.length / 7), timeS, values });
    const above = (values: Float64Array): Float64Array => values.map((value) => Math.max(LEAST_MS, value));
    for (const { lane, values } of metrics.applyMs) line(lane, above(run.column(values)), apply);
    line('computing', above(run.column(metrics.computeMs)), compute);
    if (runs.length === 1) line('translating', above(run.column(metrics.translateMs)), compute);
    if (metrics.driftMs !== null) line('drift', run.column(metrics.driftMs), drift);
  }
  if (apply.length > 0)
    mount.append(
      new Chart({
        title: 'Apply latency: from the call to the lane until the tick is in force',
        unit: 'ms',
        lines: apply,
        height: 200,
        clock,
        logarithmic: true,
        summary: told(apply),
      }).element,
    );
  if (compute.length > 0)
    mount.append(
      new Chart({ title: 'Work of the engine for each tick', unit: 'ms', lines: compute, height: 160, clock, logarithmic: true, summary: told(compute) })
        .element,
    );
  if (drift.length > 0)
    mount.append(new Chart({ title: 'Drift: how late ticks were delivered', unit: 'ms', lines: drift, height: 160, clock, summary: told(drift) }).element);
  else if (apply.length > 0) mount.append(h('p', {}, 'There is no drift: the run was offline, not paced by the wall clock.'));
}

function told(lines: readonly Line[]): string {
  return lines
    .map(({ label, values }) => {
      const known = Array.from(values)
        .filter((value) => !Number.isNaN(value))
        .sort((a, b) => a - b);
      if (known.length === 0) return `${label}: no value.`;
      return `${label}: median ${plain(known[Math.floor(known.length / 2)]!)} ms, 99th percentile ${plain(known[Math.floor(known.length * 0.99)]!)} ms, largest ${plain(known.at(-1)!)} ms.`;
    })
    .join(' ');
}
