import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Contribution } from '../contract/plugin.js';

/** The machine as far as plugins ask about it. */
export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly hasExecutable: (name: string) => boolean;
}

export interface MissingRequirement {
  /** `lane mininet` */
  readonly plugin: string;
  /** For example `the program tc (on PATH)`. */
  readonly missing: readonly string[];
  /** The command that puts it right, as the plugin's manifest says; `null` when it says none. */
  readonly install: string | null;
}

/** @returns what this machine lacks for a contribution, or `null` when it can run */
export function missingRequirements({ kind, name, requires }: Contribution, machine: Machine = thisMachine()): MissingRequirement | null {
  const missing: string[] = [];
  if (requires.platforms && !(requires.platforms as readonly string[]).includes(machine.platform))
    missing.push(`the platform ${requires.platforms.join(' or ')} (this is ${machine.platform})`);
  missing.push(...(requires.executables ?? []).filter((program) => !machine.hasExecutable(program)).map((program) => `the program ${program} (on PATH)`));
  if (requires.root === true && !machine.isRoot) missing.push('root privileges (sudo)');
  return missing.length === 0 ? null : { plugin: `${kind} ${name}`, missing, install: requires.install ?? null };
}

/** `lane mininet needs the program tc (on PATH), root privileges (sudo)` */
export function formatMissing({ plugin, missing }: MissingRequirement): string {
  return `${plugin} needs ${missing.join(', ')}`;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasExecutable: (name) => hasExecutable(name, process.env),
  };
}

function hasExecutable(name: string, env: NodeJS.ProcessEnv): boolean {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffixes = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  return folders.some((folder) => suffixes.some((suffix) => isExecutable(join(folder, name + suffix))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
