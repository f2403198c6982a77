import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, expect, it } from 'vitest';
import { flatTable, type TableCell } from './table.js';
import { formatCsv, writeTables } from './table-files.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-table-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const rtt = { min: 1, mean: 2, median: 2.5, p99: 3, max: 4 };
const flow = { id: 'a, "b"', lane: 'flow', rttMs: rtt, oneWayDelayMs: null, lossPct: null, goodputMbps: null, availability: 0.5, samples: 7 };
const rest = { pathChanges: 1, handovers: null, outages: 2, longestOutageS: 3, mainPath: null };
const run = { status: 'done', reason: null, exitCode: 4, runId: 'r', runDir: '/r', ticks: 5, traceSha256: 'aa', durationMs: 1500 } as const;
const broken = { flow: 'f', lane: 'flow', quantity: 'availability', op: '>', value: 1, actual: 0.5, ok: false };
const done: TableCell = {
  cell: 'c1',
  replicate: 2,
  parameters: { n: 1, mixed: 'x', flag: true, list: ['a'] },
  ...run,
  flows: [
    { ...flow, ...rest },
    { ...flow, ...rest, lane: 'ns3' },
  ],
  assertions: [broken, { ...broken, ok: true }],
};
const noRun = {
  status: 'failed',
  reason: 'no\nengine',
  exitCode: 1,
  runId: null,
  runDir: null,
  ticks: null,
  traceSha256: null,
  durationMs: null,
  flows: [],
  assertions: [],
} as const;
const failed: TableCell = {
  cell: 'c2',
  replicate: null,
  parameters: { n: 2.5, mixed: 3 },
  ...noRun,
};
const flat = flatTable([done, failed], ['n', 'mixed', 'flag', 'list']);

it('has a row for each flow in each lane, and one for a cell without any', () => {
  const names = flat.columns.map(({ name }) => name);
  const rows = flat.rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])));
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatchObject({ cell: 'c1', replicate: 2, n: 1, mixed: 'x', flag: true, list: '["a"]', duration_s: 1.5, lane: 'ns3', rtt_ms_median: 2.5 });
  expect(rows[0]).toMatchObject({ assertions: 2, assertions_failed: 1, failed_assertions: 'f (flow): availability > 1', one_way_delay_ms_min: null });
  expect(rows[2]).toMatchObject({ cell: 'c2', mixed: '3', flag: null, status: 'failed', reason: 'no\nengine', flow: null, assertions: null });
  expect(flat.rows.every((row) => row.length === names.length)).toBe(true);
});

it('is CSV with its fields quoted, and null empty', () => {
  expect(formatCsv(flat)).toMatch(/^cell,replicate,n,mixed,flag,list,status,/);
  expect(formatCsv(flat)).toContain('c1,2,1,x,true,"[""a""]",done,,4,r,/r,5,aa,1.5,2,1,f (flow): availability > 1,"a, ""b""",flow,7,1,2,2.5,3,4,,');
  expect(formatCsv(flat)).toContain('\nc2,,2.5,3,,,failed,"no\nengine",1,');
});

it('is the same in Parquet', async () => {
  await writeTables(dir, { sweepId: 's', parameters: ['n'], cells: [done, failed] }, flat);
  const bytes = readFileSync(join(dir, 'table.parquet'));
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  expect(rows.map((row) => Object.values(row))).toEqual(flat.rows.map((row) => [...row]));
  expect(JSON.parse(readFileSync(join(dir, 'table.json'), 'utf8'))).toEqual({ sweepId: 's', parameters: ['n'], cells: [done, failed] });
});

it('with no value in a column, or no row, is a table all the same', async () => {
  await writeTables(dir, { sweepId: 's', parameters: [], cells: [] }, flatTable([], []));
  expect(readFileSync(join(dir, 'table.csv'), 'utf8').split('\n')).toHaveLength(2);
});
