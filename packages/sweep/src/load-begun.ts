import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SatsimError } from '@satsim/core';
import { sweepName } from './definition.js';
import { type LoadedSweep, nameOf } from './load-sweep.js';
import { readSweepManifest, type SweepManifest, sweepDirOf } from './sweep-folder.js';

/** A sweep that has been begun, and where. */
interface Begun {
  readonly sweepDir: string;
  readonly manifest: SweepManifest;
}

/**
 * A sweep as it was begun. The file that it was made of is not read, and need not be there any more.
 * @param target the id of the sweep, or the file
 * @throws SatsimError USAGE when there is none, or several of that file; ARTIFACTS when its folder is damaged
 */
export async function loadBegunSweep(target: string, sweepsRoot: string): Promise<LoadedSweep> {
  const { sweepDir, manifest } = (await byId(target, sweepsRoot)) ?? (await byFile(target, sweepsRoot));
  const { definition, file, fromHere, plugins = [] } = manifest;
  const now = (then: string, here: string | null | undefined): string => {
    const moved = typeof here === 'string' ? resolve(sweepDir, here) : then;
    return existsSync(then) || !existsSync(moved) ? then : moved;
  };
  return {
    definition: { ...definition, scenario: now(definition.scenario, fromHere?.scenario) },
    file: file === null ? null : now(file, fromHere?.file),
    locate: () => null,
    plugins,
  };
}

async function byId(id: string, sweepsRoot: string): Promise<Begun | null> {
  if (!sweepName.safeParse(id).success) return null;
  const sweepDir = sweepDirOf(sweepsRoot, id);
  const manifest = await readSweepManifest(sweepDir);
  if (manifest === null || manifest.sweepId === id) return manifest && { sweepDir, manifest };
  throw new SatsimError('ARTIFACTS', `${sweepDir} holds the sweep ${manifest.sweepId}: it is not its folder`, {
    hint: `call the folder ${manifest.sweepId} again`,
  });
}

async function byFile(file: string, sweepsRoot: string): Promise<Begun> {
  const path = resolve(file);
  const of: Begun[] = [];
  const damage: Error[] = [];
  for (const name of await readdir(sweepsRoot).catch((): string[] => [])) {
    const sweepDir = join(resolve(sweepsRoot), name);
    const manifest = await readSweepManifest(sweepDir).catch((error: Error) => {
      damage.push(error);
      return null;
    });
    if (manifest !== null && isMadeOf(path, manifest, sweepDir)) of.push({ sweepDir, manifest });
  }
  const [only] = of.length === 1 ? of : of.filter(({ manifest }) => manifest.sweepId === nameOf(file));
  if (only !== undefined) return only;
  const several = of.map(({ manifest }) => manifest.sweepId).join(', ');
  if (several !== '') throw new SatsimError('USAGE', `several sweeps have been begun of ${file}: ${several}`, { hint: 'give the id of one of them' });
  if (damage[0] !== undefined) throw damage[0];
  throw new SatsimError('USAGE', `no sweep ${file} has been begun in ${sweepsRoot}`, { hint: 'Without --resume it is begun' });
}

function isMadeOf(path: string, { file, definition, fromHere }: SweepManifest, sweepDir: string): boolean {
  const [then, now] = file === null ? [definition.scenario, fromHere?.scenario] : [file, fromHere?.file];
  return then === path || (typeof now === 'string' && resolve(sweepDir, now) === path);
}
