import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LINUX_CAPABILITIES, type LinuxCapability } from '../contract/capabilities.js';

/** Milliseconds; what answers later is taken for a program that does not tell its version. */
const VERSION_TIMEOUT_MS = 5_000;

/** Whether a folder of PATH has the program as an executable file. */
export function hasExecutable(name: string, env: NodeJS.ProcessEnv): boolean {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffixes = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  return folders.some((folder) => suffixes.some((suffix) => isExecutable(join(folder, name + suffix))));
}

/** Asks a program for its version, by arguments as the manifest gives them and without a shell. */
export function programVersion(name: string, args: readonly string[]): string | null {
  const { stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS, stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' });
  // Some tell it on stderr, and some end with an error code all the same.
  return versionIn(stdout ?? '') ?? versionIn(stderr ?? '');
}

/** The first number with a dot: `iproute2-6.1.0` → `6.1.0`, `OMNeT++ 6.0pre15` → `6.0`. */
export function versionIn(text: string): string | null {
  return /(?<![\d.])\d{1,9}(?:\.\d{1,9}){1,2}/.exec(text)?.[0] ?? null;
}

/** What this process may do now, as the kernel says; nothing where there is no Linux kernel. */
export function effectiveCapabilities(status: string = readStatus()): ReadonlySet<LinuxCapability> {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/im.exec(status)?.[1] ?? '0'}`);
  return new Set(LINUX_CAPABILITIES.filter((_, bit) => (mask >> BigInt(bit)) & 1n));
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
