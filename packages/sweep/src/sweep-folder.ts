import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, openArtifactArea, SatsimError } from '@satsim/core';
import { z } from 'zod';
import { canonicalJson, sha256 } from './canonical.js';
import type { Cell } from './cells.js';
import { CHOSEN_BY } from './chosen-by.js';
import type { JournalMark } from './journal.js';
import { type SweepDefinition, sweepName, sweepSchema } from './definition.js';

const SWEEP_PATH = 'sweep.json';

/**
 * `running` with the process gone means that it was killed. `planned`: its cells are for Slurm. `incomplete`: it ended in order, and
 * some cells have not run.
 */
export type SweepState = 'running' | 'planned' | 'completed' | 'failed' | 'interrupted' | 'incomplete';

/** What `sweep.json` holds: what the sweep is, and how far it has come. */
export interface SweepManifest {
  readonly sweep: 1;
  readonly sweepId: string;
  /** The sweep file, by absolute path; `null` when the command line describes the sweep. */
  readonly file: string | null;
  readonly definition: SweepDefinition;
  /** The same files as seen from the folder of the sweep, for when all of it has been moved; not there in sweeps of 1.0. */
  readonly fromHere?: { readonly file: string | null; readonly scenario: string };
  /** As `--plugin` names them; not there in sweeps of 1.0. */
  readonly plugins?: readonly string[];
  /** Of the definition as JSON with sorted keys. */
  readonly definitionSha256: string;
  readonly parameters: readonly string[];
  readonly cells: readonly Cell[];
  readonly state: SweepState;
  readonly command: readonly string[];
  readonly pid: number;
  readonly processStart: string | null;
  readonly startedAt: string;
  /** `null` while it runs. */
  readonly endedAt: string | null;
  readonly satsim: string;
  /** SHA-256 of the tables by path; none while it runs. */
  readonly files: Readonly<Record<string, string>>;
  /** How far the journal had come at the end or, while it runs, at the beginning; not there in sweeps of 1.0. */
  readonly journal?: JournalMark;
}

const definitionSchema = sweepSchema.extend({ name: sweepName });
const manifestSchema = z.looseObject({
  sweep: z.literal(1),
  sweepId: z.string(),
  file: z.string().nullable(),
  definition: definitionSchema,
  fromHere: z.looseObject({ file: z.string().nullable(), scenario: z.string() }).optional(),
  plugins: z.array(z.string()).optional(),
  definitionSha256: z.string(),
});

/** The folder of a sweep, absolute. */
export function sweepDirOf(sweepsRoot: string, sweepId: string): string {
  return join(resolve(sweepsRoot), sweepId);
}

export function hashDefinition(definition: SweepDefinition): string {
  return sha256(canonicalJson(definition));
}

/**
 * `sweep.json` of a folder; `null` when there is none.
 * @throws SatsimError ARTIFACTS when it is damaged
 */
export async function readSweepManifest(sweepDir: string): Promise<SweepManifest | null> {
  const path = join(sweepDir, SWEEP_PATH);
  const damaged = (why: string, cause?: unknown): SatsimError =>
    new SatsimError('ARTIFACTS', `${path}: ${why}`, { cause, hint: 'run the sweep by its file again: cells that are done are not run again' });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // A file among the folders of sweeps is none either.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw damaged(`cannot be read: ${messageOf(error)}`, error);
  }
  try {
    const manifest = JSON.parse(text) as SweepManifest;
    const { error } = manifestSchema.safeParse(manifest);
    if (error) throw damaged('is not what satsim writes there');
    if (hashDefinition(manifest.definition) !== manifest.definitionSha256) throw damaged('is damaged: the definition is not the one that was written');
    const { sha256: written, ...rest } = manifest as SweepManifest & { readonly sha256?: string };
    if (written !== sha256(canonicalJson(rest))) throw damaged('is damaged: it is not what was written');
    return rest;
  } catch (error) {
    throw error instanceof SyntaxError ? damaged(`is not JSON: ${error.message}`, error) : error;
  }
}

/** With the hash of all of it. */
export async function writeSweepManifest(sweepDir: string, manifest: SweepManifest): Promise<void> {
  const sealed = { ...manifest, sha256: sha256(canonicalJson(manifest)) };
  await (await openArtifactArea(sweepDir, CHOSEN_BY)).writeFile(SWEEP_PATH, `${JSON.stringify(sealed, null, 2)}\n`);
}
