import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processStart, readRun } from '@satsim/core/records';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { idAt, runsFolder } from '../made-runs.test-helper.js';
import { followLines } from './follow-lines.js';
import { runEvents, runLog } from './run-lines.js';

let place: ReturnType<typeof runsFolder>;
beforeEach(() => {
  place = runsFolder();
});
afterEach(() => place.remove());

async function all<Line>(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}
const logLine = (msg: string): string => `${JSON.stringify({ level: 'info', time: '2026-11-20T00:00:00.000Z', msg })}\n`;

test('a log is read with the parts that were set aside, the oldest first', async () => {
  const log = join(place.add({ id: idAt(0) }), 'logs/run.jsonl');
  for (const [suffix, msg] of [
    ['.10', 'first'],
    ['.2', 'second'],
    ['.1', 'third'],
    ['', 'fourth'],
  ])
    writeFileSync(log + suffix, logLine(msg!));
  appendFileSync(log, '{"level":"info","msg":"cut o');
  expect((await all(runLog(await readRun(place.root, idAt(0)), { follow: false }))).map(({ msg }) => msg)).toEqual(['first', 'second', 'third', 'fourth']);
});

test('a log that goes on is followed across its rotation, to the end of the run', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const dir = place.add({ id: idAt(0), manifest: { outcome: null, endedAt: null, pid: child.pid, processStart: processStart(child.pid!) }, summary: null });
  const log = join(dir, 'logs/run.jsonl');
  writeFileSync(log, logLine('0'));
  const following = all(runLog(await readRun(place.root, idAt(0)), { follow: true }));
  for (let i = 1; i <= 12; i += 1) {
    await pause(60);
    if (i % 4 === 0) renameSync(log, `${log}.${i}`);
    appendFileSync(log, logLine(`${i}`));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  appendFileSync(log, logLine('last'));
  expect((await following).map(({ msg }) => msg)).toEqual([...Array.from({ length: 13 }, (_, i) => `${i}`), 'last']);
});

test('a run without log or events says so', async () => {
  place.add({ id: idAt(0), manifest: { exporters: ['csv'] } });
  const run = await readRun(place.root, idAt(0));
  await expect(all(runLog(run, { follow: false }))).rejects.toThrow(/has no log/);
  await expect(all(runEvents(run, { follow: false }))).rejects.toMatchObject({ hint: expect.stringContaining('--exporter jsonl') as string });
});

test('lines come whole, however the file grows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (texts, step) => {
      const lines = texts.map((text) => text.replaceAll('\n', '↵'));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const path = join(place.root, 'grows');
      writeFileSync(path, '');
      let at = 0;
      const goesOn = async (): Promise<boolean> => {
        appendFileSync(path, bytes.subarray(at, (at += Math.max(step, bytes.length >> 1))));
        return at < bytes.length;
      };
      expect(await all(followLines(path, { goesOn }))).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
      rmSync(path);
    }),
    { numRuns: 15 },
  );
});

test('who follows can stop', async () => {
  const controller = new AbortController();
  const following = all(followLines(join(place.root, 'never'), { goesOn: () => Promise.resolve(true), signal: controller.signal }));
  setTimeout(() => controller.abort(), 50);
  await expect(following).rejects.toMatchObject({ name: 'AbortError' });
});
