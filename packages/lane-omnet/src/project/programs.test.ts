import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { configSchema } from '../config.js';
import { findProject, hashSettings, type UserProject } from './programs.js';

async function projectOf(...files: string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'satsim-project-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const file of files) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), '');
  }
  return dir;
}
const find = (dir: string, more: object = {}) => findProject(configSchema.parse({ project_path: dir, ...more }), '/');

it.each([
  ['src and simulations', ['src/a.ned', 'simulations/omnetpp.ini', 'simulations/net.ned'], 'src', 'simulations'],
  ['src, and the ini file above it', ['src/a.ned', 'omnetpp.ini'], 'src', null],
  ['src, and the ini file in it', ['src/a.ned', 'src/omnetpp.ini'], 'src', null],
  ['all in one folder', ['a.ned', 'omnetpp.ini'], '.', null],
  ['no src, but simulations', ['a.ned', 'simulations/omnetpp.ini'], '.', null],
])('a project is compiled, and no NED file is in two folders of them: %s', async (_what, files, sources, nedFolder) => {
  const dir = await projectOf(...files);
  const iniFile = join(
    dir,
    files.find((file) => file.endsWith('.ini'))!,
  );
  const more = iniFile.endsWith('src/omnetpp.ini') ? { ini_path: 'src/omnetpp.ini' } : {};
  expect(await find(dir, more)).toEqual({ dir, sources: join(dir, sources), iniFile, nedFolder: nedFolder === null ? null : join(dir, nedFolder) });
});

it('NED files that would not be read are told, with a place for them', async () => {
  const dir = await projectOf('src/a.ned', 'net.ned', 'omnetpp.ini');
  expect(await find(dir)).toEqual({
    field: 'project_path',
    fault: `${dir}/net.ned is not read: the NED files are those in ${dir}/src`,
    hint: `move it to ${dir}/src, or beside the ini file to ${dir}/simulations`,
  });
});

it('the hash of settings is of ini and NED files, and of nothing that runs leave', async () => {
  const dir = await projectOf('src/a.cc', 'simulations/omnetpp.ini', 'simulations/net.ned', 'simulations/notes.txt', 'simulations/results/old.ned');
  const hash = async () => hashSettings((await find(dir)) as UserProject);
  const first = await hash();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  for (const file of ['src/a.cc', 'simulations/notes.txt', 'simulations/results/old.ned']) await writeFile(join(dir, file), 'changed');
  expect(await hash()).toBe(first);
  const all = [first];
  for (const file of ['simulations/omnetpp.ini', 'simulations/net.ned', 'simulations/more.ini']) {
    await writeFile(join(dir, file), 'changed');
    all.push(await hash());
  }
  expect(new Set(all).size).toBe(4);
});
