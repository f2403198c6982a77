import { lstat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { compareRuns, messageOf, openArtifactArea, parseTolerances, SatsimError } from '@satsim/core';
import type { FlowComparison, RunRecord, RunsCompared } from '@satsim/core';
import { artifactError } from '@satsim/core/records';
import type { AskPositions } from './collect/positions.js';
import { readRunFolder, type ReportedRun } from './collect/run-folder.js';
import { agreement } from './html/agreement-section.js';
import { configuration, differing, provenance, requestedApplied } from './html/configuration-sections.js';
import { type Section, reportDocument } from './html/document.js';
import { html, type Markup } from './html/markup.js';
import { assertionTable, factList, flowTable, outcome, remarks, runHeading } from './html/summary-section.js';
import { Packer } from './pack/packer.js';

export interface ReportOptions {
  /** Where the report goes. */
  readonly out: string;
  /** Asks the engine; `null` where there is none: the map then shows what it can. */
  readonly positions: AskPositions | null;
}

export interface WrittenReport {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Writes the report of one run, or of several held against each other; runs that crashed or still go on are shown as far as
 * they came. Whatever is there at `out` is replaced in one step.
 * @throws SatsimError ARTIFACTS when a run cannot be read at all, or the report cannot be written
 */
export async function reportRuns(records: readonly RunRecord[], { out, positions }: ReportOptions): Promise<WrittenReport> {
  const packer = new Packer();
  const runs: ReportedRun[] = [];
  for (const record of records) {
    if (record.manifest === null) throw new SatsimError('ARTIFACTS', `run ${record.runId} cannot be read: ${record.problems.join('; ')}`);
    runs.push(await readRunFolder(record, packer, positions));
  }
  const [title, heading, sections] = runs.length === 1 ? ofOne(runs[0]!) : ofMany(runs, await comparison(records));
  const document = reportDocument(title, heading, sections, { format: 'satsim-report/1', runs: runs.map(({ data }) => data), sweep: null }, packer.bytes());
  return writeReport(out, document);
}

/** @throws SatsimError ARTIFACTS */
export async function writeReport(out: string, document: string): Promise<WrittenReport> {
  const file = resolve(out);
  const there = await lstat(file).catch(() => null);
  if (there === null || there.isFile() || there.isDirectory()) await (await openArtifactArea(dirname(file), '--out')).writeFile(basename(file), document);
  else await writeInto(file, document);
  return { file, bytes: Buffer.byteLength(document) };
}

/** A link, a device or a pipe (`/dev/stdout`) stays what it is: a file written whole would take its place. */
async function writeInto(file: string, document: string): Promise<void> {
  await writeFile(file, document).catch((error: unknown) => {
    throw artifactError(error, 'write', file, '--out');
  });
}

const mount = (part: string): Markup => html`<div data-mount="${part}"></div>`;

/** What the page fills in, in one order for all reports. */
function drawn(runs: readonly ReportedRun[]): Section[] {
  return [
    { id: 'map', title: 'Map', body: mount('map') },
    { id: 'flows', title: 'Flows over time', short: 'Flows', body: mount('flows') },
    { id: 'contacts', title: 'Contacts and handovers', short: 'Contacts', body: mount('contacts') },
    { id: 'radio', title: 'Elevation and MODCOD', short: 'Radio', body: mount('radio') },
    { id: 'timing', title: 'Apply time and drift', short: 'Timing', body: mount('timing') },
    ...runs.flatMap(({ readBack, record }, i) =>
      readBack === null
        ? []
        : [
            {
              id: `applied${i || ''}`,
              title: `Requested and applied${runs.length > 1 ? `, run ${i + 1}: ${record.runId}` : ''}`,
              body: requestedApplied(readBack),
            },
          ],
    ),
  ];
}

function ofOne(run: ReportedRun): [string, Markup, Section[]] {
  const rows = run.record.summary?.comparison ?? null;
  const sections: Section[] = [
    { id: 'summary', title: 'Summary', body: html`${remarks(run)}${flowTable([run], () => null)}` },
    { id: 'assertions', title: 'Assertions', body: assertionTable([run], () => null) },
    ...(rows === null ? [] : [{ id: 'agreement', title: 'Agreement of lanes', body: agreement(rows, ({ lane }) => lane) }]),
    ...drawn([run]),
    { id: 'configuration', title: 'Configuration', body: configuration(run) },
    { id: 'provenance', title: 'Provenance', body: provenance(run) },
  ];
  return [`${run.data.name}: satsim run report`, runHeading(run), sections];
}

/** Runs that cannot be compared (one that crashed, one without results) are still shown beside each other. */
async function comparison(records: readonly RunRecord[]): Promise<RunsCompared | string> {
  try {
    const folders = records.map(({ runDir }) => runDir);
    return await compareRuns(dirname(folders[0]!), folders, parseTolerances([]));
  } catch (error) {
    return messageOf(error);
  }
}

function ofMany(runs: readonly ReportedRun[], compared: RunsCompared | string): [string, Markup, Section[]] {
  const nameOf = (run: ReportedRun): string => String(runs.indexOf(run) + 1);
  const sideOf = ({ runId, lane }: FlowComparison['other']): string => `${runs.findIndex(({ record }) => record.runId === runId) + 1} ${lane}`;
  const heading = html`<p class="kind">satsim comparison</p>
    <h1>${runs.length} runs: ${[...new Set(runs.map(({ data }) => data.name))].join(', ')}</h1>
    ${factList(runs.map(({ record }, i) => [`Run ${i + 1}`, html`<code>${record.runId}</code> ${outcome(record.status)}`]))}`;
  const why = typeof compared === 'string' ? html`<p class="note">${compared}</p>` : null;
  const sections: Section[] = [
    {
      id: 'differences',
      title: 'What differs',
      body:
        typeof compared === 'string'
          ? why!
          : differing(
              compared.configuration,
              runs.map((_, i) => `Run ${i + 1}`),
            ),
    },
    { id: 'summary', title: 'Summary', body: html`${runs.map((run, i) => runRemarks(run, i))}${flowTable(runs, nameOf)}` },
    { id: 'agreement', title: 'Agreement', body: typeof compared === 'string' ? why! : agreement(compared.flows, sideOf) },
    { id: 'assertions', title: 'Assertions', body: assertionTable(runs, nameOf) },
    ...drawn(runs),
    {
      id: 'provenance',
      title: 'Provenance',
      body: html`${runs.map((run, i) => html`<details${i === 0 ? OPEN : null}><summary>Run ${i + 1}: ${run.record.runId}</summary>${provenance(run)}</details>`)}`,
    },
  ];
  return [`Comparison of ${runs.length} runs: satsim`, heading, sections];
}

const OPEN = html` open`;

function runRemarks(run: ReportedRun, index: number): Markup | null {
  const found = remarks(run);
  return found === null
    ? null
    : html`<h3>Run ${index + 1}</h3>
        ${found}`;
}

/** Where the report of these runs goes, unless somebody says: one run's into its own folder, a comparison's beside all runs. */
export function defaultReportFile(records: readonly Pick<RunRecord, 'runId' | 'runDir'>[]): string {
  const [first, ...others] = records;
  if (others.length === 0) return join(first!.runDir, 'report.html');
  const name = [first!.runId, 'vs', others[0]!.runId, ...(others.length > 1 ? [`and-${others.length - 1}-more`] : [])].join('-');
  return join(dirname(first!.runDir), '..', 'reports', `${name}.html`);
}
