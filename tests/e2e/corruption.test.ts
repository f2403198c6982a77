import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from './marathon.js';
import { iridium, root, workplace } from './satsim.js';
import { sweep } from './sweeps.js';

const place = workplace();
afterAll(place.remove);

/** A file of the run, damaged: by how much is drawn, so that over time every place is met. */
const random = mulberry32(Number(process.env['SATSIM_CORRUPTION_SEED'] ?? 7));
/** Of these each damage is tried; of all others the first two. */
const TELLING = ['manifests/files.sha256', 'manifests/run.json', 'manifests/scenario', 'results/flows.jsonl', 'summary.json', 'traces/'];

const DAMAGE: Readonly<Record<string, (file: string) => void>> = {
  'a flipped bit': (file) => {
    const bytes = readFileSync(file);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
    writeFileSync(file, bytes);
  },
  'the end cut off': (file) => truncateSync(file, Math.floor(random() * statSync(file).size)),
  'the last byte cut off': (file) => truncateSync(file, statSync(file).size - 1),
  'nothing left': (file) => truncateSync(file, 0),
  'the last line cut off': (file) => {
    const bytes = readFileSync(file);
    truncateSync(file, bytes.subarray(0, -1).lastIndexOf(0x0a) + 1);
  },
  'the file removed': (file) => rmSync(file),
};

describe('damage to a run is found and named by verify', () => {
  let sound: string;
  let files: string[];
  beforeAll(async () => {
    const exporters = ['jsonl', 'csv', 'parquet', 'geojson', 'czml', 'tracing'].flatMap((name) => ['--exporter', name]);
    const elements = join(root, 'examples/elements-file.satsim.yaml');
    sound = (await place.run(elements, '--set', 'time.duration=20s', ...exporters)).runDir;
    files = readdirSync(sound, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(sound.length + 1))
      .toSorted();
    expect(JSON.parse(await place.output('verify', sound, '--format', 'json'))).toMatchObject({ ok: true, problems: [] });
  }, 120_000);

  it('in a run with every kind of file', () => {
    for (const kind of ['logs', 'manifests', 'manifests/elements', 'metrics', 'results', 'traces'])
      expect(
        files.some((file) => file.startsWith(`${kind}/`)),
        kind,
      ).toBe(true);
    const manifests = ['files.sha256', 'network.json', 'run.json', 'scenario.normalized.json', 'scenario.yaml', 'spec.json'];
    expect(files).toEqual(expect.arrayContaining(manifests.map((name) => `manifests/${name}`)));
    expect(files.length).toBeGreaterThan(20);
  });

  for (const [index, [name, damage]] of Object.entries(DAMAGE).entries()) {
    it(`${name}`, { timeout: 300_000 }, async () => {
      const unnoticed: string[] = [];
      const chosen = files.filter((file) => index < 2 || TELLING.some((one) => file.startsWith(one)));
      expect(chosen.length).toBeGreaterThan(7);
      for (const file of chosen) {
        const copy = `${sound}-damaged`;
        cpSync(sound, copy, { recursive: true });
        damage(join(copy, file));
        const { exitCode, stdout, stderr } = await place.satsim('verify', copy, '--format', 'json');
        if (exitCode !== 4 || !stderr.includes(file) || (JSON.parse(stdout) as { ok: boolean }).ok) unnoticed.push(`${file}: exit code ${exitCode}, ${stderr}`);
        rmSync(copy, { recursive: true });
      }
      expect(unnoticed).toEqual([]);
    });
  }
});

it('damage to the tags of a run is found and named by verify', { timeout: 120_000 }, async () => {
  const { runDir } = await place.run(iridium, '--set', 'time.duration=5s', '--set', 'assertions=[]');
  const tags = join(runDir, 'tags.jsonl');
  for (const tag of ['+first', '+second']) await place.output('runs', 'tag', runDir, tag);
  expect(JSON.parse(await place.output('verify', runDir, '--format', 'json'))).toMatchObject({ ok: true });
  const whole = readFileSync(tags);
  for (const name of ['a flipped bit', 'the end cut off']) {
    if (name === 'a flipped bit') DAMAGE[name]!(tags);
    // At the end of a line it would be a file of fewer changes.
    else truncateSync(tags, Math.floor(whole.length * (0.6 + 0.3 * random())));
    const { exitCode, stdout } = await place.satsim('verify', runDir, '--format', 'json');
    expect([exitCode, stdout], name).toEqual([4, expect.stringMatching(/tags\.jsonl:\d+ is not what satsim writes there/)]);
    writeFileSync(tags, whole);
  }
});

