import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readRun } from '@satsim/core/records';
import { unzipSync } from 'fflate';
import jsonld from 'jsonld';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GONE_PID, idAt, runsFolder } from '../made-runs.test-helper.js';
import type { CrateMetadata, Entity } from './crate-metadata.js';
import { CRATE_RULES } from './crate-rules.test-helper.js';
import { type CrateOptions, exportCrate } from './export-crate.js';

const ID = idAt(1);
const ELEMENTS = 'manifests/elements/aa-my sats é.tle';
let place: ReturnType<typeof runsFolder>;
let out: string;

const MANIFEST = {
  command: ['satsim', 'run', 'x.satsim.yaml'],
  tags: ['paper'],
  inputs: [{ path: '/home/somebody/my sats é.tle', sha256: 'aa', copy: ELEMENTS }],
  components: [
    { name: '@satsim/core', version: '1.2.3', gitSha: null },
    { name: '@satsim/lane-ns3', version: '1.0.0', gitSha: 'abc' },
  ],
  engine: { engineVersion: '1.2.3', engineGitSha: null, schemaVersion: '1', specSha256: 'f', scenarioRef: 'r' },
  provenance: {
    ns3: {
      software: [
        { name: 'ns-3', version: '3.37' },
        { name: 'kernel', version: null },
      ],
      facts: {},
    },
  },
  host: { node: '24.0.0' },
};

beforeAll(() => {
  place = runsFolder();
  out = join(place.root, 'out');
  const dir = place.add({ id: ID, manifest: MANIFEST });
  for (const folder of ['manifests/elements', 'results', 'traces', 'lanes/ns3']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, ELEMENTS), 'elements');
  writeFileSync(join(dir, 'manifests/scenario.yaml'), 'name: x\n');
  writeFileSync(join(dir, 'results/flows.jsonl'), '');
  writeFileSync(join(dir, 'traces/ticks.jsonl.zst'), Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) & 255)));
  writeFileSync(join(dir, 'lanes/ns3/a b%.xyz'), 'x'.repeat(200_000));
  writeFileSync(join(dir, 'manifests/.reserve'), 'hidden');
  place.add({ id: idAt(2), manifest: { ...MANIFEST, outcome: 'failed', reason: 'no route' }, summary: { outcome: 'failed' } });
  place.add({ id: idAt(3), manifest: { ...MANIFEST, outcome: null, endedAt: null, pid: GONE_PID }, summary: null });
  place.add({ id: idAt(4), manifest: { ...MANIFEST, outcome: null, endedAt: null, pid: process.pid, processStart: null }, summary: null });
});
afterAll(() => place.remove());

/** Kept here, so that nothing is fetched; the one of RO-Crate is CC0. */
const contextOf = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, `contexts/${name}.test-data.json`), 'utf8'));
const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
const metadataOf = (dir: string): CrateMetadata => JSON.parse(readFileSync(join(dir, 'ro-crate-metadata.json'), 'utf8')) as CrateMetadata;
const TERMS = { license: 'cc-by-4.0', authors: ['Ada Byron <https://orcid.org/0000-0002-1825-0097>', 'Grace Hopper'] };
const exported = async (id: string, to: string, terms: CrateOptions = TERMS): Promise<CrateMetadata> => {
  await exportCrate(await readRun(place.root, id), to, terms);
  return metadataOf(to);
};

test('all files of the run are in it, as they are, and no hidden ones', async () => {
  const crate = await exported(ID, join(out, 'folder'));
  const dir = place.dirOf(ID);
  const files = filesOf(dir).filter((path) => !path.includes('.reserve'));
  expect(filesOf(join(out, 'folder')).toSorted()).toEqual([...files, 'ro-crate-metadata.json'].toSorted());
  for (const file of files) {
    const bytes = readFileSync(join(out, 'folder', file));
    expect(bytes.equals(readFileSync(join(dir, file)))).toBe(true);
    const entity = crate['@graph'].find(({ '@id': id }) => decodeURIComponent(id) === file);
    expect(entity).toMatchObject({ contentSize: String(bytes.length), sha256: createHash('sha256').update(bytes).digest('hex') });
  }
});

