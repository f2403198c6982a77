import { posix } from 'node:path';
import type { RunManifest, RunRecord } from '@satsim/core';

/** A file of the archive, as it was read. */
export interface CrateFile {
  /** Relative to the archive, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Entity {
  readonly '@id': string;
  readonly '@type': string;
  readonly [property: string]: unknown;
}
export interface CrateMetadata {
  readonly '@context': readonly unknown[];
  readonly '@graph': readonly Entity[];
}

export const METADATA_FILE = 'ro-crate-metadata.json';
const RO_CRATE = 'https://w3id.org/ro/crate/1.1';
const PROCESS_RUN = 'https://w3id.org/ro/wfrun/process/0.5';

/** What the files of a run are; what is not here is of a lane or of an exporter that satsim does not know. */
const ABOUT: Readonly<Record<string, string>> = {
  'summary.json': 'What the run did: how it ended, figures of every flow, assertions',
  'tags.jsonl': 'Changes of the tags after the run',
  'manifests/run.json': 'The run manifest: what ran, of what, where, and how it ended',
  'manifests/scenario.yaml': 'The scenario as it was given',
  'manifests/scenario.normalized.json': 'The scenario with all defaults and overrides filled in',
  'manifests/spec.json': "The scenario in the engine's terms",
  'manifests/network.json': 'The nodes of the network',
  'manifests/files.sha256': 'SHA-256 of the files of the run, for sha256sum --check',
  'logs/run.jsonl': 'The log of the run',
  'metrics/ticks.jsonl': 'What each tick cost',
  'results/flows.jsonl': 'What each lane saw of each flow, sample by sample',
  'results/events.jsonl': 'Passes, handovers and changes of links, as the engine told them',
  'traces/ticks.jsonl.zst': 'The recorded ticks: the state of every link that changed',
  'traces/ticks.index.jsonl': 'Where the ticks are in their file',
  'traces/ticks.sha256': 'SHA-256 of the canonical trace up to each tick',
};
const ENCODINGS: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.geojson': 'application/geo+json',
  '.czml': 'application/json',
  '.yaml': 'application/yaml',
  '.csv': 'text/csv',
  '.parquet': 'application/vnd.apache.parquet',
  '.zst': 'application/zstd',
  '.html': 'text/html',
  '.pcap': 'application/vnd.tcpdump.pcap',
  '.sha256': 'text/plain',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
};

/** Who answers for an archive, and on which terms it is given. */
export interface CrateTerms {
  /** `null`: none was given. RO-Crate wants a licence or a text in its place. */
  readonly license: Entity | null;
  readonly authors: readonly Entity[];
}
const NO_LICENSE = 'None given: ask the author';

/**
 * `ro-crate-metadata.json`: the run as a Process Run Crate 0.5, one of the Workflow Run RO-Crate profiles. Not a Workflow Run Crate: a
 * scenario says what is simulated, not which programs follow each other.
 */
