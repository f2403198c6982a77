import { type FileHandle, open, unlink } from 'node:fs/promises';
import { SatsimError } from '@satsim/core';
import type { Family, Labels } from './families.js';

/** Two numbers each: time in milliseconds and value. */
const POINTS_PER_BLOCK = 128;

/** One line of development over sim time. */
export interface Series {
  readonly family: Family;
  readonly labels: Labels;
  /** The newest point, which may still change. */
  timeMs: number;
  value: number;
  /** The points before it that are not on the disk yet, and how many they are. */
  block: Float64Array;
  points: number;
  /** Where in the file the full blocks are. */
  readonly offsets: number[];
}

/**
 * Keeps points of many series as they come, and gives them back one series after the other, as OpenMetrics wants them.
 * In memory is one block a series; the rest is in a file without a name, so that it is gone however the process ends.
 */
export class SeriesSpool {
  readonly #file: FileHandle;
  readonly #series = new Map<string, Series>();
  readonly #full: { readonly series: Series; readonly block: Float64Array }[] = [];
  #size = 0;
  #late = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * @param path where the file is while it is being made; on the disk that will hold the result
   * @throws SatsimError EXPORTER_FAILED
   */
  static async create(path: string): Promise<SeriesSpool> {
    try {
      const file = await open(path, 'wx+');
      await unlink(path);
      return new SeriesSpool(file);
    } catch (error) {
      throw spoolError('make', path, error);
    }
  }

  /** Points that were older than one before them in their series, and so were left out. */
  get late(): number {
    return this.#late;
  }

  set(family: Family, labels: Labels, value: number, timeMs: number): void {
    const series = this.#of(family, labels);
    if (timeMs < series.timeMs) this.#late += 1;
    else this.#put(series, value, timeMs);
  }

  /** An increment that comes late counts from the newest point on: totals never go back. */
  add(family: Family, labels: Labels, increment: number, timeMs: number): void {
    const series = this.#of(family, labels);
    this.#put(series, series.value + increment, Math.max(timeMs, series.timeMs));
  }

  /** Brings full blocks to the disk; call it after each write, or memory grows. */
  async flush(): Promise<void> {
    for (const { series, block } of this.#full.splice(0)) {
      series.offsets.push(this.#size);
      try {
        await this.#file.write(bytesOf(block), 0, block.byteLength, this.#size);
      } catch (error) {
        throw spoolError('write', 'the spool', error);
      }
      this.#size += block.byteLength;
    }
  }

  /** In the order of their first points. */
  of(family: Family): readonly Series[] {
    return [...this.#series.values()].filter((series) => series.family === family);
  }

  /** All points of a series, time rising; after a flush. */
  async *points({ offsets, block, points, timeMs, value }: Series): AsyncGenerator<readonly (readonly [timeMs: number, value: number])[]> {
    const read = new Float64Array(2 * POINTS_PER_BLOCK);
    for (const offset of offsets) {
      await this.#file.read(bytesOf(read), 0, read.byteLength, offset);
      yield pairs(read, POINTS_PER_BLOCK);
    }
    yield [...pairs(block, points), [timeMs, value]];
  }

  /** The file is gone then. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #of(family: Family, labels: Labels): Series {
    const key = [family.name, ...family.labels.map((name) => labels[name])].join('\n');
    let series = this.#series.get(key);
    if (!series) {
      series = { family, labels, timeMs: -Infinity, value: 0, block: new Float64Array(2 * POINTS_PER_BLOCK), points: 0, offsets: [] };
      this.#series.set(key, series);
    }
    return series;
  }

  #put(series: Series, value: number, timeMs: number): void {
    if (timeMs > series.timeMs && series.timeMs !== -Infinity) {
      series.block[2 * series.points] = series.timeMs;
      series.block[2 * series.points + 1] = series.value;
      series.points += 1;
      if (series.points === POINTS_PER_BLOCK) {
        this.#full.push({ series, block: series.block });
        series.block = new Float64Array(2 * POINTS_PER_BLOCK);
        series.points = 0;
      }
    }
    series.timeMs = timeMs;
    series.value = value;
  }
}

const bytesOf = (block: Float64Array): Uint8Array => new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
const pairs = (block: Float64Array, points: number): [number, number][] => Array.from({ length: points }, (_, i) => [block[2 * i]!, block[2 * i + 1]!]);

function spoolError(doing: string, path: string, error: unknown): SatsimError {
  return new SatsimError('EXPORTER_FAILED', `can't ${doing} ${path}: ${(error as Error).message}`, {
    cause: error,
    hint: 'the run directory needs room for the metrics twice while they are written',
  });
}
