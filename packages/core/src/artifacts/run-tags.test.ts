import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { changeTags, readTagChanges } from './run-tags.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-tags-'));
const file = join(dir, 'tags.jsonl');
afterAll(() => rmSync(dir, { recursive: true }));

test('every bit that flips is noticed, and spoils no other line', async () => {
  await changeTags(dir, ['keep', 'é'], []);
  await changeTags(dir, [], ['keep']);
  const whole = readFileSync(file);
  const sound = await readTagChanges(dir, []);
  expect(sound).toHaveLength(2);
  for (let bit = 0; bit < 8 * whole.length; bit += 1) {
    const bytes = Buffer.from(whole);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, bytes);
    const problems: string[] = [];
    const changes = await readTagChanges(dir, problems);
    expect(problems.length, `bit ${bit}`).toBeGreaterThan(0);
    expect(sound, `bit ${bit}`).toEqual(expect.arrayContaining([...changes]));
  }
});

test('lines without a checksum, of core 1.0, are read', async () => {
  const change = { at: '2026-01-01T00:00:00Z', add: ['keep'], remove: [] };
  writeFileSync(file, `\n${JSON.stringify(change)}\n`);
  const problems: string[] = [];
  expect(await readTagChanges(dir, problems)).toEqual([change]);
  expect(problems).toEqual([]);
});
