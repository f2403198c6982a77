import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type LaneNeed, MissingDependencyError } from '@satsim/core';

const run = promisify(execFile);

const MODULES = ['ns3-core', 'ns3-network', 'ns3-internet', 'ns3-point-to-point', 'ns3-flow-monitor'] as const;
const LEAST_VERSION = [3, 37] as const;
const INSTALL = 'apt-get install ns3 libns3-dev libgsl-dev libsqlite3-dev libxml2-dev g++ pkg-config';

/** What the program is compiled with, and against. */
export interface Ns3Tools {
  /** Of ns-3. */
  readonly version: string;
  /** The compiler's first line about itself. */
  readonly compiler: string;
  /** What pkg-config says for the compiler and the linker. */
  readonly flags: readonly string[];
}

/**
 * Asks pkg-config and the compiler.
 * @throws MissingDependencyError when ns-3 is not there, is too old or has a part missing, or a tool can't be run
 */
export async function findNs3(): Promise<Ns3Tools> {
  const need = await missingNs3();
  if (need) throw new MissingDependencyError(`lane ns3 needs ${need.what}`, { hint: need.install ?? undefined });
  try {
    const [version, flags, compiler] = await Promise.all([
      ask('pkg-config', ['--modversion', MODULES[0]]),
      ask('pkg-config', ['--cflags', '--libs', ...MODULES]),
      ask('g++', ['--version']),
    ]);
    return { version, compiler: compiler.split('\n')[0]!, flags: splitFlags(flags) };
  } catch (error) {
    throw new MissingDependencyError('lane ns3 needs g++ and pkg-config', { hint: INSTALL, cause: error });
  }
}

/** What of ns-3 is missing; `null` when nothing is. Without pkg-config itself nothing can be said: the manifest asks for it. */
export async function missingNs3(): Promise<LaneNeed | null> {
  const wanted = `ns-3 ${LEAST_VERSION.join('.')} or later`;
  try {
    const versions = (await ask('pkg-config', ['--modversion', ...MODULES])).split('\n');
    return isLateEnough(versions[0]!) ? null : { what: `${wanted} (this is ${versions[0]})`, install: INSTALL };
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return null;
    const [absent] = /ns3-[\w-]+/.exec(stderr ?? '') ?? [];
    return { what: `${wanted} (pkg-config does not find ${absent ?? MODULES[0]})`, install: INSTALL };
  }
}

/** `3.37`, `3.40.1`, `3.43-dev` */
function isLateEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10));
  return major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1]);
}

/** pkg-config quotes by backslashes, for a shell that is not there. */
export function splitFlags(text: string): readonly string[] {
  return (text.match(/(?:\\.|\S)+/g) ?? []).map((flag) => flag.replace(/\\(.)/g, '$1'));
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  return (await run(command, [...args], { env: { ...process.env, LC_ALL: 'C' }, timeout: 30_000 })).stdout.trim();
}
