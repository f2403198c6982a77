import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LaneNeed, messageOf, MissingDependencyError } from '@satsim/core';
import { findOmnet, isAtLeast, omnetEnv, type OmnetInstall } from './find-omnet.js';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
/** The way that its makers recommend: builds OMNeT++ from its source, in a folder of its own, and opens a shell in which satsim finds it. */
const INSTALL_OMNET = 'pipx install opp-env && mkdir omnet && cd omnet && opp_env init && opp_env install omnetpp-latest && opp_env shell omnetpp-latest';
const INSTALL_COMPILER = 'apt-get install --no-install-recommends g++ make python3';
const OLDEST = 6;

/** What programs are compiled with, and its version. */
export interface Toolchain {
  readonly omnet: OmnetInstall;
  /** First line of what the compiler says of itself. */
  readonly compiler: string;
}

/** What this machine lacks; nothing is changed on it. */
export async function missingFor({ root }: { readonly root: string | null }): Promise<readonly LaneNeed[]> {
  const found = await look(root);
  return 'needs' in found ? found.needs : [];
}

/** @throws MissingDependencyError with all that is missing and how it is had */
export async function requireToolchain(root: string | null): Promise<Toolchain> {
  const found = await look(root);
  if (!('needs' in found)) return found;
  throw new MissingDependencyError(found.needs.map(({ what }) => what).join('; '), {
    // OMNeT++ comes last: it ends in a shell of its own.
    hint: [...new Set(found.needs.toReversed().flatMap(({ install }) => install ?? []))].join(' && '),
  });
}

async function look(root: string | null): Promise<Toolchain | { readonly needs: readonly LaneNeed[] }> {
  const omnet = await findOmnet(root);
  const needs: LaneNeed[] = [];
  if ('looked' in omnet) {
    needs.push({ what: `OMNeT++ 6.0 or later (${omnet.looked.join('; ')}); opp_env, which installs it, needs Nix`, install: INSTALL_OMNET });
  } else if (!isAtLeast(omnet.version, OLDEST)) {
    needs.push({ what: `OMNeT++ 6.0 or later: the one in ${omnet.root} is ${omnet.version}; opp_env, which installs it, needs Nix`, install: INSTALL_OMNET });
  }
  // Its Makefile.inc says which compiler it was built with: programs are built with the same.
  const compiler = 'looked' in omnet ? 'c++' : await compilerOf(omnet);
  const env = 'looked' in omnet ? process.env : omnetEnv(omnet.root);
  const said = await versionOf(compiler, env);
  if (said.version === null) needs.push({ what: `the compiler ${compiler} (${said.fault})`, install: INSTALL_COMPILER });
  // opp_makemake is a Python program.
  for (const program of ['make', 'python3']) {
    const { version, fault } = await versionOf(program, env);
    if (version === null) needs.push({ what: `${program} (${fault})`, install: INSTALL_COMPILER });
  }
  if (needs.length > 0 || 'looked' in omnet || said.version === null) return { needs };
  return { omnet, compiler: said.version };
}

async function compilerOf({ root }: OmnetInstall): Promise<string> {
  const makefile = await readFile(join(root, 'Makefile.inc'), 'utf8').catch(() => '');
  return /^CXX\s*=\s*(?:ccache\s+)?(\S+)/m.exec(makefile)?.[1] ?? 'c++';
}

async function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<{ readonly version: string | null; readonly fault: string }> {
  try {
    const { stdout } = await run(program, ['--version'], { timeout: TIMEOUT_MS, env });
    return { version: stdout.split('\n')[0]!.trim(), fault: '' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { version: null, fault: code === 'ENOENT' ? 'not on PATH' : messageOf(error).split('\n')[0]! };
  }
}
