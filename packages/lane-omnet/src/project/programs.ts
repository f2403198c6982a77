import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompiledProgram, CompileServices } from '@satsim/simulation';
import { compileOnce, sourceFiles } from '@satsim/simulation';
import type { OmnetConfig } from '../config.js';
import { omnetEnv } from '../toolchain/find-omnet.js';
import type { Toolchain } from '../toolchain/toolchain.js';

const NAME = 'satsim';
/** Our own project, as it is published with this package. */
const OWN_SOURCES = fileURLToPath(new URL('../../omnetpp/src', import.meta.url));

/** A project of the user's, and where its parts are. */
export interface UserProject {
  readonly dir: string;
  /** What is compiled: its `src`, or all of it. */
  readonly sources: string;
  readonly iniFile: string;
  /** The ini file's folder, where it is one beside `sources`: its NED files are read where they are. */
  readonly nedFolder: string | null;
}

/** What of the block names something that is not there. */
export interface ProjectFault {
  readonly field: 'project_path' | 'ini_path';
  readonly fault: string;
  readonly hint?: string;
}

/** @param baseDir what relative paths start from */
export async function findProject({ project_path, ini_path }: OmnetConfig, baseDir: string): Promise<UserProject | ProjectFault | null> {
  if (project_path === null) return null;
  const dir = resolve(baseDir, project_path);
  if (!(await isThere(dir))) return { field: 'project_path', fault: `there is no ${dir}`, hint: `a relative path starts from ${baseDir}` };
  const src = join(dir, 'src');
  const sources = (await isThere(src)) ? src : dir;
  const candidates = ini_path === null ? ['simulations/omnetpp.ini', 'omnetpp.ini'] : [ini_path];
  for (const candidate of candidates) {
    const iniFile = resolve(dir, candidate);
    if (!(await isThere(iniFile))) continue;
    const beside = dirname(iniFile);
    if (isWithin(sources, beside)) return { dir, sources, iniFile, nedFolder: null };
    if (!isWithin(beside, sources)) return { dir, sources, iniFile, nedFolder: beside };
    // A folder of NED files counts with all below it, and OMNeT++ refuses to read a file twice: here only src is one.
    const [stray] = (await readdir(beside)).filter((name) => name.endsWith('.ned'));
    if (stray === undefined) return { dir, sources, iniFile, nedFolder: null };
    const hint = `move it to ${sources}, or beside the ini file to ${join(dir, 'simulations')}`;
    return { field: 'project_path', fault: `${join(beside, stray)} is not read: the NED files are those in ${sources}`, hint };
  }
  const fault = `${dir} has no ${candidates.join(', nor ')}`;
  return ini_path === null ? { field: 'project_path', fault, hint: 'name it with omnet.ini_path' } : { field: 'ini_path', fault };
}

/** What was compiled, and the folders that OMNeT++ finds its NED files in. */
export interface OmnetProgram extends CompiledProgram {
  readonly executable: string;
  readonly nedFolders: readonly string[];
}

/**
 * Compiles our project, or the user's, with opp_makemake and make; a second time it is found compiled.
 * @throws LaneError with file and line of the first thing that the compiler complains about
 */
export async function compileProject(lane: string, project: UserProject | null, toolchain: Toolchain, services: CompileServices): Promise<OmnetProgram> {
  const { omnet, compiler } = toolchain;
  const env = omnetEnv(omnet.root);
  const program = await compileOnce(
    {
      lane,
      sources: project?.sources ?? OWN_SOURCES,
      leaveOut: project === null ? [] : [resultsOf(project)],
      key: [`OMNeT++ ${omnet.version} ${omnet.build}`, omnet.root, compiler],
      async build(_dir, tools) {
        await tools.run('opp_makemake', ['-f', '--deep', '-o', NAME], { env });
        await tools.run('make', ['MODE=release', `-j${availableParallelism()}`], { env });
      },
    },
    services,
  );
  // NED files of the sources are read from their copy: no results of runs are in it, and it is what the key says.
  const nedFolders = [program.dir, ...(project?.nedFolder ? [project.nedFolder] : [])];
  return { ...program, executable: join(program.dir, NAME), nedFolders };
}

/** SHA-256 over the ini and NED files of the ini file's folder: they are read as they are when the simulation starts. */
export async function hashSettings(project: UserProject): Promise<string> {
  const folder = dirname(project.iniFile);
  const sum = createHash('sha256');
  for (const file of await sourceFiles(folder, [resultsOf(project)])) {
    if (!['.ini', '.ned'].includes(extname(file)) && join(folder, file) !== project.iniFile) continue;
    const content = await readFile(join(folder, file));
    sum.update(`${JSON.stringify([file, content.length])}\n`).update(content);
  }
  return sum.digest('hex');
}

/** Where OMNeT++ puts results when somebody else starts it. */
const resultsOf = ({ iniFile }: UserProject): string => join(dirname(iniFile), 'results');

/** Whether a path is a folder, or in it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
