import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lockSweep } from './lock-sweep.js';

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

const HELD = { pid: process.pid, processStart: null };
const lock = (owner: object) => writeFileSync(join(dir, 'lock.json'), JSON.stringify({ ...HELD, ...owner }));

it('of a process before this machine was started again is free, whatever has its number now', async () => {
  lock({ host: hostname(), boot: 'before' });
  await (
    await lockSweep(dir)
  )();
  lock({ host: hostname(), boot: null });
  await expect(lockSweep(dir)).rejects.toMatchObject({ code: 'RUN_STATE' });
});

it('of a process on another machine is not free until somebody says so', async () => {
  // Nobody here has this number.
  lock({ host: 'elsewhere', boot: 'other', pid: 999_999_999 });
  await expect(lockSweep(dir)).rejects.toMatchObject({
    code: 'RUN_STATE',
    message: expect.stringContaining('process 999999999 on elsewhere'),
    hint: expect.stringContaining('--take-over'),
  });
  const unlock = await lockSweep(dir, true);
  await expect(lockSweep(dir, true)).rejects.toMatchObject({ code: 'RUN_STATE', message: expect.stringContaining(`goes on in process ${process.pid}`) });
  // Taken over by the other in turn: it is not ours to give away.
  lock({ host: 'elsewhere', boot: 'other' });
  await unlock();
  expect(readdirSync(dir)).toEqual(['lock.json']);
});
