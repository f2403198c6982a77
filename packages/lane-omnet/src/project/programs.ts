import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaneError } from '@satsim/core';
import type { CompiledProgram, CompileServices } from '@satsim/simulation';
import { compileOnce } from '@satsim/simulation';
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
}

/** @throws LaneError naming what is not there */
export async function findProject({ project_path, ini_path }: OmnetConfig, lane: string): Promise<UserProject | null> {
  if (project_path === null) return null;
  const dir = resolve(project_path);
  if (!(await isThere(dir))) throw new LaneError(lane, `omnet.project_path: there is no ${dir}`);
  const src = join(dir, 'src');
  const sources = (await isThere(src)) ? src : dir;
  const candidates = ini_path === null ? ['simulations/omnetpp.ini', 'omnetpp.ini'] : [ini_path];
  for (const candidate of candidates) {
    const iniFile = resolve(dir, candidate);
    if (await isThere(iniFile)) return { dir, sources, iniFile };
  }
  throw new LaneError(lane, `omnet.project_path: ${dir} has no ${candidates.join(', nor ')}`, { hint: 'name it with omnet.ini_path' });
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
      key: [`OMNeT++ ${omnet.version} ${omnet.build}`, omnet.root, compiler],
      async build(_dir, tools) {
        await tools.run('opp_makemake', ['-f', '--deep', '-o', NAME], { env });
        await tools.run('make', ['MODE=release', `-j${availableParallelism()}`], { env });
      },
    },
    services,
  );
  const nedFolders = project === null ? [program.dir] : [project.sources, dirname(project.iniFile)].filter(isOutermost);
  return { ...program, executable: join(program.dir, NAME), nedFolders };
}

/** A folder counts with all below it, and OMNeT++ refuses to read a file twice. */
function isOutermost(folder: string, at: number, all: readonly string[]): boolean {
  return !all.some((other, place) => place !== at && (other === folder ? place < at : !relative(other, folder).startsWith('..')));
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
