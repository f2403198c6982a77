import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIRST, planned, prepared, SECOND, writeRun } from './begun.test-helper.js';
import { ingestRuns } from './ingest.js';

let root: string;
let runs: string;
const roots: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'satsim-ingest-'));
  roots.push(root);
  runs = join(root, 'runs');
});
afterAll(() => roots.forEach((one) => rmSync(one, { recursive: true, force: true })));

const ingest = async () => ingestRuns(await prepared(root), runs, async () => planned(root), { command: ['satsim'], satsim: '1.0.0' });
const journal = () => readFileSync(join(root, 'sweeps/s/cells.jsonl'), 'utf8').split('\n').length - 1;

describe('what is taken in', () => {
  it('is the newest run of each cell as it is planned, completed before failed', async () => {
    writeRun(runs, FIRST, '100000');
    const newest = writeRun(runs, FIRST, '110000');
    writeRun(runs, FIRST, '120000', { outcome: 'failed' });
    writeRun(runs, FIRST, '130000', { scenario: { other: 1 } });
    writeRun(runs, FIRST, '140000', { outcome: 'interrupted' });
    writeRun(runs, SECOND, '100000', { outcome: 'failed' });
    const failed = writeRun(runs, SECOND, '110000', { outcome: 'failed' });
    writeRun(runs, SECOND, '120000', { tags: ['sweep:other', `cell:${SECOND}`] });
    const { counts, cells } = await ingest();
    expect(counts).toMatchObject({ done: 1, failed: 1, ran: 2 });
    expect(cells.map(({ runDir }) => runDir)).toEqual([newest, failed]);
    expect(cells[1]).toMatchObject({ status: 'failed', reason: 'it broke' });
  });

  it('is noted once, and a cell that is done stays so', async () => {
    const first = writeRun(runs, FIRST, '100000');
    writeRun(runs, SECOND, '100000', { outcome: 'failed' });
    await ingest();
    expect(journal()).toBe(2);
    // Of an older definition, or no better: neither is the result of a cell.
    writeRun(runs, FIRST, '110000', { scenario: { other: 1 } });
    writeRun(runs, SECOND, '090000', { scenario: { other: 1 } });
    writeRun(runs, SECOND, '120000', { outcome: 'interrupted' });
    for (let again = 0; again < 2; again += 1) {
      const { counts, cells } = await ingest();
      expect(counts).toMatchObject({ done: 1, failed: 1, ran: 0 });
      expect(cells[0]!.runDir).toBe(first);
      expect(journal()).toBe(2);
    }
  });

  it.each([
    ['interrupted', 'was interrupted'],
    [null, 'did not end: its process is gone, or on another machine'],
  ])('says of a cell without a result what became of its newest run: %s', async (outcome, what) => {
    writeRun(runs, FIRST, '090000', { outcome: 'interrupted' });
    const reason = `${basename(writeRun(runs, FIRST, '100000', { outcome }))} ${what}`;
    for (let again = 0; again < 2; again += 1) {
      const { counts, cells } = await ingest();
      expect(counts).toMatchObject({ done: 0, missing: 2, ran: 0 });
      expect(cells).toMatchObject([
        { status: 'missing', reason },
        { status: 'missing', reason: 'never run' },
      ]);
      expect(journal()).toBe(1);
      expect((await prepared(root)).cells[0]).toMatchObject({ toRun: true, why: reason });
    }
    writeRun(runs, FIRST, '080000');
    expect((await ingest()).counts).toMatchObject({ done: 1, missing: 1, ran: 1 });
  });
});
