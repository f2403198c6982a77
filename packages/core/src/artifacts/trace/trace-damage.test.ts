import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TickUpdate } from '../../contract/tick.js';
import { isSatsimError } from '../../errors.js';
import { readTrace } from './read-trace.js';
import { all, HEADER, headOf, linesOf, makeStore, record } from './trace.test-helper.js';
import { TraceRecorder } from './trace-recorder.js';

/** Frames of a megabyte each, so that there are several. */
const TICKS = Array.from({ length: 40 }, (_, k): TickUpdate => ({
  ...headOf(k, 1_500),
  snapshot: k === 0,
  removals: [],
  updates: Array.from({ length: 1_500 }, (_unused, n) => ({
    linkId: `gsl:S-${n}>G-${k % 3}`,
    source: `S-${n}`,
    target: `G-${k % 3}`,
    kind: 'gsl',
    up: n % 5 > 0,
    oneWayDelayMs: Math.sin(n * k),
    capacityMbps: n,
    lossPct: 0,
  })),
}));
const LINES = linesOf(TICKS);

describe('a trace that was damaged', () => {
  let bytes: Buffer;
  let index: string;
  let dir: string;
  let file: string;
  beforeAll(async () => {
    const store = await makeStore(afterAll);
    await record(store, TICKS);
    dir = store.dir;
    file = store.path('traces/ticks.jsonl.zst');
    bytes = await readFile(file);
    index = await readFile(store.path('traces/ticks.index.jsonl'), 'utf8');
  });

  /** Reads it both ways: what is said must be true, what is given must be what was recorded. */
  async function check(damaged: Buffer, withIndex: boolean): Promise<void> {
    await writeFile(file, damaged);
    if (withIndex) await writeFile(`${dir}/traces/ticks.index.jsonl`, index);
    else await rm(`${dir}/traces/ticks.index.jsonl`, { force: true });
    const ticks: TickUpdate[] = [];
    let error: unknown = null;
    try {
      for await (const tick of (await readTrace(dir)).ticks) ticks.push(tick);
    } catch (thrown) {
      error = thrown;
    }
    expect(linesOf(ticks)).toEqual(LINES.slice(0, ticks.length));
    if (error === null) {
      // A trace without an index may have lost whole frames at its end and be whole all the same.
      expect(ticks.length === TICKS.length || !withIndex).toBe(true);
      return;
    }
    if (!isSatsimError(error)) throw new Error('an error that tells people nothing', { cause: error });
    expect(error.toJSON()).toMatchObject({ code: 'TRACE_INVALID', file: expect.stringContaining('traces/ticks.'), offset: expect.any(Number) });
    expect(error.message).toMatch(/ticks\.(jsonl\.zst|index\.jsonl), byte \d+/);
    const { tickIndex, hint = '' } = error.toJSON();
    if (String(error.toJSON()['file']).endsWith('.zst')) expect(String(hint).includes('--up-to-damage')).toBe(ticks.length > 0);
    if (tickIndex !== null) expect(tickIndex).toBe(ticks.length);
    // On request it ends quietly at the same place. Without a header there is nothing to begin with.
    const quiet = await readTrace(dir, { upTo: 'damage' }).catch(() => null);
    if (quiet === null) {
      expect(ticks.length).toBe(0);
      return;
    }
    expect((await all(quiet.ticks)).length).toBeGreaterThanOrEqual(ticks.length);
    if (String(error.toJSON()['file']).endsWith('.zst')) expect(quiet.damage?.message).toBe(error.message);
  }

  test('by a flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), fc.boolean(), async (at, bit, withIndex) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << bit;
        await check(damaged, withIndex);
      }),
      {
        numRuns: 60,
        examples: [
          [0, 0, true],
          [4, 2, false],
          [5, 0, false],
        ],
      },
    );
  });

  test('by being cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.boolean(), (length, withIndex) => check(bytes.subarray(0, length), withIndex)),
      {
        numRuns: 40,
        examples: [
          [0, true],
          [1, false],
          [3, true],
        ],
      },
    );
  });

  test('in its index', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: index.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        await writeFile(file, bytes);
        const damaged = Buffer.from(index);
        damaged[at]! ^= 1 << bit;
        await writeFile(`${dir}/traces/ticks.index.jsonl`, damaged);
        const read = readTrace(dir).then(({ ticks }) => all(ticks));
        await read.then(
          (ticks) => expect(linesOf(ticks)).toEqual(LINES),
          (error: unknown) => expect(error).toMatchObject({ code: 'TRACE_INVALID', message: expect.stringMatching(/ticks\.(index\.jsonl|jsonl\.zst), byte/) }),
        );
        // The frames are sound, as their own checksums say.
        expect(linesOf(await all((await readTrace(dir, { upTo: 'damage' })).ticks))).toEqual(LINES);
      }),
      { numRuns: 40 },
    );
  });

  test('by another hand, so that the index is of another file', async () => {
    await writeFile(`${dir}/traces/ticks.index.jsonl`, index.replace(/"sha256":"\w{64}"/, `"sha256":"${'0'.repeat(64)}"`));
    await writeFile(file, bytes);
    const { ticks } = await readTrace(dir);
    await expect(all(ticks)).rejects.toMatchObject({
      message: expect.stringContaining('the index does not tell of the frame at byte 0 of ticks.jsonl.zst'),
      hint: expect.stringContaining('--up-to-damage'),
    });
    const [header, first] = index.split('\n');
    await writeFile(`${dir}/traces/ticks.index.jsonl`, `${header}\n${first!.replace('"firstTick":0', '"firstTick":4')}\n`);
    expect(linesOf(await all((await readTrace(dir, { upTo: 'damage' })).ticks))).toEqual(LINES);
  });
});

test('a recorder that is killed leaves whole frames: those with the system are readable', async () => {
  const store = await makeStore();
  const recorder = await TraceRecorder.open(store, HEADER, true);
  for (const tick of TICKS) await recorder.add(tick);
  // Not closed: what has been written until now is what a killed process leaves.
  await expect.poll(async () => (await all((await readTrace(store.dir)).ticks)).length, { timeout: 10_000 }).toBeGreaterThan(20);
  const before = await readFile(store.path('traces/ticks.jsonl.zst'));
  await recorder.close();
  await truncate(store.path('traces/ticks.jsonl.zst'), before.length - 1);
  const trace = await readTrace(store.dir, { upTo: 'damage' });
  const ticks = await all(trace.ticks);
  expect(linesOf(ticks)).toEqual(LINES.slice(0, ticks.length));
  expect(trace.damage).toMatchObject({ tickIndex: ticks.length, message: expect.stringContaining('the file is cut off') });
});
