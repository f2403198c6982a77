import type { Figures } from '../../src/report-data.js';
import type { Clock } from '../clock.js';
import { choice, h, swatch, toggle } from '../dom.js';
import { isHandover, type Run, type Series } from '../report.js';
import { Chart, type Mark } from './chart.js';
import { plain } from './values.js';

const QUANTITIES = [
  { key: 'rttMs', title: 'RTT', unit: 'ms', height: 220 },
  { key: 'oneWayDelayMs', title: 'One-way delay', unit: 'ms', height: 220 },
  { key: 'lossPct', title: 'Loss', unit: '%', height: 110 },
  { key: 'goodputMbps', title: 'Goodput', unit: 'Mbit/s', height: 150 },
] as const;

/** One lane of one run, always in the same colour and pattern. */
interface Side {
  readonly run: Run;
  readonly lane: string;
  readonly label: string;
  readonly index: number;
}

/** Every flow over time, lanes and runs over each other. */
export function flowCharts(mount: HTMLElement, runs: readonly Run[], clock: Clock): void {
  const missing = runs.map(({ data }) => data.missing.series).filter((why) => why !== undefined);
  if (missing.length > 0) mount.append(h('p', { class: 'note' }, [...new Set(missing)].join(' ')));
  const sides = runs.flatMap((run) =>
    [...new Set(run.series.map(({ lane }) => lane))].map((lane) => ({ run, lane, label: runs.length > 1 ? `${run.index + 1} ${lane}` : lane })),
  );
  const told = sides.map((side, index): Side => ({ ...side, index }));
  const flows = [...new Set(runs.flatMap((run) => run.data.flows.map(({ id }) => id)))];
  if (told.length === 0 || flows.length === 0) return;

  const hidden = new Set<number>();
  const place = h('div', { class: 'flows' });
  let only: string | null = flows.length > 12 ? flows[0]! : null;
  let charts: Chart[] = [];
  const show = (): void => {
    for (const chart of charts) chart.destroy();
    charts = [];
    const seen = told.filter(({ index }) => !hidden.has(index));
    place.replaceChildren(...flows.filter((flow) => only === null || only === flow).map((flow) => flowFigure(flow, seen, clock, charts)));
  };
  const flowChoice = choice('Flow', [['', `all ${flows.length}`], ...flows.map((id) => [id, id] as const)], (flow) => {
    only = flow === '' ? null : flow;
    show();
  });
  flowChoice.select.value = only ?? '';
  const toggles = told.map((side) => {
    const label = toggle(side.label, true, (on) => {
      if (on) hidden.delete(side.index);
      else hidden.add(side.index);
      show();
    });
    label.querySelector('span')!.prepend(swatch(side.index, side.index));
    return label;
  });
  mount.append(
    h(
      'p',
      {},
      'The triangles above a delay are handovers: another satellite at either end. A click in a chart, or the arrow keys in it, set the time of the map; dragging zooms, a double click shows all again.',
    ),
    h('div', { class: 'controls' }, ...(flows.length > 1 ? [flowChoice] : []), ...(told.length > 1 ? toggles : [])),
    place,
  );
  show();
}

function flowFigure(flow: string, sides: readonly Side[], clock: Clock, charts: Chart[]): HTMLElement {
  const found = sides.flatMap((side) => {
    const number = side.run.data.flows.findIndex(({ id }) => id === flow);
    const series = side.run.series.find((one) => one.flow === number && one.lane === side.lane);
    return series === undefined ? [] : [{ side, series }];
  });
  const first = found[0]?.side.run;
  const about = first?.data.flows.find(({ id }) => id === flow);
  const ends = about && about.from >= 0 ? `${first!.name(about.from)} to ${first!.name(about.to)}, ${about.kind}` : '';
  const section = h('section', { class: 'flow', 'aria-label': `Flow ${flow}` }, h('h3', {}, flow, h('small', {}, ends)));
  if (found.length === 0) section.append(h('p', { class: 'note' }, 'No lane that is shown has reported this flow.'));
  const handovers = found.map(({ series }) => handoverTimes(series));
  const thinned = found.filter(({ series }) => series.timeS.length < series.samples);
  if (thinned.length > 0)
    section.append(
      h(
        'p',
        { class: 'note' },
        `${thinned.map(({ side, series }) => `${side.label}: ${series.timeS.length} of ${series.samples} samples are drawn`).join('; ')}. No extreme and no change of path is left out; between two of them the first is told.`,
      ),
    );
  for (const { key, title, unit, height } of QUANTITIES) {
    // A round trip says more than its half, where there are both.
    if (key === 'oneWayDelayMs' && found.every(({ series }) => series.rttMs !== null)) continue;
    const shown = found.filter(({ series }) => series[key] !== null);
    if (shown.length === 0) continue;
    const lines = shown.map(({ side, series }) => ({ label: side.label, color: side.index, dash: side.index, timeS: series.timeS, values: series[key]! }));
    const delay = key === 'rttMs' || key === 'oneWayDelayMs';
    const marks: Mark[] = delay ? found.flatMap(({ side }, i) => handovers[i]!.map((timeS) => ({ timeS, color: side.index }))) : [];
    const summary = shown
      .map(({ side, series }) =>
        sentence(
          side.label,
          series.figures[key]!,
          unit,
          delay ? handovers[found.findIndex((one) => one.series === series)]!.length : null,
          series.path !== null,
        ),
      )
      .join(' ');
    // What never changed needs no picture.
    const constant = key === 'lossPct' || key === 'goodputMbps' ? constantOf(shown.map(({ series }) => series[key]!)) : null;
    if (constant !== null) {
      section.append(h('p', { class: 'flat' }, h('strong', {}, title), h('span', { class: 'said' }, `always ${plain(constant)} ${unit}.`)));
      continue;
    }
    const chart = new Chart({ title, unit, lines, height, clock, marks, summary, stepped: key === 'lossPct' });
    charts.push(chart);
    section.append(chart.element);
  }
  return section;
}

/** The one value that all have all the time; `null` when there is more than one. */
function constantOf(columns: readonly Float64Array[]): number | null {
  const first = columns[0]![0]!;
  return columns.every((column) => column.every((value) => value === first)) ? first : null;
}

function handoverTimes({ run, path, timeS }: Series): number[] {
  if (path === null) return [];
  const times: number[] = [];
  let before: readonly number[] | null = null;
  for (const [row, number] of path.entries()) {
    // An outage has no path: who comes back by another satellite was handed over.
    if (Number.isNaN(number)) continue;
    const now = run.paths[number]!;
    if (before !== null && now !== before && isHandover(before, now)) times.push(timeS[row]!);
    before = now;
  }
  return times;
}

function sentence(label: string, figures: Figures, unit: string, handovers: number | null, pathsKnown: boolean): string {
  const { min, median, max } = figures;
  const range = min === max ? `always ${plain(min)} ${unit}` : `${plain(min)} to ${plain(max)} ${unit}, median ${plain(median)}`;
  const changes = handovers === null || !pathsKnown ? '' : handovers === 1 ? ', 1 handover' : `, ${handovers} handovers`;
  return `${label}: ${range}${changes}.`;
}
