import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAMILIES } from './families.js';
import { type Series, SeriesSpool } from './series-spool.js';

describe('spool of series', () => {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-spool-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  let spool: SeriesSpool;
  beforeEach(async () => {
    spool = await SeriesSpool.create(join(dir, 'spool'));
  });
  afterEach(() => spool.close());

  const { linksUp, ticks } = FAMILIES;
  const read = async (series: Series): Promise<(readonly [number, number])[]> => {
    const all: (readonly [number, number])[] = [];
    for await (const points of spool.points(series)) all.push(...points);
    return all;
  };
  const only = (series: readonly Series[]): Series => {
    expect(series).toHaveLength(1);
    return series[0]!;
  };

  it.each([1, 127, 128, 129, 256, 257, 1000])('gives back %i points of series that came interleaved, each series by itself and in order', async (count) => {
    for (let k = 0; k < count; k += 1) {
      spool.set(linksUp, { kind: 'isl' }, k + 0.5, 1_795_132_800_000 + k);
      spool.add(ticks, {}, 2, 1_795_132_800_000 + k);
      await spool.flush();
    }
    const times = Array.from({ length: count }, (_, k) => 1_795_132_800_000 + k);
    expect(await read(only(spool.of(linksUp)))).toEqual(times.map((time, k) => [time, k + 0.5]));
    expect(await read(only(spool.of(ticks)))).toEqual(times.map((time, k) => [time, 2 * k + 2]));
  });

  it('holds one block of a series in memory, however long the run', async () => {
    for (let k = 0; k < 100_000; k += 1) {
      spool.set(linksUp, { kind: 'isl' }, k, k);
      if (k % 10 === 0) await spool.flush();
    }
    const series = only(spool.of(linksUp));
    expect(series.block.byteLength).toBe(2048);
    expect(series.offsets).toHaveLength(Math.floor(99_999 / 128));
  });

  it('labels tell series apart', () => {
    spool.set(linksUp, { kind: 'isl' }, 1, 0);
    spool.set(linksUp, { kind: 'gsl' }, 2, 0);
    expect(spool.of(linksUp).map(({ labels, value }) => [labels.kind, value])).toEqual([
      ['isl', 1],
      ['gsl', 2],
    ]);
  });

  it('of two values at one time the last counts, also on the edge of a block', async () => {
    for (let k = 0; k < 129; k += 1) {
      spool.set(linksUp, { kind: 'isl' }, -1, k);
      spool.set(linksUp, { kind: 'isl' }, k, k);
    }
    await spool.flush();
    expect(await read(only(spool.of(linksUp)))).toEqual(Array.from({ length: 129 }, (_, k) => [k, k]));
  });

  it('a value that comes late is left out and counted; an increment counts from the newest point on', async () => {
    spool.set(linksUp, { kind: 'isl' }, 1, 10);
    spool.set(linksUp, { kind: 'isl' }, 2, 9);
    spool.add(ticks, {}, 1, 10);
    spool.add(ticks, {}, 1, 9);
    expect(spool.late).toBe(1);
    expect(await read(only(spool.of(linksUp)))).toEqual([[10, 1]]);
    expect(await read(only(spool.of(ticks)))).toEqual([[10, 2]]);
  });

  it('has no file that a killed process would leave', () => {
    expect(readdirSync(dir)).toEqual([]);
  });

  it('says where it could not be made', async () => {
    await expect(SeriesSpool.create(join(dir, 'nowhere', 'spool'))).rejects.toMatchObject({
      code: 'EXPORTER_FAILED',
      message: expect.stringContaining('nowhere'),
    });
  });
});