export function crateMetadata(record: RunRecord, manifest: RunManifest, files: readonly CrateFile[], { license, authors }: CrateTerms): CrateMetadata {
  const { runId, name, startedAt, endedAt } = manifest;
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const software = softwareOf(manifest);
  const actionId = `#run-${runId}`;
  return {
    '@context': [`${RO_CRATE}/context`, 'https://w3id.org/ro/terms/workflow-run/context'],
    '@graph': [
      { '@id': METADATA_FILE, '@type': 'CreativeWork', conformsTo: ref(RO_CRATE), about: ref('./') },
      {
        '@id': './',
        '@type': 'Dataset',
        conformsTo: ref(PROCESS_RUN),
        name: `satsim run ${runId}`,
        description: `Run ${runId} of the satellite-network scenario ${name}, ${manifest.t0} to ${manifest.t1}`,
        identifier: runId,
        datePublished: endedAt ?? startedAt,
        license: license === null ? NO_LICENSE : ref(license['@id']),
        ...(authors.length === 0 ? {} : { author: authors.map((author) => ref(author['@id'])) }),
        ...(record.tags.length === 0 ? {} : { keywords: record.tags.join(', ') }),
        hasPart: sorted.map(({ path }) => ref(idOf(path))),
        mentions: ref(actionId),
      },
      { '@id': PROCESS_RUN, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
      action(actionId, record, manifest, sorted),
      ...(license === null ? [] : [license]),
      ...authors,
      ...software,
      ...recordingOf(manifest),
      ...sorted.map((file) => fileEntity(file, manifest)),
    ],
  };
}

function action(id: string, { status }: RunRecord, manifest: RunManifest, files: readonly CrateFile[]): Entity {
  const { runId, command, startedAt, endedAt, reason, inputs } = manifest;
  const consumed = new Set(['manifests/scenario.yaml', ...inputs.map(({ copy }) => copy)]);
  const result = files.filter(({ path }) => !path.startsWith('manifests/') && path !== 'tags.jsonl');
  const completed = status === 'completed';
  return {
    '@id': id,
    '@type': 'CreateAction',
    name: `satsim run ${runId}`,
    description: command.join(' '),
    startTime: startedAt,
    ...(endedAt === null ? {} : { endTime: endedAt }),
    instrument: ref(SATSIM),
    object: [
      ...files.filter(({ path }) => consumed.has(path)).map(({ path }) => ref(idOf(path))),
      ...recordingOf(manifest).map((recording) => ref(recording['@id'])),
    ],
    result: result.map(({ path }) => ref(idOf(path))),
    actionStatus: ref(`http://schema.org/${completed ? 'CompletedActionStatus' : 'FailedActionStatus'}`),
    ...(completed ? {} : { error: reason ?? `the run ${status === 'crashed' ? 'crashed' : `was ${status}`}` }),
  };
}

/** Of a replay: the recorded ticks, which are not in the archive. */
function recordingOf({ recording }: RunManifest): Entity[] {
  if (!recording) return [];
  const { path, sha256, runId, firstTick } = recording;
  return [
    {
      '@id': '#recording',
      '@type': 'CreativeWork',
      name: path.split(/[/\\]/).at(-1),
      description: `The recorded ticks that were replayed, from tick ${firstTick} on${runId === null ? '' : `, of run ${runId}`}`,
      ...(runId === null ? {} : { identifier: runId }),
      sha256,
    },
  ];
}

const SATSIM = '#software-satsim';

/** The command, and what it was made of in this run: packages, the engine, what lanes called. */
function softwareOf({ components, engine, provenance = {}, host }: RunManifest): Entity[] {
  const parts = [
    ...components.map(({ name, version, gitSha }) => ({ name, version, ...(gitSha !== null && { identifier: gitSha }) })),
    ...(engine === null
      ? []
      : [{ name: 'Geo/RF engine', version: engine.engineVersion, ...(engine.engineGitSha !== null && { identifier: engine.engineGitSha }) }]),
    { name: 'Node.js', version: host.node },
    ...Object.values(provenance).flatMap(({ software }) => software.map(({ name, version }) => ({ name, version }))),
  ];
  const entities = new Map<string, Entity>();
  for (const { version, ...part } of parts) {
    const id = `#software-${encodeURIComponent(part.name)}${version === null ? '' : `-${encodeURIComponent(version)}`}`;
    entities.set(id, { '@id': id, '@type': 'SoftwareApplication', ...part, ...(version === null ? {} : { softwareVersion: version }) });
  }
  const core = components.find(({ name }) => name === '@satsim/core');
  return [
    {
      '@id': SATSIM,
      '@type': 'SoftwareApplication',
      name: 'satsim',
      description: 'Runs one satellite-network scenario through several lanes at once',
      ...(core === undefined ? {} : { softwareVersion: core.version }),
      softwareRequirements: [...entities.keys()].map(ref),
    },
    ...entities.values(),
  ];
}

function fileEntity({ path, bytes, sha256 }: CrateFile, { inputs }: RunManifest): Entity {
  const input = inputs.find(({ copy }) => copy === path);
  const description = input === undefined ? ABOUT[path] : 'A file that the scenario names, as it was read';
  const encoding = ENCODINGS[posix.extname(path).toLowerCase()];
  return {
    '@id': idOf(path),
    '@type': 'File',
    name: posix.basename(path),
    ...(input === undefined ? {} : { alternateName: input.path.split(/[/\\]/).at(-1) }),
    ...(description === undefined ? {} : { description }),
    ...(encoding === undefined ? {} : { encodingFormat: encoding }),
    contentSize: String(bytes),
    sha256,
  };
}

const ref = (id: string): { readonly '@id': string } => ({ '@id': id });

/** A relative URI. */
const idOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
