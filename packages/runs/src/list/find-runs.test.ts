import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type * as Records from '@satsim/core/records';
import { changeTags, listRuns, processStart } from '@satsim/core/records';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { idAt, runsFolder } from '../made-runs.test-helper.js';
import { findListedRuns } from './find-runs.js';
import { parseParam } from './param.js';
import { INDEX_FILE, RunIndex } from './run-index.js';

/** Runs that somebody removes when they are about to be read. */
const doomed = vi.hoisted(() => new Set<string>());
vi.mock('@satsim/core/records', async (original) => {
  const records = await original<typeof Records>();
  const readRunFacts = (runDir: string) => {
    if (doomed.delete(runDir)) rmSync(runDir, { recursive: true });
    return records.readRunFacts(runDir);
  };
  return { ...records, readRunFacts };
});

const MANY = 60;
let place: ReturnType<typeof runsFolder>;
const index = (): string => join(place.root, INDEX_FILE);
/** By the index, which must say the same as the folder. */
const listed = async () => {
  const runs = await findListedRuns(place.root);
  expect(runs).toEqual(await listRuns(place.root));
  return runs;
};
const known = (): number => {
  const db = new DatabaseSync(index());
  try {
    return (db.prepare("SELECT count(*) AS n FROM entries WHERE kind = 'facts'").get() as { n: number }).n;
  } finally {
    db.close();
  }
};

beforeEach(() => {
  // Later, so that what is made now is old enough to be kept in the index.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  place = runsFolder();
  for (let i = 0; i < MANY; i += 1) place.add({ id: idAt(i) });
});
afterEach(() => {
  vi.useRealTimers();
  place.remove();
});

test('what was read before is not read again', async () => {
  await listed();
  expect(known()).toBe(MANY);
  const mine = RunIndex.open(place.root)!;
  const { signature, content } = mine.read('facts').get(idAt(3))!;
  mine.write('facts', new Map([[idAt(3), { signature, content: content.replace('"ticks":60', '"ticks":999') }]]), []);
  mine.close();
  expect((await findListedRuns(place.root)).map(({ ticks }) => ticks).filter((ticks) => ticks !== 60)).toEqual([999]);
});

test('runs that come, go and change are seen at once', async () => {
  await listed();
  place.add({ id: idAt(100), manifest: { name: 'new' } });
  rmSync(place.dirOf(idAt(0)), { recursive: true });
  renameSync(place.dirOf(idAt(1)), place.dirOf(idAt(101)));
  place.add({ id: idAt(2), manifest: { outcome: 'failed', reason: 'because' }, summary: { outcome: 'failed' } });
  await changeTags(place.dirOf(idAt(3)), ['keep'], []);
  rmSync(join(place.dirOf(idAt(4)), 'manifests/run.json'));
  writeFileSync(join(place.dirOf(idAt(5)), 'summary.json'), '{');
  const runs = await listed();
  const of = (id: string) => runs.find(({ runId }) => runId === id);
  expect([of(idAt(0)), of(idAt(1))]).toEqual([undefined, undefined]);
  expect(of(idAt(100))?.name).toBe('new');
  expect(of(idAt(2))).toMatchObject({ status: 'failed', reason: 'because' });
  expect(of(idAt(3))?.tags).toEqual(['keep']);
  expect(of(idAt(4))?.status).toBe('unreadable');
  expect(of(idAt(5))?.problems).toHaveLength(1);
  await listed();
  // The two with problems are read every time.
  expect(known()).toBe(MANY - 2);
});

test('a run that is removed while it is listed is not in the list', async () => {
  doomed.add(place.dirOf(idAt(9)));
  const runs = await findListedRuns(place.root);
  expect(runs).toHaveLength(MANY - 1);
  expect(runs).toEqual(await listed());
});

test('a change that leaves size and time of the content as they were is seen', async () => {
  await listed();
  const path = join(place.dirOf(idAt(7)), 'manifests/run.json');
  const { atime, mtime, size } = statSync(path);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"ticks":60', '"ticks":61'));
  utimesSync(path, atime, mtime);
  expect(statSync(path)).toMatchObject({ size, mtimeMs: mtime.getTime() });
  expect((await listed()).find(({ runId }) => runId === idAt(7))?.ticks).toBe(61);
});

test('a file that changes twice within one step of the clock is not taken for the first one', async () => {
  vi.useRealTimers();
  const path = join(place.dirOf(idAt(8)), 'manifests/run.json');
  const text = readFileSync(path, 'utf8');
  for (let ticks = 10; ticks < 40; ticks += 1) {
    writeFileSync(path, text.replace('"ticks":60', `"ticks":${ticks}`));
    expect((await findListedRuns(place.root)).find(({ runId }) => runId === idAt(8))?.ticks).toBe(ticks);
  }
});

test('whether a run goes on is looked at, not remembered', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  place.add({ id: idAt(200), manifest: { outcome: null, endedAt: null, pid: child.pid, processStart: processStart(child.pid!) }, summary: null });
  for (let time = 0; time < 2; time += 1) expect((await listed())[0]).toMatchObject({ runId: idAt(200), status: 'running' });
  expect(known()).toBe(MANY + 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await listed())[0]).toMatchObject({ runId: idAt(200), status: 'crashed' });
});

