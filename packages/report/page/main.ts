import 'uplot/dist/uPlot.min.css';
import './report.css';
import { Clock } from './clock.js';
import { flowCharts } from './charts/flow-charts.js';
import { radioCharts } from './charts/radio-charts.js';
import { timingCharts } from './charts/timing-charts.js';
import { h } from './dom.js';
import { Gantt } from './gantt.js';
import { MapView } from './map/map-view.js';
import { loadReport, type Run } from './report.js';
import { sortTables } from './sort-tables.js';
import { sweepPlots } from './sweep-plots.js';

type Draw = (mount: HTMLElement) => void;

function contacts(mount: HTMLElement, runs: readonly Run[], clock: Clock): void {
  const why = runs.flatMap(({ data }) => data.missing.contacts ?? []);
  if (why.length > 0) mount.append(h('p', { class: 'note' }, [...new Set(why)].join(' ')));
  if (runs.some((run) => run.contacts !== null)) new Gantt(mount, runs, clock);
}

async function start(): Promise<void> {
  sortTables();
  const { data, runs } = await loadReport();
  // A sweep has no time of its own.
  const clock = new Clock(Math.max(0, ...runs.map(({ lengthS }) => lengthS)), Math.min(...runs.map((run) => run.data.dtMs / 1000), 3600));
  const parts: Readonly<Record<string, Draw>> = {
    map: (mount) => void new MapView(mount, runs, clock),
    flows: (mount) => flowCharts(mount, runs, clock),
    contacts: (mount) => contacts(mount, runs, clock),
    radio: (mount) => radioCharts(mount, runs, clock),
    timing: (mount) => timingCharts(mount, runs, clock),
    sweep: (mount) => sweepPlots(mount, data.sweep!),
  };
  for (const mount of document.querySelectorAll<HTMLElement>('[data-mount]')) {
    try {
      parts[mount.dataset['mount']!]!(mount);
    } catch (error) {
      // One part that fails must not take the others with it.
      mount.append(h('p', { class: 'note' }, `This part cannot be drawn: ${String(error)}`));
      reportError(error);
    }
  }
  document.documentElement.classList.add('ready');
}

void start();
