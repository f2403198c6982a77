import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { loadBegunSweep } from './load-begun.js';
import { hashDefinition, type SweepManifest, writeSweepManifest } from './sweep-folder.js';

let root: string;
let sweeps: string;
const roots: string[] = [];
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'satsim-begun-')), 'here');
  roots.push(dirname(root));
  sweeps = join(root, 'sweeps');
  mkdirSync(sweeps, { recursive: true });
  writeFileSync(join(root, 'x.yaml'), '');
});
afterAll(() => roots.forEach((one) => rmSync(one, { recursive: true, force: true })));

async function begin(name: string, fileName: string | null, about: Partial<SweepManifest> = {}): Promise<void> {
  const scenario = join(root, 'x.yaml');
  const file = fileName === null ? null : join(root, fileName);
  const definition = { name, scenario, set: {}, grid: {}, list: [], seed: 0, include: [], exclude: [] };
  const dir = join(sweeps, name);
  const fromHere = { file: file && relative(dir, file), scenario: relative(dir, scenario) };
  const manifest = { sweep: 1, sweepId: name, file, definition, definitionSha256: hashDefinition(definition), fromHere, ...about };
  await writeSweepManifest(dir, manifest as SweepManifest);
}

it('is found by its id, and by the file that it was made of whatever becomes of that', async () => {
  await begin('named', 'a.sweep.yaml', { plugins: ['/p'] });
  await begin('x', null);
  for (const target of ['named', join(root, 'a.sweep.yaml'), relative(process.cwd(), join(root, 'a.sweep.yaml'))])
    expect(await loadBegunSweep(target, sweeps)).toMatchObject({ definition: { name: 'named', scenario: join(root, 'x.yaml') }, plugins: ['/p'] });
  writeFileSync(join(root, 'a.sweep.yaml'), '{ no yaml');
  expect((await loadBegunSweep(join(root, 'a.sweep.yaml'), sweeps)).definition.name).toBe('named');
  // Of a scenario, described by the command line.
  expect((await loadBegunSweep(join(root, 'x.yaml'), sweeps)).definition.name).toBe('x');
  await expect(loadBegunSweep(join(root, 'other/a.sweep.yaml'), sweeps)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(loadBegunSweep('..', sweeps)).rejects.toMatchObject({ code: 'USAGE' });
});

it('is, of several of one file, the one that is called like the file, or has to be named', async () => {
  await begin('b', 'a.sweep.yaml');
  await begin('c', 'a.sweep.yaml');
  const file = join(root, 'a.sweep.yaml');
  await expect(loadBegunSweep(file, sweeps)).rejects.toMatchObject({ code: 'USAGE', message: `several sweeps have been begun of ${file}: b, c` });
  await begin('a', 'a.sweep.yaml');
  expect((await loadBegunSweep(file, sweeps)).definition.name).toBe('a');
});

it('that has been moved with its files is found where it is now', async () => {
  await begin('a', 'a.sweep.yaml');
  const there = join(dirname(root), 'there');
  renameSync(root, there);
  for (const target of ['a', join(there, 'a.sweep.yaml')])
    expect((await loadBegunSweep(target, join(there, 'sweeps'))).definition.scenario).toBe(join(there, 'x.yaml'));
  renameSync(join(there, 'sweeps/a'), join(there, 'sweeps/z'));
  await expect(loadBegunSweep('z', join(there, 'sweeps'))).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('holds the sweep a') });
});

it('whose sweep.json is damaged is not taken for one that has not been begun', async () => {
  await begin('a', 'a.sweep.yaml');
  const path = join(sweeps, 'a/sweep.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seed": 0', '"seed": 1'));
  for (const target of ['a', join(root, 'a.sweep.yaml')])
    await expect(loadBegunSweep(target, sweeps)).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('is damaged') });
});

it('that has not been begun is told as that, whatever files there are among the folders of sweeps', async () => {
  await begin('a', 'a.sweep.yaml');
  writeFileSync(join(sweeps, '.DS_Store'), '');
  for (const target of ['b', '.DS_Store']) await expect(loadBegunSweep(target, sweeps)).rejects.toMatchObject({ code: 'USAGE' });
});
