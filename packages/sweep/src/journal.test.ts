import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journal, JOURNAL_PATH, readJournal } from './journal.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-journal-'));
const path = join(dir, JOURNAL_PATH);
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const started = (cell: string) => ({ event: 'started', cell, at: '2026-11-20T00:00:00Z', runDir: `/runs/${cell}` }) as const;
let whole: Buffer;

beforeAll(async () => {
  const journal = await Journal.open(dir, (await readJournal(dir)).mark);
  await Promise.all(Array.from({ length: 20 }, (_, i) => journal.add(started(`cell-${i}`))));
  await journal.add({ event: 'ended', cell: 'cell-3', at: '2026-11-20T00:00:01Z', runDir: null, exitCode: 1, error: { code: 'INTERNAL', message: 'näh' } });
  await journal.close();
  whole = readFileSync(path);
});

describe('a journal', () => {
  it('gives back the last that was said of each cell', async () => {
    const { last, damage, mark } = await readJournal(dir);
    expect(last.size).toBe(20);
    expect(last.get('cell-4')).toEqual({ runDir: '/runs/cell-4', error: null });
    expect(last.get('cell-3')).toEqual({ runDir: null, error: { code: 'INTERNAL', message: 'näh' } });
    expect({ damage, mark }).toEqual({ damage: [], mark: { length: whole.length, sha256: createHash('sha256').update(whole).digest('hex') } });
  });

  it('that is not there is empty', async () => expect((await readJournal(join(dir, 'none'))).last.size).toBe(0));

  it('cut anywhere is read up to there, and gone on with', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (cut) => {
        writeFileSync(path, whole.subarray(0, cut));
        const read = await readJournal(dir);
        expect(read.damage).toEqual([]);
        expect(read.last.size).toBe(Math.min(20, whole.subarray(0, cut).toString().split('\n').length - 1));
        const journal = await Journal.open(dir, read.mark);
        await journal.add(started('more'));
        await journal.close();
        const again = await readJournal(dir);
        expect(again.damage).toEqual([]);
        expect(again.last.get('more')).toBeDefined();
        expect(again.last.size).toBe(read.last.size + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('that others have gone on with since it was read stays as it is', async () => {
    writeFileSync(path, whole);
    const { mark } = await readJournal(dir);
    const other = await Journal.open(dir, mark);
    await other.add(started('other'));
    await other.close();
    await expect(Journal.open(dir, mark)).rejects.toMatchObject({ code: 'RUN_STATE' });
    expect((await readJournal(dir)).last.get('other')).toBeDefined();
  });

  it('that has lost whole lines, or has others, says so where it is known how far it had come', async () => {
    writeFileSync(path, whole);
    const { mark } = await readJournal(dir);
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []));
    for (const end of [0, ...ends.slice(0, -1)]) {
      writeFileSync(path, whole.subarray(0, end));
      expect((await readJournal(dir, mark)).damage).toEqual([`${path} has been cut: of ${mark.length} bytes ${end} are left`]);
    }
    const [first, second] = ends as [number, number];
    writeFileSync(path, Buffer.concat([whole.subarray(first, second), whole.subarray(0, first), whole.subarray(second)]));
    expect((await readJournal(dir, mark)).damage).toEqual([`${path} is not what was written`]);
    writeFileSync(path, Buffer.concat([whole, whole.subarray(0, first)]));
    expect((await readJournal(dir, mark)).damage).toEqual([]);
  });

  it('with a bit flipped in a line loses that line, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.nat(7), async (at, bit) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 << bit;
        fc.pre(whole[at] !== 0x0a && bytes[at] !== 0x0a);
        writeFileSync(path, bytes);
        const { damage, last } = await readJournal(dir);
        const line = whole.subarray(0, at).toString('latin1').split('\n').length;
        expect(damage).toEqual([`${path}:${line}: this line is damaged; what it said of a cell counts as not said`]);
        expect(last.size).toBeGreaterThanOrEqual(19);
      }),
      { numRuns: 200 },
    );
  });
});