describe('damage to a sweep is found and named when it is gone on with', () => {
  it.each(['a flipped bit', 'the end cut off', 'nothing left'])('%s', { timeout: 120_000 }, async (name) => {
    const { sweepDir, cells } = await sweep(
      place,
      iridium,
      '--grid',
      'links.gsl.min_elevation_deg=5,10',
      '--set',
      'time.duration=5s',
      '--set',
      'assertions=[]',
      '--name',
      's',
    );
    const sound = await place.output('verify', 's', '--format', 'json');
    expect(JSON.parse(sound)).toMatchObject({ ok: true, cells: { all: 2, runs: 2, sound: 2 }, problems: [], notes: [] });
    const ofRun = join(cells[1]!.runDir!, 'results/flows.jsonl');
    for (const file of ['sweep.json', 'cells.jsonl', 'table.json', 'table.csv', 'table.parquet'].map((path) => join(sweepDir, path)).concat(ofRun)) {
      const whole = readFileSync(file);
      DAMAGE[name]!(file);
      const { exitCode, stderr } = await place.satsim('verify', sweepDir);
      expect({ file, exitCode: [1, 4].includes(exitCode!), stderr }).toMatchObject({
        exitCode: true,
        stderr: expect.stringContaining(basename(file)) as string,
      });
      expect(stderr).not.toContain('defect in satsim');
      writeFileSync(file, whole);
    }
    expect(await place.output('verify', 's', '--format', 'json')).toBe(sound);
    for (const file of ['sweep.json', 'cells.jsonl']) {
      const whole = readFileSync(join(sweepDir, file));
      DAMAGE[name]!(join(sweepDir, file));
      const { exitCode, stderr, stdout } = await place.satsim('sweep', 's', '--resume', '--format', 'json');
      // What a journal no longer says is found by the tags of the runs; of a definition that is no more what it was nothing is made.
      if (file === 'sweep.json') expect({ file, exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('sweep.json') as string });
      else {
        expect(stderr).toMatch(/^warning: .*cells\.jsonl(:\d+: this line is damaged| has been cut)/m);
        expect(JSON.parse(stdout), stderr).toMatchObject({ state: 'completed', counts: { done: 2, ran: 0 } });
      }
      writeFileSync(join(sweepDir, file), whole);
    }
    DAMAGE[name]!(join(sweepDir, 'table.json'));
    const { exitCode, stderr } = await place.satsim('report', 's');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('table.json') as string });
  });
});

it('a sweep is not verified when the runs of its cells have changed places, or one is gone', async () => {
  const grid = ['--grid', 'links.gsl.min_elevation_deg=5,25', '--set', 'time.duration=5s', '--set', 'assertions=[]', '--name', 'swapped'];
  const [one, other] = (await sweep(place, iridium, ...grid)).cells.map(({ runDir }) => runDir!) as [string, string];
  renameSync(one, `${one}-aside`);
  const { exitCode, stderr } = await place.satsim('verify', 'swapped');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`its run ${one} is gone`) as string });
  renameSync(other, one);
  renameSync(`${one}-aside`, other);
  const swapped = JSON.parse((await place.satsim('verify', 'swapped', '--format', 'json')).stdout) as { cells: object; problems: readonly string[] };
  expect(swapped.cells).toEqual({ all: 2, runs: 2, sound: 0 });
  for (const runDir of [one, other]) {
    expect(swapped.problems).toContainEqual(expect.stringContaining(`${basename(runDir)} was made with other parameters`));
    expect(swapped.problems).toContainEqual(expect.stringContaining(`the table does not say what ${basename(runDir)} measured`));
  }
});
