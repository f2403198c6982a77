import type { Path } from '@satsim/routing';
import { describe, expect, test } from 'vitest';
import { PathHistory } from './path-history.js';

const way = (hash: string) => ({ hash }) as Path;

describe("a flow's paths", () => {
  test('a sample has the path of its moment, not of the moment at which it became known', () => {
    const paths = new PathHistory();
    paths.add(1_000, way('a'));
    paths.add(2_000, way('a'));
    paths.add(3_000, way('b'));
    paths.add(4_000, null);
    expect([0, 1_000, 2_999, 3_000, 3_999, 4_000, 9_000].map((simTimeMs) => paths.at(simTimeMs)?.hash ?? null)).toEqual(['a', 'a', 'a', 'b', 'b', null, null]);
  });

  test('nothing is known before the first tick; the old is forgotten, the last never', () => {
    const paths = new PathHistory();
    expect(paths.at(0)).toBeNull();
    for (let tick = 0; tick < 1_000; tick += 1) paths.add(tick * 1_000, way(String(tick)));
    expect(paths.at(999_500)?.hash).toBe('999');
    expect(paths.at(0)?.hash).toBe('988');
  });
});
