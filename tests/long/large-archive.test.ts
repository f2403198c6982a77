import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { iridium, SHORT, workplace } from '../e2e/satsim.js';

const place = workplace();
afterAll(place.remove);

it('a run of more than 4 GiB is archived in a zip file that other programs read', { timeout: 900_000 }, async () => {
  const { runId, runDir } = await place.run(iridium, ...SHORT);
  const large = join(runDir, 'lanes/large.bin');
  const bytes = 2 ** 32 + 12_345;
  writeFileSync(large, '');
  truncateSync(large, bytes);
  await place.output('runs', 'export', runId, '--to', 'rocrate', '--out', 'large.zip', '--license', 'CC0-1.0');
  rmSync(large);
  // Reads every file of it, and its checksum.
  const script = 'import json,sys,zipfile; z = zipfile.ZipFile("large.zip"); print(json.dumps([z.testzip(), {i.filename: i.file_size for i in z.infolist()}]))';
  const [damaged, sizes] = JSON.parse((await execa('python3', ['-c', script], { cwd: place.dir })).stdout) as [string | null, Record<string, number>];
  expect(damaged).toBeNull();
  expect(sizes['lanes/large.bin']).toBe(bytes);
  expect(sizes).toHaveProperty('ro-crate-metadata.json');
  expect(readdirSync(place.dir).filter((name) => name.includes('partial'))).toEqual([]);
});
