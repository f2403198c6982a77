import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Packer } from '../pack/packer.js';
import { unpack } from '../pack/unpack.js';
import { Names } from './names.js';
import { type AskPositions, packPositions } from './positions.js';

/** Two nodes: one goes along x by 7.5 km/s, the other has no position from 20 s on. */
const ask: AskPositions = async function* (_spec, { stepMs, count }) {
  for (let k = 0; k < count; k += 1) {
    const s = (k * stepMs) / 1000;
    yield { nodeIds: ['A', 'B'], positionM: [7500 * s, 1000, -2000, s < 20 ? 5000 : Number.NaN, 0, 0] };
  }
};

test('positions are packed by node, in km; what has none is NaN', async () => {
  const packer = new Packer();
  const found = (await packPositions(ask, {}, { fromMs: 0, spanMs: 30_000, nodes: 2 }, new Names(['B', 'A']), packer))!;
  expect([found.stepMs, found.count]).toEqual([10_000, 4]);
  // B stands first, as it was known first.
  expect([...unpack(packer.bytes(), found.x)]).toEqual([5, 5, Number.NaN, Number.NaN, 0, 75, 150, 225]);
  expect([...unpack(packer.bytes(), found.z)].slice(4)).toEqual([-2, -2, -2, -2]);
});

test('steps are longer for many nodes and long spans, and cover the span', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 1, max: 5000 }), async (spanMs, nodes) => {
      let asked = { stepMs: 0, count: 0 };
      const watch: AskPositions = async function* (_spec, grid) {
        asked = grid;
        yield { nodeIds: ['A'], positionM: [1, 2, 3] };
      };
      await packPositions(watch, {}, { fromMs: 0, spanMs, nodes }, new Names(), new Packer());
      expect((asked.count - 1) * asked.stepMs).toBeGreaterThanOrEqual(spanMs);
      expect((asked.count - 2) * asked.stepMs).toBeLessThan(spanMs);
      if (asked.stepMs < 300_000) expect(asked.count * nodes).toBeLessThanOrEqual(40_000);
      if (asked.stepMs > 10_000) expect(nodes * (spanMs / 10_000 + 2)).toBeGreaterThan(40_000);
    }),
  );
});

test('an engine that knows no position of any node', async () => {
  const none: AskPositions = async function* () {
    yield { nodeIds: ['A'], positionM: [Number.NaN, Number.NaN, Number.NaN] };
  };
  expect(await packPositions(none, {}, { fromMs: 0, spanMs: 1000, nodes: 1 }, new Names(), new Packer())).toBeNull();
});