test('it says what ran, of what, and what came out', async () => {
  const crate = await exported(ID, join(out, 'says'));
  const of = (id: string): Entity => crate['@graph'].find((entity) => entity['@id'] === id)!;
  expect(of('./')).toMatchObject({ identifier: ID, datePublished: '2026-01-01T01:00:00.000Z', keywords: 'paper' });
  expect(of(`#run-${ID}`)).toMatchObject({
    description: 'satsim run x.satsim.yaml',
    startTime: '2026-01-01T00:01:00.000Z',
    endTime: '2026-01-01T01:00:00.000Z',
    object: [{ '@id': 'manifests/elements/aa-my%20sats%20%C3%A9.tle' }, { '@id': 'manifests/scenario.yaml' }],
    result: ['lanes/ns3/a%20b%25.xyz', 'results/flows.jsonl', 'summary.json', 'traces/ticks.jsonl.zst'].map((id) => ({ '@id': id })),
    actionStatus: { '@id': 'http://schema.org/CompletedActionStatus' },
  });
  expect(of('manifests/elements/aa-my%20sats%20%C3%A9.tle')).toMatchObject({ alternateName: 'my sats é.tle' });
  const software = crate['@graph'].filter((entity) => entity['@type'] === 'SoftwareApplication').map(({ name, softwareVersion }) => [name, softwareVersion]);
  expect(software).toEqual([
    ['satsim', '1.2.3'],
    ['@satsim/core', '1.2.3'],
    ['@satsim/lane-ns3', '1.0.0'],
    ['Geo/RF engine', '1.2.3'],
    ['Node.js', '24.0.0'],
    ['ns-3', '3.37'],
    ['kernel', undefined],
  ]);
});

test('it says on which terms it is given, and by whom', async () => {
  const crate = await exported(ID, join(out, 'terms'));
  const of = (id: string): Entity => crate['@graph'].find((entity) => entity['@id'] === id)!;
  expect(of('./')).toMatchObject({
    license: { '@id': 'https://spdx.org/licenses/CC-BY-4.0' },
    author: [{ '@id': 'https://orcid.org/0000-0002-1825-0097' }, { '@id': '#author-Grace%20Hopper' }],
  });
  expect(of('https://spdx.org/licenses/CC-BY-4.0')).toMatchObject({ '@type': 'CreativeWork', name: 'CC-BY-4.0' });
  expect(of('https://orcid.org/0000-0002-1825-0097')).toMatchObject({ '@type': 'Person', name: 'Ada Byron' });
  expect(of('#author-Grace%20Hopper')).toMatchObject({ name: 'Grace Hopper' });
  const other = await exported(ID, join(out, 'other-terms'), { license: 'https://example.org/terms', authors: ['0000-0002-1694-233X'] });
  expect(other['@graph'].find((entity) => entity['@id'] === 'https://example.org/terms')).toMatchObject({ name: 'https://example.org/terms' });
  expect(other['@graph'].find((entity) => entity['@id'] === 'https://orcid.org/0000-0002-1694-233X')).toMatchObject({ name: '0000-0002-1694-233X' });
});

test('without a licence it says to ask the author, and warns', async () => {
  const { warnings } = await exportCrate(await readRun(place.root, ID), join(out, 'unlicensed'));
  expect(warnings).toEqual([expect.stringContaining('--license')]);
  const crate = metadataOf(join(out, 'unlicensed'));
  expect(crate['@graph'].find((entity) => entity['@id'] === './')).toMatchObject({ license: 'None given: ask the author' });
  const files = new Set(filesOf(join(out, 'unlicensed')).filter((path) => path !== 'ro-crate-metadata.json'));
  for (const { rule, holds } of CRATE_RULES) expect(holds(crate, files), rule).toBe(true);
});

test.each([
  ['a licence that nobody knows', { license: 'CC-BY-4.O' }, 'no licence'],
  ['an author without a name', { authors: [' '] }, 'without a name'],
  ['an ORCID iD with a wrong digit', { authors: ['Ada Byron 0000-0002-1825-0079'] }, '0000-0002-1825-0079 is no ORCID iD'],
])('%s is refused before anything is written', async (_what, terms, message) => {
  const place = join(out, 'refused');
  await expect(exported(ID, place, terms)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) as string });
  expect(existsSync(place)).toBe(false);
});

test.each(['interrupted', 'interrupted.zip'])('an export that is interrupted leaves nothing: %s', async (name) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const record = await readRun(place.root, ID);
  const exporting = exportCrate(record, join(out, name), { ...TERMS, signal: controller.signal });
  while (!readdirSync(out).some((one) => one.startsWith(`${name}.partial-`))) await setImmediate();
  controller.abort(reason);
  await expect(exporting).rejects.toBe(reason);
  expect(readdirSync(out).filter((one) => one.startsWith(name))).toEqual([]);
});

