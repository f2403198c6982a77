import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SatsimError } from '@satsim/core';
import type { FlowSummary } from '@satsim/core';

/** What a report needs of a sweep's `table.json`. */
export interface SweepCell {
  readonly cell: string;
  readonly replicate: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly reason: string | null;
  readonly runId: string | null;
  /** Absolute. */
  readonly runDir: string | null;
  readonly durationMs: number | null;
  readonly flows: readonly FlowSummary[];
  readonly assertions: readonly { readonly ok: boolean }[];
}

export interface ReportedSweep {
  readonly sweepId: string;
  readonly parameters: readonly string[];
  readonly cells: readonly SweepCell[];
  /** `sweep.json`; empty when it can't be read. */
  readonly manifest: SweepManifest;
}

export interface SweepManifest {
  readonly file?: string | null;
  readonly definition?: object;
  readonly definitionSha256?: string;
  readonly state?: string;
  readonly command?: readonly string[];
  readonly startedAt?: string;
  readonly endedAt?: string | null;
  readonly satsim?: string;
  /** SHA-256 by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a sweep leaves: its table, and what it was made of. */
const TABLE_PATH = 'table.json';

/** @throws SatsimError ARTIFACTS when there is no table, or it is damaged */
export async function readSweepFolder(sweepDir: string): Promise<ReportedSweep> {
  const path = join(sweepDir, TABLE_PATH);
  try {
    const text = await readFile(path, 'utf8');
    const manifest = await manifestOf(sweepDir);
    const written = manifest.files?.[TABLE_PATH];
    if (written !== undefined && createHash('sha256').update(text).digest('hex') !== written) throw new SyntaxError('it is not what was written');
    const table = JSON.parse(text) as Omit<ReportedSweep, 'manifest'>;
    const sound =
      typeof table?.sweepId === 'string' &&
      Array.isArray(table.parameters) &&
      Array.isArray(table.cells) &&
      table.cells.every(
        ({ cell, parameters, flows, assertions }) =>
          typeof cell === 'string' && typeof parameters === 'object' && Array.isArray(flows) && Array.isArray(assertions),
      );
    if (!sound) throw new SyntaxError('it is not what satsim writes there');
    const { sweepId, parameters, cells } = table;
    return { sweepId, parameters, cells, manifest };
  } catch (error) {
    throw new SatsimError('ARTIFACTS', `cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
      hint: '`satsim sweep` writes it anew; cells that are done are not run again',
    });
  }
}

/** What is missing here is only missing in the text. */
async function manifestOf(sweepDir: string): Promise<SweepManifest> {
  try {
    return JSON.parse(await readFile(join(sweepDir, 'sweep.json'), 'utf8')) as SweepManifest;
  } catch {
    return {};
  }
}
