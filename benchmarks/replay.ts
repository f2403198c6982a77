import type { Figure } from './figures.ts';
import { measureReplay } from './replay-ratio.ts';

/** Playing and recording ten minutes of Starlink's first shell: one value a run, each with what is promised of it. */
export function benchReplay(runs: number): Promise<Record<string, Omit<Figure, 'measure'> & { readonly values: readonly number[] }>> {
  const found = Array.from({ length: runs }, () => measureReplay(600, 1));
  return Promise.resolve({
    'replay, a link change': { unit: 'µs', limit: 1, values: found.map(({ microsecondsPerChange }) => microsecondsPerChange) },
    'replay / compute': { unit: 'ratio', limit: 1, values: found.map(({ replayRatio }) => replayRatio) },
    'with trace / without': { unit: 'ratio', limit: 1.05, values: found.map(({ recordRatio }) => recordRatio) },
    'trace, a link change': { unit: 'bytes', limit: 12, values: found.map(({ bytesPerChange }) => bytesPerChange) },
  });
}
