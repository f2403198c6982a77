import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lockSweep } from './sweep-folder.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-lock-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('is one process’s at a time', async () => {
  const unlock = await lockSweep(dir);
  await expect(lockSweep(dir)).rejects.toMatchObject({ code: 'RUN_STATE', message: expect.stringContaining(`process ${process.pid}`) });
  await unlock();
  await (
    await lockSweep(dir)
  )();
  expect(readdirSync(dir)).toEqual([]);
});

it.each(['{"pid":999999999,"processStart":"1"}', `{"pid":${process.pid},"processStart":"0"}`, '{"pid":', ''])(
  'of a process that is gone is free: %s',
  async (text) => {
    writeFileSync(join(dir, 'lock.json'), text);
    const unlock = await lockSweep(dir);
    await unlock();
    expect(readdirSync(dir)).toEqual([]);
  },
);
