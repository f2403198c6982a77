import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SatsimError } from '@satsim/core';
import { hashesOf } from './file-checks.js';
import { readSweepManifest } from './sweep-folder.js';
import { TABLE_PATH, type TableFile } from './table-files.js';

/**
 * The table of a sweep, as it was when the sweep last ended.
 * @throws SatsimError ARTIFACTS when there is none, or it is damaged
 */
export async function readSweepTable(sweepDir: string): Promise<TableFile> {
  const path = join(sweepDir, TABLE_PATH);
  try {
    const table = JSON.parse(await readFile(path, 'utf8')) as TableFile;
    if (!Array.isArray(table.cells)) throw new SyntaxError('there are no cells');
    const written = (await readSweepManifest(sweepDir))?.files?.[TABLE_PATH];
    if (written !== undefined && (await hashesOf(sweepDir, [TABLE_PATH]))[TABLE_PATH] !== written) throw new SyntaxError('it is not what was written');
    return table;
  } catch (error) {
    const hint = 'it is written when the sweep ends: run it, or go on with it by --resume';
    throw new SatsimError('ARTIFACTS', `${path} cannot be read: ${messageOf(error)}`, { cause: error, hint });
  }
}