test('a replay says what it replayed', async () => {
  const recording = { path: '/runs/first/traces/ticks.jsonl.zst', sha256: 'ab'.repeat(32), runId: 'first', traceSha256: null, firstTick: 5 };
  place.add({ id: idAt(6), manifest: { ...MANIFEST, recording } });
  const crate = await exported(idAt(6), join(out, 'replay'));
  expect(crate['@graph'].find((entity) => entity['@type'] === 'CreateAction')!['object']).toContainEqual({ '@id': '#recording' });
  expect(crate['@graph'].find((entity) => entity['@id'] === '#recording')).toMatchObject({
    name: 'ticks.jsonl.zst',
    description: expect.stringMatching(/from tick 5 on, of run first/) as string,
    identifier: 'first',
    sha256: 'ab'.repeat(32),
  });
  const files = new Set(filesOf(join(out, 'replay')).filter((path) => path !== 'ro-crate-metadata.json'));
  for (const { rule, holds } of CRATE_RULES) expect(holds(crate, files), rule).toBe(true);
});

test('a run that failed or crashed says so', async () => {
  const action = (crate: CrateMetadata) => crate['@graph'].find((entity) => entity['@type'] === 'CreateAction');
  expect(action(await exported(idAt(2), join(out, 'failed')))).toMatchObject({
    error: 'no route',
    actionStatus: { '@id': 'http://schema.org/FailedActionStatus' },
  });
  const crashed = await exported(idAt(3), join(out, 'crashed'));
  expect(action(crashed)).toMatchObject({ error: 'the run crashed' });
  expect(action(crashed)).not.toHaveProperty('endTime');
  for (const crate of [metadataOf(join(out, 'failed')), crashed])
    for (const { rule, holds } of CRATE_RULES) if (!rule.startsWith('every file')) expect(holds(crate, new Set(present(crate))), rule).toBe(true);
});
const present = (crate: CrateMetadata): string[] =>
  crate['@graph'].filter((entity) => entity['@type'] === 'File').map(({ '@id': id }) => decodeURIComponent(id));

test('a run that goes on is refused, and so is a place that is taken', async () => {
  await expect(exported(idAt(4), join(out, 'running'))).rejects.toMatchObject({ code: 'RUN_STATE' });
  mkdirSync(join(out, 'taken'), { recursive: true });
  writeFileSync(join(out, 'taken/file'), '');
  writeFileSync(join(out, 'taken.zip'), '');
  await expect(exported(ID, join(out, 'taken'))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('not empty') as string });
  await expect(exported(ID, join(out, 'taken.zip'))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('there already') as string });
  expect(existsSync(join(out, 'running'))).toBe(false);
  expect(readdirSync(out).filter((name) => name.includes('partial'))).toEqual([]);
});

test('a zip file holds the same, and is the same every time', async () => {
  const record = await readRun(place.root, ID);
  const [first, second] = [join(out, 'one.zip'), join(out, 'two.zip')];
  await exportCrate(record, first, TERMS);
  await exportCrate(record, second, TERMS);
  expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
  await exported(ID, join(out, 'beside'));
  const unzipped = unzipSync(readFileSync(first));
  expect(Object.keys(unzipped).toSorted()).toEqual(filesOf(join(out, 'beside')).toSorted());
  for (const [path, bytes] of Object.entries(unzipped)) expect(Buffer.from(bytes).equals(readFileSync(join(out, 'beside', path))), path).toBe(true);
  // By a program of somebody else as well, where there is one.
  if (process.platform === 'linux') expect(execFileSync('python3', ['-m', 'zipfile', '-t', first], { encoding: 'utf8' })).toContain('Done testing');
});

test('a file that has changed since the end of the run is told', async () => {
  const dir = place.add({ id: idAt(5), manifest: MANIFEST });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(dir, 'summary.json')))
    .digest('hex');
  writeFileSync(join(dir, 'manifests/files.sha256'), `${sha256}  summary.json\n${'0'.repeat(64)}  manifests/run.json\n`);
  const { warnings } = await exportCrate(await readRun(place.root, idAt(5)), join(out, 'changed'), TERMS);
  expect(warnings).toEqual([expect.stringContaining('run.json is not what the run left')]);
});

