import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Starting opp_run takes 50 ms; the first time from a slow disk much longer. */
const TIMEOUT_MS = 20_000;

/** An OMNeT++ that answers. */
export interface OmnetInstall {
  /** Its folder, that has `bin`. */
  readonly root: string;
  /** For example `6.1`. */
  readonly version: string;
  /** As it tells it, for example `240522-…`. */
  readonly build: string;
  /** Name of its licence. */
  readonly edition: string;
}

/** Where OMNeT++ was looked for, and why it was not found there. */
export interface OmnetAbsent {
  readonly looked: readonly string[];
}

/**
 * Looks for OMNeT++ in the configured folder or, without one, by `opp_run` on PATH, `$__omnetpp_root_dir` (which its setenv
 * sets) and `$OMNETPP_ROOT`, in this order; the first that answers is it. Its setenv is never needed.
 */
export async function findOmnet(configured: string | null, env: NodeJS.ProcessEnv = process.env): Promise<OmnetInstall | OmnetAbsent> {
  const looked: string[] = [];
  const candidates: readonly (readonly [where: string, root: string | null])[] =
    configured !== null
      ? [[`omnet.root: ${configured}`, configured]]
      : [
          ['opp_run on PATH', await rootOnPath(env)],
          ['$__omnetpp_root_dir', env['__omnetpp_root_dir'] || null],
          ['$OMNETPP_ROOT', env['OMNETPP_ROOT'] || null],
        ];
  for (const [where, root] of candidates) {
    if (root === null) {
      looked.push(`${where}: not there`);
      continue;
    }
    const asked = await ask(root, env);
    if (typeof asked !== 'string') return asked;
    looked.push(`${where}: ${asked}`);
  }
  return { looked };
}

async function rootOnPath(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, 'opp_run');
    try {
      await access(program, constants.X_OK);
      return dirname(dirname(await realpath(program)));
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** @returns the install, or why it is none */
async function ask(root: string, env: NodeJS.ProcessEnv): Promise<OmnetInstall | string> {
  const program = join(root, 'bin', 'opp_run');
  try {
    const { stdout } = await run(program, ['-v'], { timeout: TIMEOUT_MS, env: omnetEnv(root, env) });
    const [, version, build, edition] = /^Version: (\S+), build: (\S+), edition: (.*)$/m.exec(stdout) ?? [];
    if (version === undefined || build === undefined || edition === undefined) return `${program} -v does not tell a version`;
    return { root, version, build, edition: edition.trim() };
  } catch (error) {
    const { code, stderr, message } = error as Error & { readonly code?: string; readonly stderr?: string };
    return code === 'ENOENT' ? `there is no ${program}` : `${program} -v: ${(stderr?.trim() || message).split('\n').at(-1)}`;
  }
}

/** The environment with OMNeT++'s programs first on PATH. */
export function omnetEnv(root: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const path = [join(root, 'bin'), env['PATH']].filter((part) => part !== undefined && part !== '').join(delimiter);
  return { ...(env as Record<string, string>), PATH: path };
}

/** Numbers of a version: `6.0pre10` is 6.0. */
export function isAtLeast(version: string, major: number): boolean {
  return Number.parseInt(version, 10) >= major && !/^\d+\.\d+pre/.test(version);
}
