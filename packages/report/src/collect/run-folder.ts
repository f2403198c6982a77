import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, readTrace } from '@satsim/core';
import type { EngineEvent, FlowSample, NetworkNode, RunRecord, Scenario, TickMetrics } from '@satsim/core';
import type { Packer } from '../pack/packer.js';
import type { FlowData, GroundNode, RunData } from '../report-data.js';
import { ContactCollector } from './contacts.js';
import { FlowCollector } from './flows.js';
import { readJsonLines } from './json-lines.js';
import { MetricsCollector } from './metrics.js';
import { Names } from './names.js';
import { type AskPositions, packPositions } from './positions.js';
import { type ReadBack, readBackOf } from './read-back.js';

/** A run as a report shows it: packed for the page, and what stands in its text. */
export interface ReportedRun {
  readonly record: RunRecord;
  /** The normalised scenario as it was recorded; `null` when it can't be read. */
  readonly scenario: Scenario | null;
  readonly data: RunData;
  readonly readBack: ReadBack | null;
  /** What is wrong with the run's files. */
  readonly problems: readonly string[];
}

/** The parts of a recorded specification that a map needs. */
interface Spec {
  readonly nodes?: readonly { readonly id: string; readonly role?: string; readonly site?: { readonly lat_deg?: number; readonly lon_deg?: number } }[];
}

/** What the tick source knew of the nodes; runs of core 1.0 did not write it down. */
interface Network {
  readonly nodes: readonly Pick<NetworkNode, 'id' | 'role'>[];
}

type Missing = { -readonly [Key in keyof RunData['missing']]: string };

/**
 * Reads what a run has left, file by file and as it comes. A file that is missing or damaged costs its part of the report and
 * nothing else.
 */
export async function readRunFolder(record: RunRecord, packer: Packer, askPositions: AskPositions | null): Promise<ReportedRun> {
  const { runDir, manifest } = record;
  const problems = [...record.problems];
  const damaged = (why: string): number => problems.push(why);
  const missing: Missing = {};
  const scenario = await readJson<Scenario>(join(runDir, 'manifests/scenario.normalized.json'), damaged);
  const spec = await readJson<Spec | null>(join(runDir, 'manifests/spec.json'), damaged);
  const specified = Array.isArray(spec?.nodes) ? spec.nodes : [];
  const network = await readJson<Network>(join(runDir, 'manifests/network.json'), () => undefined);
  const names = new Names((Array.isArray(network?.nodes) ? network.nodes : specified).map(({ id }) => id));
  const ground = groundNodes(scenario, specified, network?.nodes ?? [], names);
  const onGround = new Set(ground.map(({ node }) => node));
  const t0Ms = manifest === null ? 0 : Date.parse(manifest.t0);
  const [dtMs, ticks] = [manifest?.dtMs ?? 1000, manifest?.ticks ?? 0];

  const contacts = new ContactCollector(names, (node) => onGround.has(node));
  const traced = await readContacts(record, contacts, missing, damaged);
  contacts.end(Math.max(ticks, traced));
  const hasEvents = await readJsonLines<EngineEvent>(
    join(runDir, 'results/events.jsonl'),
    (event) => event.type === 'modcod_change' && contacts.addModcod(event),
    damaged,
  );
  if (!hasEvents) missing.radio = 'This run has recorded no events (exporter jsonl), which tell the MODCOD.';

  const samples = new FlowCollector(names, t0Ms);
  const hasSamples = await readJsonLines<FlowSample>(join(runDir, 'results/flows.jsonl'), (sample) => samples.add(sample), damaged);
  if (!hasSamples) missing.series = 'This run has recorded no samples: they are written by the exporter jsonl.';
  const metrics = new MetricsCollector();
  if (!(await readJsonLines<TickMetrics>(join(runDir, 'metrics/ticks.jsonl'), (tick) => metrics.add(tick), damaged)))
    missing.metrics = 'This run has no metrics/ticks.jsonl.';
  await readJsonLines<{ tickIndex: number; applyMs: number }>(join(runDir, 'lanes/mininet/apply.jsonl'), (line) => metrics.addKernel(line), damaged);

  const flows: FlowData[] = (scenario?.traffic ?? []).map(({ id, kind, from, to }) => ({ id, kind, from: names.number(from), to: names.number(to) }));
  const packedFlows = samples.pack(packer, flows);
  const packedContacts = traced > 0 ? contacts.pack(packer) : null;
  const span = { fromMs: t0Ms, spanMs: Math.max(1, ticks) * dtMs, nodes: Math.max(1, names.ids.length) };
  const positions = await positionsOf(manifest === null ? null : askPositions, spec, specified.length > 0, span, names, packer, missing);
  return {
    record,
    scenario,
    problems,
    readBack: await readBackOf(join(runDir, 'lanes/mininet/read_back.jsonl'), damaged),
    data: {
      runId: record.runId,
      name: record.name ?? record.runId,
      t0Ms,
      dtMs,
      ticks,
      lanes: manifest?.lanes ?? [],
      nodes: names.ids,
      ground,
      flows,
      ...packedFlows,
      positions,
      contacts: packedContacts,
      metrics: metrics.pack(packer),
      missing,
    },
  };
}