test('as JSON-LD, with the official contexts, every term has a meaning', async () => {
  const contexts: Record<string, unknown> = {
    'https://w3id.org/ro/crate/1.1/context': contextOf('ro-crate-1.1'),
    'https://w3id.org/ro/terms/workflow-run/context': contextOf('workflow-run'),
  };
  const documentLoader = (url: string) => {
    if (!(url in contexts)) throw new Error(`nothing is fetched: ${url}`);
    return Promise.resolve({ contextUrl: undefined, documentUrl: url, document: contexts[url] });
  };
  const crate = await exported(ID, join(out, 'jsonld'));
  const expand = (document: CrateMetadata) => jsonld.expand(document, { documentLoader, base: 'arcp://crate/', safe: true });
  const expanded = await expand(crate);
  expect(expanded).toHaveLength(crate['@graph'].length);
  crate['@graph'].forEach((entity, i) => {
    const found = expanded[i]!;
    expect(Object.keys(found)).toHaveLength(Object.keys(entity).length);
    for (const key of Object.keys(found)) expect(key).toMatch(/^(@id|@type|https?:\/\/)/);
  });
  expect(JSON.stringify(expanded)).toContain('http://schema.org/CreateAction');
  // A word that is in no context is noticed.
  const odd = { ...crate, '@graph': crate['@graph'].map((entity) => ({ ...entity, odd: 1 })) };
  await expect(expand(odd)).rejects.toThrow(/safe mode/i);
});

/** One way to break each rule. */
const BREAKS: readonly (readonly [rule: RegExp, (entity: Entity) => Entity | null])[] = [
  [/describes itself/, (e) => (e['@id'] === 'ro-crate-metadata.json' ? { ...e, conformsTo: undefined } : e)],
  [/root is a Dataset/, (e) => (e['@id'] === './' ? { ...e, '@type': 'Thing' } : e)],
  [/datePublished/, (e) => (e['@id'] === './' ? { ...e, datePublished: 'yesterday' } : e)],
  [/name and a description/, (e) => (e['@id'] === './' ? { ...e, name: undefined } : e)],
  [/has a licence/, (e) => (e['@id'] === './' ? { ...e, license: undefined } : e)],
  [/every author/, (e) => (e['@type'] === 'Person' ? { ...e, name: undefined } : e)],
  [/an id and a type/, (e) => (e['@type'] === 'File' ? { ...e, '@id': 'same' } : e)],
  [/linked from the root by hasPart/, (e) => (e['@id'] === './' ? { ...e, hasPart: [] } : e)],
  [/URI path relative/, (e) => (e['@id'] === 'summary.json' ? { ...e, '@id': '/summary.json' } : e)],
  [/every file of the archive/, (e) => (e['@id'] === 'summary.json' ? { ...e, sha256: undefined } : e)],
  [/what is referred to/, (e) => (e['@id'] === '#software-satsim' ? null : e)],
  [/conforms to the profile/, (e) => (e['@id'] === 'https://w3id.org/ro/wfrun/process/0.5' ? null : e)],
  [/there is an action/, (e) => (e['@type'] === 'CreateAction' ? null : e)],
  [/has an instrument/, (e) => (e['@type'] === 'CreateAction' ? { ...e, instrument: { '@id': 'summary.json' } } : e)],
  [/mentioned by the root/, (e) => (e['@id'] === './' ? { ...e, mentions: undefined } : e)],
  [/every tool has a name/, (e) => (e['@id'] === '#software-satsim' ? { ...e, version: '1' } : e)],
  [/times of an action/, (e) => (e['@type'] === 'CreateAction' ? { ...e, startTime: '10:15' } : e)],
  [/error is told/, (e) => (e['@type'] === 'CreateAction' ? { ...e, error: 'none' } : e)],
  [/an action used/, (e) => (e['@type'] === 'CreateAction' ? { ...e, object: { '@id': './' } } : e)],
];

describe('rules of RO-Crate 1.1 and Process Run Crate 0.5', () => {
  let crate: CrateMetadata;
  let files: ReadonlySet<string>;
  beforeAll(async () => {
    crate = await exported(ID, join(out, 'rules'));
    files = new Set(filesOf(join(out, 'rules')).filter((path) => path !== 'ro-crate-metadata.json'));
  });

  for (const { rule, holds } of CRATE_RULES) {
    test(rule, () => {
      expect(holds(crate, files)).toBe(true);
      const breaks = BREAKS.filter(([about]) => about.test(rule));
      expect(breaks).toHaveLength(1);
      const broken = { ...crate, '@graph': crate['@graph'].flatMap((entity) => breaks[0]![1](entity) ?? []) };
      expect(holds(broken, files)).toBe(false);
    });
  }
});
