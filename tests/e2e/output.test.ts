import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { iridium, root, SHORT, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);

interface Field {
  readonly path: string;
  readonly optional: boolean;
  /** What is in it is written down elsewhere. */
  readonly open: boolean;
}

/** The fields of each section of docs/output.md, from the first columns of its tables. */
const sections = new Map(
  readFileSync(join(root, 'docs/output.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const cells = [...section.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell]) => cell!);
      const fields = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => fieldOf(text!)));
      return [section.split('\n')[0]!, fields] as const;
    }),
);

function fieldOf(text: string): Field {
  const [name = '', dots] = text.split(' ');
  return { path: name.replace('?', ''), optional: name.endsWith('?'), open: dots === '…' };
}

/** Paths of all fields of a value, with the values at them. */
function seenIn(value: unknown, path = '', seen = new Map<string, unknown[]>()): Map<string, unknown[]> {
  if (path !== '') seen.set(path, [...(seen.get(path) ?? []), value]);
  if (Array.isArray(value))
    for (const one of value) if (typeof one === 'object') for (const [key, inner] of Object.entries(one ?? {})) seenIn(inner, `${path}[].${key}`, seen);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [key, inner] of Object.entries(value)) seenIn(inner, path === '' ? key : `${path}.${key}`, seen);
  return seen;
}

const isBelow = (path: string, above: string): boolean => path.startsWith(`${above}.`) || path.startsWith(`${above}[]`);
const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

let runId: string;
beforeAll(async () => {
  ({ runId } = await place.run(iridium, ...SHORT, '--exporter', 'jsonl'));
  place.write('iridium.omm.json', await place.output('elements', 'export', iridium));
  await place.output('elements', 'import', 'iridium.omm.json', '--name', 'one');
});

const AT = ['--at', '2026-11-20T00:00:00Z'];
const GRID = ['--grid', 'seed=1,2', '--set', 'time.duration=5s', '--set', 'assertions=[]', '-j', '1'];
/** `RUN` is the run; sections that say "as of another" are held together with it. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  validate: ['validate', iridium],
  plan: ['plan', iridium],
  run: ['run', iridium, ...SHORT],
  replay: ['replay', 'RUN', '--verify'],
  verify: ['verify', 'RUN'],
  'list-runs': ['list-runs'],
  'show-run': ['show-run', 'RUN'],
  sweep: ['sweep', iridium, ...GRID],
  links: ['links', iridium, ...AT],
  ephemeris: ['ephemeris', iridium, ...AT],
  passes: ['passes', iridium, '--from', 'oslo'],
  coverage: ['coverage', iridium, ...SHORT],
  'runs tag': ['runs', 'tag', 'RUN', '+one'],
  'runs rm': ['runs', 'rm', 'RUN', '--dry-run'],
  'runs export': ['runs', 'export', 'RUN', '--to', 'csv', '--out', 'exported'],
  report: ['report', 'RUN'],
  'elements import': ['elements', 'import', 'iridium.omm.json'],
  'elements list': ['elements', 'list'],
  translate: ['translate', 'iridium.omm.json'],
  'plugins list': ['plugins', 'list'],
  'plugins check': ['plugins', 'check', 'jsonl'],
  'plugins new': ['plugins', 'new', 'lane', 'foo'],
  clean: ['clean', '--dry-run'],
  doctor: ['doctor'],
  compare: ['compare', 'RUN', 'OTHER'],
};

it('docs/output.md has a section for every verb that is held against it', () => {
  expect([...sections.keys()].toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

const TABLES = ['list-runs', 'links', 'ephemeris', 'passes', 'coverage', 'elements list', 'plugins list'];
it.each(TABLES)('%s takes --format csv: the columns are those of its section', async (verb) => {
  const columns = sections.get(verb)!.flatMap(({ path, open }) => (open ? [] : (/^(?:plugins)?\[\]\.(\w+)$/.exec(path)?.[1] ?? [])));
  const [header, ...rows] = (await place.output(...COMMANDS[verb]!, '--format', 'csv')).split('\n');
  expect(header).toBe(columns.join(','));
  const value = JSON.parse(await place.output(...COMMANDS[verb]!, '--format', 'json')) as unknown[] | { plugins: unknown[] };
  expect(rows).toHaveLength((Array.isArray(value) ? value : value.plugins).length);
  expect(rows.length).toBeGreaterThan(0);
});

it('verbs that print tables are those that the page names; `text` and `table` are the same to them', async () => {
  const page = readFileSync(join(root, 'docs/output.md'), 'utf8');
  const [, named = ''] = /^Verbs that print tables \((.*)\) also take/m.exec(page)!;
  expect([...named.matchAll(/`([^`]+)`/g)].map(([, verb]) => verb!).toSorted()).toEqual([...TABLES, 'compare', 'sweep'].toSorted());
  for (const verb of named.matchAll(/`([^`]+)`/g)) {
    const { stdout } = await place.satsim(...verb[1]!.split(' '), '--help');
    expect.soft(stdout, verb[1]).toMatch(/--format <format>[^(]*\(choices: "(text|table)",\s+"json",\s+"csv"/);
  }
  const command = ['list-runs', '--outcome', 'completed', '--format'];
  expect(await place.output(...command, 'table')).toBe(await place.output(...command, 'text'));
  expect(await place.output('links', iridium, ...AT, '--format', 'text')).toBe(await place.output('links', iridium, ...AT, '--format', 'table'));
});

it.each(Object.entries(COMMANDS))('docs/output.md says what %s prints', async (verb, words) => {
  const other = readdirSync(join(place.dir, 'artifacts/runs')).find((id) => id.startsWith('2') && id !== runId && id.includes('-iridium-'));
  const command = words.map((word) => (word === 'RUN' ? runId : word === 'OTHER' ? other! : word));
  const value = JSON.parse(await place.output(...command, '--format', 'json')) as unknown;
  const fields = [...sections.get(verb)!, ...(verb === 'replay' ? sections.get('run')! : [])];
  const seen = seenIn(value);

  const known = (path: string): boolean =>
    fields.some((field) => field.path === path || isBelow(field.path, path) || (field.open && isBelow(path, field.path)));
  expect(
    [...seen.keys()].filter((path) => !known(path)),
    'printed, but not on the page',
  ).toEqual([]);

  const excused = (path: string): boolean =>
    (path.startsWith('[]') && isEmpty(value)) || [...seen].some(([above, values]) => isBelow(path, above) && values.every(isEmpty));
  const gone = fields.filter(({ path, optional }) => !optional && !seen.has(path) && !excused(path));
  expect(
    gone.map(({ path }) => path),
    'on the page, but not printed',
  ).toEqual([]);
});
