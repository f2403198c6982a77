import { afterAll, describe, expect, test } from 'vitest';
import { removeRuns, readManifest, run } from '../run/run.test-helper.js';
import { testLaneDeps } from '../testing/test-deps.js';

afterAll(removeRuns);

describe('what a lane tells of how it came to its results', () => {
  test('stands in the run manifest, by lane: from before the first tick, with what is told later', async () => {
    const early: unknown[] = [];
    const result = await run({
      lanes: {
        a: ({ report, artifacts }) => ({
          prepare: async () =>
            report({
              software: [
                { name: 'tc', version: '6.1' },
                { name: 'Linux', version: null },
              ],
              facts: { buildKey: 'k', pcap: true },
            }),
          applyTick: async ({ tickIndex }) => void (tickIndex === 0 && early.push(readManifest(artifacts.dir.replace(/\/lanes\/a$/, '')).provenance)),
          complete: async () => report({ software: [{ name: 'Linux', version: '6.12', details: { built: 'today' } }], facts: { buildKey: 'other' } }),
        }),
        b: () => ({}),
      },
    });
    expect(early).toEqual([
      {
        a: {
          software: [
            { name: 'tc', version: '6.1' },
            { name: 'Linux', version: null },
          ],
          facts: { buildKey: 'k', pcap: true },
        },
      },
    ]);
    expect(readManifest(result.runDir).provenance).toEqual({
      a: {
        software: [
          { name: 'tc', version: '6.1' },
          { name: 'Linux', version: '6.12', details: { built: 'today' } },
        ],
        facts: { buildKey: 'other', pcap: true },
      },
    });
  });

  test('of a run that fails is there too; in one without any it is empty', async () => {
    const failed = await run({
      lanes: { a: ({ report }) => ({ prepare: async () => report({ facts: { x: 1 } }), applyTick: () => Promise.reject(new Error('no')) }) },
    });
    expect(readManifest(failed.runDir)).toMatchObject({ outcome: 'failed', provenance: { a: { software: [], facts: { x: 1 } } } });
    expect(readManifest((await run({ lanes: { a: () => ({}) } })).runDir).provenance).toEqual({});
  });

  test.each([
    ['no name', { software: [{ name: '', version: '1' }] }, 'software[0].name'],
    ['a number for a version', { software: [{ name: 'x', version: 1 }] }, 'software[0].version'],
    ['an object for a fact', { facts: { x: {} } }, 'facts.x'],
    ['a text as long as a log', { facts: { x: 'x'.repeat(1001) } }, 'facts.x'],
    ['more than anybody reads', { facts: Object.fromEntries(Array.from({ length: 101 }, (_, k) => [`f${k}`, k])) }, 'more than 100 items'],
  ])('with %s fails the lane by name', async (_, told, what) => {
    const { error } = await run({ lanes: { a: ({ report }) => ({ prepare: async () => report(told as never) }) } });
    expect(error).toMatchObject({ code: 'LANE_FAILED', message: expect.stringContaining('lane a') });
    expect(error!.message).toContain(what);
  });

  test('is seen by tests of a lane', async () => {
    const test = await testLaneDeps();
    test.deps.report({ facts: { x: true } });
    expect(test.provenance).toEqual({ software: [], facts: { x: true } });
    await test.dispose();
  });
});
