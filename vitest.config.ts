import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const exclude = ['**/node_modules/**', '**/dist/**'];
/** What needs OMNeT++ is named so, beside the source or in tests/omnet. */
const omnet = '**/*.omnet.test.ts';
const ratio = 'tests/acceptance/*-ratio.test.ts';
/** What is measured in real time. */
const timed = ['tests/real/{mininet,report}/**/*.test.ts', 'tests/real/{mininet,lanes}-*.test.ts'];

/**
 * Where nobody knows how long files took, as in CI, vitest starts the largest first. What takes longest is something else: a
 * machine that is emulated, then what starts programs, then all that stays in its own process and fills what is left at the end.
 */
class LongestFirst extends BaseSequencer {
  static readonly #FIRST = ['tests/real/uml-', 'tests/'];

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number => {
      const path = moduleId.slice(project.config.root.length + 1);
      const found = LongestFirst.#FIRST.findIndex((beginning) => path.startsWith(beginning));
      return found === -1 ? LongestFirst.#FIRST.length : found;
    };
    // Groups and projects stay as they are: one after the other.
    const sorted = await super.sort(files);
    const place = new Map(sorted.map(({ project }, index) => [project, index]));
    return sorted.toSorted((a, b) => place.get(a.project)! - place.get(b.project)! || rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests of the whole command wait for it: a core kept free for the runner would be idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    globalSetup: 'tests/compile-cache.ts',
    projects: [
      // No root, no network, no tools: `npm test`.
      {
        extends: true,
        test: {
          name: 'default',
          include: ['{packages,plugins}/*/src/**/*.test.ts', 'tests/{architecture,contract,e2e,acceptance}/**/*.test.ts'],
          exclude: [...exclude, omnet, ratio],
        },
      },
      // What is measured against what, in `npm test` too: after all others and one by one, as both have to have the machine to themselves.
      {
        extends: true,
        test: {
          name: 'ratio',
          include: [ratio],
          exclude,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          // As users have it.
          env: { NODE_DISABLE_COMPILE_CACHE: '1' },
        },
      },
      // OMNeT++, where it is found: `npm run test:omnet`.
      { extends: true, test: { name: 'omnet', include: [omnet], exclude, fileParallelism: false } },
      // Root and real tools: `npm run test:real`. First what counts no time, side by side.
      { extends: true, test: { name: 'real-side-by-side', include: ['tests/real/**/*.test.ts'], exclude: [...exclude, ...timed] } },
      // Then one file after the other: what is measured in real time wants the machine to itself.
      { extends: true, test: { name: 'real', include: timed, exclude, fileParallelism: false, sequence: { groupOrder: 1 } } },
      // Soaks and marathons: `npm run test:long`.
      { extends: true, test: { name: 'long', include: ['tests/long/**/*.test.ts'], exclude } },
    ],
  },
});
