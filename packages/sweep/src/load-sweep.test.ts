import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioError } from '@satsim/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSweep } from './load-sweep.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-sweep-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const nothing = { set: {}, grid: {} };

function write(text: string): string {
  const file = join(dir, 'a b.sweep.yaml');
  writeFileSync(file, text);
  return file;
}
const faultsOf = async (text: string, additions: Parameters<typeof loadSweep>[1] = nothing) => {
  const error = await loadSweep(write(text), additions).catch((thrown: unknown) => thrown as ScenarioError);
  return 'faults' in error ? error.faults.map(({ line, message }) => `${line}: ${message}`) : [];
};

describe('a sweep file', () => {
  it('names a scenario beside it, and is named as the file is', async () => {
    const { definition } = await loadSweep(write('scenario: x.yaml\ngrid: { "a[007].b": [1] }\n'), nothing);
    expect(definition).toMatchObject({ name: 'a-b', scenario: join(dir, 'x.yaml'), grid: { 'a[7].b': [1] }, seed: 0 });
  });

  it('takes what the command line adds', async () => {
    const { definition } = await loadSweep(write('scenario: x.yaml\ngrid: { a: [1], b: [2] }\n'), {
      set: { c: 3 },
      grid: { a: [9] },
      replicates: 2,
      name: 'n',
    });
    expect(definition).toMatchObject({ name: 'n', set: { c: 3 }, grid: { a: [9], b: [2] }, replicates: 2 });
  });

  it('tells all that is wrong with it, line by line', async () => {
    const wrong = 'scenario: x.yaml\ngird: {}\ngrid:\n  a b: [1]\n  c: []\nreplicates: 0\nrandom: { samples: 1, parameters: { d: { loguniform: [0, 1] } } }\n';
    expect(await faultsOf(wrong)).toEqual([
      '2: unknown key `gird`',
      expect.stringMatching(/^4: /),
      '5: must have at least 1 item, found a list of 0 items',
      '6: must be at least 1, found 0',
      expect.stringMatching(/^7: expected two numbers above 0, the lower first/),
    ]);
  });

  it('does not give a parameter twice, or one inside another', async () => {
    const twice =
      'scenario: x.yaml\nset: { a: 1, time.t1: x }\ngrid:\n  a: [1]\n  links.gsl.policy: [1]\n  time.duration: [1s]\nlist:\n  - { links.gsl: 2 }\nreplicates: 2\n';
    expect(await faultsOf(twice)).toEqual([
      '4: `a` is given by set as well',
      "6: `time.duration` and `time.t1` of set are in each other's way: one would undo the other",
      "8: `links.gsl` and `links.gsl.policy` of grid are in each other's way: one would undo the other",
    ]);
    expect(await faultsOf('scenario: x.yaml\ngrid: { seed: [1] }\nreplicates: 2\n')).toEqual(['3: `seed` is given by grid as well']);
  });

  it('has no parameters of where runs are kept, no unknown names in matchers, and an end', async () => {
    const text = 'scenario: x.yaml\ngrid: { paths.artifacts_root: [a, b] }\nexclude: [{ path.artifacts_root: a }]\n';
    expect(await faultsOf(text)).toEqual(['2: where runs are kept is no parameter', '3: `path.artifacts_root` is no parameter of the sweep']);
    expect(await faultsOf('scenario: x.yaml\nset: { paths.artifacts_root: a }\n')).toEqual([]);
    expect(await faultsOf('scenario: x.yaml\nreplicates: 100001\n')).toEqual(['1: the sweep has 100001 cells; 100000 is the most']);
  });

  it('that is anything at all is a definition or a list of faults', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        async (text) => {
          const faults = await loadSweep(write(text), nothing).then(
            () => null,
            (error: ScenarioError) => error.faults,
          );
          expect(faults === null || faults.length > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('any other file is the scenario of a sweep from the command line', async () => {
  const { definition, file } = await loadSweep(join(dir, 'iridium.satsim.yaml'), { ...nothing, grid: { a: [1, 2] } });
  expect(definition).toMatchObject({ name: 'iridium', scenario: join(dir, 'iridium.satsim.yaml'), grid: { a: [1, 2] } });
  expect(file).toBeNull();
});

it.each(['../../x', '..', '.hidden', '/tmp/x', 'a b', ''])('is not called %j: that is no name of a folder of a sweep', async (name) => {
  const wrong = loadSweep(join(dir, 'iridium.satsim.yaml'), { ...nothing, name });
  await expect(wrong).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(`--name ${name}: expected letters`) });
});
