import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { byRow, overlaps, readTrace, runDirOf } from './trace.test-helper.js';
import { TRACE_FILE } from './tracing-exporter.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const args = [
  join(root, 'packages/cli/bin/satsim.js'),
  'run',
  join(root, 'examples/iridium.satsim.yaml'),
  '--plugin',
  join(root, 'plugins/exporter-tracing'),
  '--exporter',
  'tracing',
  '--set',
  'assertions=[]',
];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'satsim-tracing-'));
  mkdirSync(join(dir, 'tmp'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
// A run that is killed leaves the folder of the engine's socket.
const place = () => ({ cwd: dir, env: { ...process.env, TMPDIR: join(dir, 'tmp') } });

test('a real run: what each tick took, when, and what happened', async () => {
  const before = Date.now();
  await promisify(execFile)(process.execPath, [...args, '--t1', '2026-11-20T00:02:00Z'], place());
  const after = Date.now();
  const events = JSON.parse(readFileSync(join(runDirOf(dir)!, TRACE_FILE), 'utf8')) as ReturnType<typeof readTrace>;
  const rows = byRow(events);
  const ticks = (row: string) => rows.get(row)!.map((slice) => slice.args.tick);
  const all = Array.from({ length: 120 }, (_, tick) => tick);
  expect(ticks('ticks')).toEqual(all);
  expect(ticks('lane flow: apply')).toEqual(all);
  expect(overlaps(events)).toEqual([]);
  for (const { ts } of events.filter(({ ph }) => ph !== 'M')) expect(ts / 1000 > before && ts / 1000 < after).toBe(true);

  // Against what core wrote down by itself.
  const metrics = readFileSync(join(runDirOf(dir)!, 'metrics/ticks.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { applyMs: { flow: number }; computeMs: number });
  for (const [tick, { applyMs, computeMs }] of metrics.entries()) {
    expect(Math.abs(rows.get('lane flow: apply')![tick]!.dur! - applyMs.flow * 1000)).toBeLessThanOrEqual(2);
    const compute = events.find(({ name, args }) => name === 'compute' && args.tick === tick)!;
    expect(Math.abs(compute.dur! - computeMs * 1000)).toBeLessThanOrEqual(2);
  }
  const delivered = new Map(rows.get('ticks')!.map(({ ts, args: { tick } }) => [tick, ts]));
  const handovers = rows.get('events')!.filter(({ name }) => name === 'handover');
  expect(handovers.length).toBeGreaterThan(0);
  for (const {
    ts,
    args: { tick },
  } of handovers)
    expect(ts).toBe(delivered.get(tick));
});

test('a run that is killed leaves a timeline up to its last second', async () => {
  const run = spawn(process.execPath, [...args, '--set', 'time.mode=realtime', '--set', 'time.dt=20ms'], { ...place(), stdio: 'ignore' });
  const ended = new Promise((resolve) => run.once('exit', resolve));
  const file = () => join(runDirOf(dir) ?? dir, TRACE_FILE);
  const content = () => (existsSync(file()) ? readFileSync(file(), 'utf8') : '');
  while (!content().includes('"tick 10"') && run.exitCode === null) await pause(50);
  run.kill('SIGKILL');
  await ended;
  expect(content().endsWith(']\n')).toBe(false);
  const rows = byRow(readTrace(content()));
  expect(rows.get('ticks')!.length).toBeGreaterThan(10);
  expect(rows.get('lane flow: apply')!.length).toBeGreaterThan(10);
});