/** @returns how many ticks the trace has */
async function readContacts({ runDir, manifest }: RunRecord, contacts: ContactCollector, missing: Missing, damaged: (why: string) => void): Promise<number> {
  if (manifest?.traceRecorded === false) {
    missing.contacts = 'This run has recorded no trace (execution.record_trace): which links were up is not known.';
    return 0;
  }
  let ticks = 0;
  try {
    const trace = await readTrace(runDir, { upTo: 'damage' });
    for await (const tick of trace.ticks) {
      contacts.add(tick);
      ticks = tick.tickIndex + 1;
    }
    if (trace.damage !== null) damaged(trace.damage.message);
    if (ticks === 0) missing.contacts = 'The trace has no tick.';
  } catch (error) {
    missing.contacts = `The trace cannot be read: ${messageOf(error)}`;
  }
  return ticks;
}

async function positionsOf(
  ask: AskPositions | null,
  spec: Spec | null,
  specified: boolean,
  span: { readonly fromMs: number; readonly spanMs: number; readonly nodes: number },
  names: Names,
  packer: Packer,
  missing: Missing,
): Promise<RunData['positions']> {
  if (!specified) missing.positions = 'This run has no specification of its nodes: its ticks came from elsewhere, and say nothing of positions.';
  else if (ask === null) missing.positions = 'No engine was asked for positions.';
  else {
    try {
      const positions = await packPositions(ask, spec, span, names, packer);
      if (positions === null) missing.positions = 'The engine knows no position of any node.';
      return positions;
    } catch (error) {
      missing.positions = `The engine cannot tell positions: ${messageOf(error)}`;
    }
  }
  return null;
}

/** Where the specification or the scenario fixes ground nodes; those of which nothing else is known are found by the network and the flows. */
function groundNodes(scenario: Scenario | null, specified: NonNullable<Spec['nodes']>, network: Network['nodes'], names: Names): GroundNode[] {
  const found = new Map<number, GroundNode>();
  const add = (id: string, lat?: number, lon?: number): void => {
    const node = names.number(id);
    if (!found.has(node)) found.set(node, { node, lat: lat ?? null, lon: lon ?? null });
  };
  for (const { id, role, site } of specified) if (role !== 'SATELLITE') add(id, site && (site.lat_deg ?? 0), site && (site.lon_deg ?? 0));
  if (specified.length === 0) for (const ground of scenario?.ground ?? []) if ('id' in ground && 'lat' in ground) add(ground.id, ground.lat, ground.lon);
  for (const { id, role } of network) if (role !== 'satellite') add(id);
  for (const { from, to } of scenario?.traffic ?? []) [from, to].forEach((id) => add(id));
  return [...found.values()];
}

async function readJson<Value>(file: string, damaged: (why: string) => void): Promise<Value | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Value;
  } catch (error) {
    damaged(`${file}: ${messageOf(error)}`);
    return null;
  }
}