/** What may happen to the index; the list has to stay right, and nobody is told. */
const MISHAPS: Readonly<Record<string, () => void>> = {
  'is removed': () => rmSync(index()),
  'is empty': () => writeFileSync(index(), ''),
  'is no database': () => writeFileSync(index(), 'x'.repeat(10_000)),
  'is cut off': () => writeFileSync(index(), readFileSync(index()).subarray(0, 5_000)),
  'is of another version': () => {
    const db = new DatabaseSync(index());
    db.exec('DROP TABLE entries; CREATE TABLE entries (a TEXT); PRAGMA user_version = 77');
    db.close();
  },
  'says that it is of this version, and is not': () => {
    const db = new DatabaseSync(index());
    db.exec('DROP TABLE entries; CREATE TABLE entries (a TEXT)');
    db.close();
  },
  'has other texts in it': () => {
    const db = new DatabaseSync(index());
    db.exec(`UPDATE entries SET content = replace(content, 'iridium', 'jridium')`);
    db.close();
  },
};
for (const [what, happens] of Object.entries(MISHAPS)) {
  test(`an index that ${what} is made anew`, async () => {
    await listed();
    happens();
    await listed();
    await listed();
    expect(known()).toBe(MANY);
  });
}

test('an index that somebody else is writing is not waited for', async () => {
  await listed();
  const db = new DatabaseSync(index());
  db.exec('BEGIN EXCLUSIVE');
  place.add({ id: idAt(300) });
  const started = performance.now();
  expect(await listed()).toHaveLength(MANY + 1);
  expect(performance.now() - started).toBeLessThan(5_000);
  db.exec('ROLLBACK');
  db.close();
});

test('many processes that list at once all say the same, and nothing on stderr, whatever comes and goes meanwhile', async () => {
  const script = `import { findListedRuns } from '@satsim/runs';
    for (let i = 0; i < 5; i += 1) { const runs = await findListedRuns(process.argv[1]); if (i === 4) console.log(JSON.stringify(runs)); }`;
  const children = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, place.root], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe'] });
    return Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  });
  for (let i = 500; i < 540; i += 1) {
    place.add({ id: idAt(i) });
    rmSync(place.dirOf(idAt(i)), { recursive: true });
    await pause(5);
  }
  const truth = await listRuns(place.root);
  for (const [stdout, stderr, [code]] of await Promise.all(children)) {
    expect([code, stderr]).toEqual([0, '']);
    const said = JSON.parse(stdout) as { readonly runId: string }[];
    // One that came and went may have been seen.
    expect(said.filter(({ runId }) => !/-0(1f|20|21)[0-9a-f]$/.test(runId))).toEqual(truth);
  }
  expect(await listed()).toHaveLength(MANY);
});

test('where there can be no index there is none', async () => {
  rmSync(index(), { force: true });
  mkdirSync(index());
  expect(await listed()).toHaveLength(MANY);
  expect(statSync(index()).isDirectory()).toBe(true);
});

test('a flipped bit anywhere in the index changes nothing that is said', async () => {
  await listed();
  const sound = readFileSync(index());
  const truth = await listRuns(place.root);
  await fc.assert(
    fc.asyncProperty(fc.nat(sound.byteLength * 8 - 1), async (bit) => {
      const broken = Buffer.from(sound);
      broken[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(index(), broken);
      expect(await findListedRuns(place.root)).toEqual(truth);
    }),
    { numRuns: 40 },
  );
});

test('a few runs need no index', async () => {
  const few = runsFolder();
  try {
    few.add({ id: idAt(0) });
    expect(await findListedRuns(few.root)).toHaveLength(1);
    expect(existsSync(join(few.root, INDEX_FILE))).toBe(false);
    expect(await findListedRuns(join(few.root, 'nowhere'))).toEqual([]);
  } finally {
    few.remove();
  }
});

test('fields of the scenario are found with an index and without', async () => {
  const scenario = (elevation: number) => ({ name: 'iridium', seed: elevation, links: { gsl: { min_elevation_deg: elevation } }, lanes: ['flow', 'ns3'] });
  for (let i = 0; i < 5; i += 1) place.add({ id: idAt(i), scenario: scenario(10 * i) });
  const found = async (...params: Parameters<typeof parseParam>[0][]) =>
    (await findListedRuns(place.root, { params: params.map(parseParam) })).map(({ runId }) => Number.parseInt(runId.slice(-4), 16));
  for (let time = 0; time < 2; time += 1) {
    expect(await found('links.gsl.min_elevation_deg>=20')).toEqual([4, 3, 2]);
    expect(await found('links.gsl.min_elevation_deg>=20', 'seed!=30')).toEqual([4, 2]);
    expect(await found('lanes[1]=ns3', 'links.gsl.min_elevation_deg<10')).toEqual([0]);
  }
  place.add({ id: idAt(0), scenario: scenario(80) });
  expect(await found('links.gsl.min_elevation_deg>=40')).toEqual([4, 0]);
});
