import semver from 'semver';
import type { LinuxCapability } from '../contract/capabilities.js';
import type { Contribution, RequiredExecutable } from '../contract/plugin.js';
import { messageOf, MissingDependencyError } from '../errors.js';
import { effectiveCapabilities, hasExecutable, programVersion } from './machine.js';

/** The machine as far as plugins ask about it. */
export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly hasExecutable: (name: string) => boolean;
  /** Runs the program; the version that its answer names, or `null`. */
  readonly programVersion: (name: string, args: readonly string[]) => string | null;
  readonly hasCapability: (name: LinuxCapability) => boolean;
}

export interface MissingRequirement {
  /** `lane mininet` */
  readonly plugin: string;
  /** For example `the program tc (on PATH)`. */
  readonly missing: readonly string[];
  /** The command that installs the missing programs, as the plugin's manifest says; `null` when it says none, or none is missing. */
  readonly install: string | null;
}

/**
 * Looks only as far as the manifest asks: a program is run (to tell its version) only where a minimum is declared.
 * @returns what this machine lacks for a contribution, or `null` when it can run
 */
export function missingRequirements({ kind, name, requires }: Contribution, machine: Machine = thisMachine()): MissingRequirement | null {
  const missing: string[] = [];
  if (requires.platforms && !(requires.platforms as readonly string[]).includes(machine.platform))
    missing.push(`the platform ${requires.platforms.join(' or ')} (this is ${machine.platform})`);
  const programs = (requires.executables ?? []).flatMap((executable) => missingProgram(executable, machine) ?? []);
  missing.push(...programs);
  if (requires.root === true && !machine.isRoot) missing.push('root privileges (sudo)');
  const capabilities = (requires.capabilities ?? []).filter((capability) => !machine.hasCapability(capability));
  // Root in a container often lacks them too, so sudo alone would be bad advice.
  missing.push(...capabilities.map((capability) => `the capability ${capability} (sudo; in a container --cap-add ${capability.slice('CAP_'.length)})`));
  // No package brings a platform or a permission.
  const install = programs.length === 0 ? null : (requires.install ?? null);
  return missing.length === 0 ? null : { plugin: `${kind} ${name}`, missing, install };
}

/** `lane mininet needs the program tc (on PATH), root privileges (sudo)` */
export function formatMissing({ plugin, missing }: MissingRequirement): string {
  return `${plugin} needs ${missing.join(', ')}`;
}

/** The error that a plugin can't be used here. @param cause what went wrong by it, if anything did already */
export function missingDependency(missing: MissingRequirement, cause?: unknown): MissingDependencyError {
  const what = formatMissing(missing);
  const hint = missing.install ?? undefined;
  return cause === undefined ? new MissingDependencyError(what, { hint }) : new MissingDependencyError(`${what}; ${messageOf(cause)}`, { hint, cause });
}

function thisMachine(): Machine {
  const capabilities = effectiveCapabilities();
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasExecutable: (name) => hasExecutable(name, process.env),
    programVersion,
    hasCapability: (name) => capabilities.has(name),
  };
}

function missingProgram({ name, minVersion, versionArgs }: RequiredExecutable, machine: Machine): string | null {
  if (!machine.hasExecutable(name)) return `the program ${name}${minVersion === undefined ? '' : ` ${minVersion} or later`} (on PATH)`;
  if (minVersion === undefined) return null;
  const version = machine.programVersion(name, versionArgs);
  if (version === null) return `the program ${name} ${minVersion} or later (\`${[name, ...versionArgs].join(' ')}\` tells no version)`;
  return semver.lt(semver.coerce(version)!, semver.coerce(minVersion)!) ? `the program ${name} ${minVersion} or later (this is ${version})` : null;
}
