import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';

/** Where sweeps are, for verbs that read what is there. */
export function addSweepsRootOption(command: Command): Command {
  return command.option('--sweeps-root <folder>', 'the folder that holds the sweeps', './artifacts/sweeps');
}

/** The folder of a sweep, by its folder, wherever that is, or by its id; `null` where the name is none of a sweep. */
export function findSweep(sweepsRoot: string, name: string): string | null {
  return [name, join(sweepsRoot, name)].map((path) => resolve(path)).find((path) => existsSync(join(path, 'sweep.json'))) ?? null;
}
