import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Ledger, type LedgerOwner, readLedgers } from './ledger.js';

describe.skipIf(process.platform === 'win32')('the ledger', () => {
  let folder: string;
  beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), 'satsim-ledger-')), 'ledgers')));
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));
  const owner = (prefix: string): LedgerOwner => ({ kind: 'run', runId: `run-${prefix}`, runDir: '/runs/1', prefix, owner: { pid: 1, startTicks: 2 } });

  test('is there with its owner, or not at all; every line is on the disk before add returns', () => {
    const ledger = new Ledger(owner('abcd'), folder);
    expect(readdirSync(folder)).toEqual(['abcd.jsonl']);
    ledger.add({ kind: 'nodes', names: ['abcd1'] });
    expect(readFileSync(ledger.path, 'utf8')).toBe(`${JSON.stringify(owner('abcd'))}\n{"kind":"nodes","names":["abcd1"]}\n`);
    expect(readLedgers(folder)).toEqual([{ path: ledger.path, entries: [owner('abcd'), { kind: 'nodes', names: ['abcd1'] }] }]);
    ledger.settle();
    ledger.settle();
    expect(readdirSync(folder)).toEqual([]);
    expect(() => ledger.add({ kind: 'nodes', names: ['abcd2'] })).toThrow('is closed');
  });

  test('a second owner of the same names is refused, and harms nothing', () => {
    const first = new Ledger(owner('abcd'), folder);
    expect(() => new Ledger({ ...owner('abcd'), runId: 'another' }, folder)).toThrow(
      expect.objectContaining({ code: 'LANE_FAILED', message: 'another run has the names that begin with abcd', hint: expect.stringContaining('start again') }),
    );
    expect(readdirSync(folder)).toEqual(['abcd.jsonl']);
    first.add({ kind: 'bridges', names: ['abcd9'] });
    expect(readLedgers(folder)[0]!.entries).toHaveLength(2);
    const other = new Ledger(owner('abce'), folder);
    expect(readLedgers(folder)).toHaveLength(2);
    other.settle();
  });

  test('a last line that was cut off is left out: what it names was not made', () => {
    const ledger = new Ledger(owner('abcd'), folder);
    ledger.add({ kind: 'interfaces', names: ['abcd1-1'] });
    appendFileSync(ledger.path, '{"kind":"interfaces","names":["abcd1-');
    expect(readLedgers(folder)[0]!.entries).toEqual([owner('abcd'), { kind: 'interfaces', names: ['abcd1-1'] }]);
  });

  test('where it cannot be written nothing may be made', () => {
    const ledger = new Ledger(owner('abcd'), folder);
    const path = join(ledger.path, 'below-a-file');
    expect(() => new Ledger(owner('abce'), path)).toThrow(
      expect.objectContaining({
        code: 'LANE_FAILED',
        message: expect.stringContaining(`${path} cannot be written`),
        hint: expect.stringContaining('nothing was made'),
      }),
    );
    expect(existsSync(path)).toBe(false);
    expect(readLedgers(join(folder, 'nowhere'))).toEqual([]);
  });
});
