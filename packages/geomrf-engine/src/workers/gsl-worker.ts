import { parentPort, workerData } from 'node:worker_threads';
import { fromBinary } from '@bufbuild/protobuf';
import { LinkSelectorSchema, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { ActiveFaults } from '../faults/active-faults.js';
import { GslLinks } from '../gsl/gsl-links.js';
import { wantedSites } from '../gsl/wanted-sites.js';
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
  const columns = Object.fromEntries(Object.entries(all).filter(([name, column]) => told.get(name) !== column));
  for (const [name, column] of Object.entries(columns)) told.set(name, column);
  const { looked, removedCount, enteredCount, count } = out;
  parentPort!.postMessage({ counts: { looked, removedCount, enteredCount, count }, columns } satisfies GslTick);
});
