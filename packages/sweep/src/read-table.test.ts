import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hashesOf } from './file-checks.js';
import { readSweepTable } from './read-table.js';
import { hashDefinition, type SweepManifest, writeSweepManifest } from './sweep-folder.js';
import { flatTable } from './table.js';
import { TABLE_PATHS, writeTables } from './table-files.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-read-table-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a table is read as it was written, or not at all', async () => {
  const dir = join(root, 's');
  await writeTables(dir, { sweepId: 's', parameters: ['a'], cells: [] }, flatTable([], ['a']));
  const definition = { name: 's', scenario: '/s.yaml', set: {}, grid: {}, list: [], seed: 0, include: [], exclude: [] };
  const about = { sweep: 1, sweepId: 's', file: null, definition, definitionSha256: hashDefinition(definition), state: 'completed' };
  await writeSweepManifest(dir, { ...about, files: await hashesOf(dir, TABLE_PATHS) } as unknown as SweepManifest);
  expect(await readSweepTable(dir)).toEqual({ sweepId: 's', parameters: ['a'], cells: [] });

  const path = join(dir, 'table.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"b"'));
  await expect(readSweepTable(dir)).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('it is not what was written') });
  await expect(readSweepTable(join(root, 'none'))).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('table.json cannot be read') });
});
