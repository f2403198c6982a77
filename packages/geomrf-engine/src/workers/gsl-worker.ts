import { parentPort, workerData } from 'node:worker_threads';
import { fromBinary } from '@bufbuild/protobuf';
import { LinkSelectorSchema, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { ActiveFaults } from '../faults/active-faults.js';
import { GslLinks } from '../gsl/gsl-links.js';
import { wantedSites } from '../gsl/wanted-sites.js';
import type { LinkEvents } from '../links/link-output.js';
import { Selection } from '../links/selector.js';
import { compileScenario } from '../scenario/compiled.js';
import { COLUMNS } from './gsl-job.js';
import type { GslJob, GslTick } from './gsl-job.js';

// A part of the ground links of one stream, in a thread of its own: told a time, it answers with what has changed.
const job = workerData as GslJob;
const scenario = compileScenario(fromBinary(ScenarioSpecSchema, job.spec));
const selection = new Selection(fromBinary(LinkSelectorSchema, job.selector), scenario.indexOf);
const faults = new ActiveFaults(scenario);
const sites = wantedSites(scenario, selection).slice(job.firstSite, job.endSite);
const links = new GslLinks(scenario, sites, job.bounds, selection, job.options, true);
const told = new Map<string, unknown>();

parentPort!.on('message', (timeMs: number) => {
  // Numbers of the links that entered at the tick before: the other thread has written them since.
  links.number();
  faults.moveTo(timeMs);
  links.update(timeMs, job.positions, faults);
  const { out } = links;
  const all = { ...Object.fromEntries(COLUMNS.map((name) => [name, out[name]])), ...out.details };
  const columns = Object.fromEntries(Object.entries(all).filter(([name, column]) => isElsewhere(name, column)));
  const { looked, removedCount, enteredCount, count } = out;
  parentPort!.postMessage({ counts: { looked, removedCount, enteredCount, count }, columns, events: out.events && eventsOf(out.events) } satisfies GslTick);
});

function eventsOf(events: LinkEvents): NonNullable<GslTick['events']> {
  const rows = (name: keyof LinkEvents) => {
    const { count, values } = events[name];
    return isElsewhere(name, values) ? { count, values } : { count };
  };
  return { passEnds: rows('passEnds'), passStarts: rows('passStarts'), handovers: rows('handovers'), modcodChanges: rows('modcodChanges') };
}

/** Whether the other thread has not been told yet where a column lies; it counts as told then. */
function isElsewhere(name: string, column: unknown): boolean {
  if (told.get(name) === column) return false;
  told.set(name, column);
  return true;
}
