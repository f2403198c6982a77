import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathTable } from './flow-series.js';
import { pairSamples } from './pair-samples.js';
import { seriesOf } from './series.test-helper.js';

const at = (...seconds: number[]) => seriesOf(seconds.map((second) => ({ simTimeMs: 1000 * second })));

describe('samples at the same sim time', () => {
  it('are those at equal times', () => {
    expect(pairSamples(at(0, 1, 2, 3), at(1, 2, 3, 4)).steady).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it('or the nearest within half an interval, of the shorter of both', () => {
    expect(pairSamples(at(0, 1, 2, 3), at(0.2, 0.9, 2.5, 3.51)).steady).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 2],
    ]);
    // Once in ten seconds against once a second.
    expect(pairSamples(at(0, 10, 20), at(...Array.from({ length: 21 }, (_, i) => i + 0.4)))).toEqual({
      steady: [
        [0, 0],
        [1, 10],
        [2, 20],
      ],
      onHandover: [],
      intervalMs: 1000,
    });
    expect(pairSamples(at(0, 1, 2, 10), at(0, 10)).steady).toEqual([
      [0, 0],
      [3, 1],
    ]);
  });

  it('are none where nothing is in common', () => {
    const none = { steady: [], onHandover: [], intervalMs: expect.any(Number) };
    expect(pairSamples(at(0, 1, 2), at(100, 101))).toEqual(none);
    expect(pairSamples(at(0, 1), at())).toEqual(none);
    expect(pairSamples(at(), at(1))).toEqual(none);
    expect(pairSamples(at(5), at(5, 6))).toEqual({ steady: [[0, 0]], onHandover: [], intervalMs: 0 });
  });

  it('no nearer sample than the one of the pair', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 }).map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, times, (one, other) => {
        const series = [one, other].map((list) => seriesOf(list.map((simTimeMs) => ({ simTimeMs }))));
        for (const [i, k] of pairSamples(series[0]!, series[1]!).steady) {
          const nearest = Math.min(...other.map((time) => Math.abs(time - one[i]!)));
          expect(Math.abs(other[k]! - one[i]!)).toBe(nearest);
        }
      }),
    );
  });
});

describe('a pair is on a handover', () => {
  const both = (one: Parameters<typeof seriesOf>[0], other: Parameters<typeof seriesOf>[0]) => {
    const table = new PathTable();
    const { steady, onHandover } = pairSamples(seriesOf(one, table), seriesOf(other, table));
    return { steady: steady.map(([i]) => i), onHandover: onHandover.map(([i]) => i) };
  };
  const unchanged = [{ via: 's1 s2' }, { via: 's1 s2' }, { via: 's1 s2' }, { via: 's1 s2' }];

  it('when either lane has another satellite at an end for the first time', () => {
    const changed = [{ via: 's1 s2' }, { via: 's1 s2' }, { via: 's1 s3' }, { via: 's1 s3' }];
    expect(both(changed, unchanged)).toEqual({ steady: [0, 1, 3], onHandover: [2] });
    expect(both(unchanged, changed)).toEqual({ steady: [0, 1, 3], onHandover: [2] });
    expect(both(changed, changed)).toEqual({ steady: [0, 1, 3], onHandover: [2] });
  });

  it('not when the path changes in its middle', () => {
    const middle = [{ via: 's1 x s2' }, { via: 's1 y s2' }, { via: 's1 s2' }, { via: 's1 s2' }];
    expect(both(middle, unchanged)).toEqual({ steady: [0, 1, 2, 3], onHandover: [] });
  });

  it('across an outage, when it comes back', () => {
    const outage = [{ via: 's1 s2' }, { lossPct: 100 }, { via: 's4 s2' }, { via: 's4 s2' }];
    expect(both(outage, unchanged)).toEqual({ steady: [0, 1, 3], onHandover: [2] });
  });

  it('when the packet is on its way then', () => {
    const long = [{ via: 's1 s2' }, { via: 's1 s2', rttMs: 1200 }, { via: 's3 s2' }, { via: 's3 s2' }];
    expect(both(long, unchanged)).toEqual({ steady: [0, 3], onHandover: [1, 2] });
  });

  it('by the paths that other lanes name, where one gives hashes only', () => {
    const hashes = ['a>s1>x>s2>b', 'a>s1>y>s2>b', 'a>s3>y>s2>b', 'a>s3>y>s2>b'].map((pathHash) => ({ pathHash }));
    const named = [{ via: 's1 x s2' }, { via: 's1 y s2' }, { via: 's3 y s2' }, { via: 's3 y s2' }];
    expect(both(named, hashes)).toEqual({ steady: [0, 1, 3], onHandover: [2] });
    // Where nobody names a path, every change may be one.
    expect(both(hashes, hashes)).toEqual({ steady: [0, 3], onHandover: [1, 2] });
  });
});
