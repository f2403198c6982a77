import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIRST, planned, prepared, SECOND, writeRun } from './begun.test-helper.js';
import { ingestRuns } from './ingest.js';

let root: string;
let journal: string;
const roots: string[] = [];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'satsim-prepare-'));
  roots.push(root);
  journal = join(root, 'sweeps/s/cells.jsonl');
  for (const cell of [FIRST, SECOND]) writeRun(join(root, 'runs'), cell, '100000');
  await ingest();
});
afterAll(() => roots.forEach((one) => rmSync(one, { recursive: true, force: true })));

const ingest = async () => ingestRuns(await prepared(root), join(root, 'runs'), async () => planned(root), { command: [], satsim: '1.0.0' });
const standings = async () => (await prepared(root)).cells.map(({ standing }) => standing);

describe('a journal that no longer says all', () => {
  const cut = {
    'has lost its last line': () => truncateSync(journal, readFileSync(journal).indexOf(0x0a) + 1),
    'is empty': () => truncateSync(journal, 0),
    'is gone': () => rmSync(journal),
    'has a damaged line': () => writeFileSync(journal, readFileSync(journal, 'utf8').replace('"ended"', '"ender"')),
  };

  it.each(Object.entries(cut))('because it %s: it is said, the runs are found by their tags, and named again', async (_, damage) => {
    expect((await prepared(root)).damage).toEqual([]);
    damage();
    const { damage: told, cells } = await prepared(root);
    expect(told).toEqual([expect.stringMatching(/cells\.jsonl(:1: this line is damaged|( has been cut: of \d+ bytes \d+ are left$))/)]);
    expect(cells.map(({ standing, toRun }) => ({ standing, toRun }))).toEqual(Array(2).fill({ standing: 'done', toRun: false }));
    expect((await ingest()).counts).toMatchObject({ done: 2, ran: 0 });
    // By the journal alone.
    rmSync(join(root, 'sweeps/s/sweep.json'));
    expect(await standings()).toEqual(['done', 'done']);
  });
});

it('a damaged sweep.json is said to be so', async () => {
  const path = join(root, 'sweeps/s/sweep.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"completed"', '"complected"'));
  expect((await prepared(root)).damage).toEqual([expect.stringMatching(/sweep\.json: is damaged.*; it is written anew$/)]);
});
