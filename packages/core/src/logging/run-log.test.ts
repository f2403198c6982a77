import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { RotatingFile } from './rotating-file.js';
import { openRunLog } from './run-log.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-log-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the file has JSON lines with run id, tick and own fields, at once; people see a readable line of their level', () => {
  const file = join(root, 'run.jsonl');
  let shown = '';
  const stream = new Writable({ write: (chunk, _, done) => ((shown += String(chunk)), done()) });
  const log = openRunLog(file, 'the-run', { level: 'warn', stream });
  log.logger.info({ a: 1 }, 'first');
  log.setTick(7);
  log.child({ lane: 'flow' }).warn({ err: new Error('boom') }, 'second');
  log.logger.debug({ tick: 3 }, 'third');
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: 'info', runId: 'the-run', a: 1, msg: 'first' },
    { level: 'warn', runId: 'the-run', tick: 7, lane: 'flow', msg: 'second', err: { message: 'boom' } },
    { level: 'debug', tick: 3, msg: 'third' },
  ]);
  expect(lines[0]).not.toHaveProperty('tick');
  expect(shown).toContain('second');
  expect(shown).toContain('lane');
  expect(shown).not.toContain('first');
  expect(shown).not.toContain('boom');
  log.close();
});

test('a file at its limit is set aside; the oldest beyond the limit goes', () => {
  const path = join(root, 'rotating', 'x.jsonl');
  expect(() => new RotatingFile(path)).toThrow('ENOENT');
  const file = new RotatingFile(join(root, 'x.jsonl'), 10, 2);
  for (const line of ['11111111\n', '22222222\n', '33333333\n', '44444444\n']) file.write(line);
  file.close();
  expect(
    readdirSync(root)
      .filter((name) => name.startsWith('x.'))
      .sort(),
  ).toEqual(['x.jsonl', 'x.jsonl.1', 'x.jsonl.2']);
  expect(['', '.1', '.2'].map((end) => readFileSync(join(root, `x.jsonl${end}`), 'utf8'))).toEqual(['44444444\n', '33333333\n', '22222222\n']);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is remembered, not thrown', () => {
  const log = openRunLog('/dev/full', 'r', null);
  log.logger.info({}, 'x');
  expect(log.failure).toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('the disk is full') });
  log.close();
});
