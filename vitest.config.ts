import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];
/** What needs OMNeT++ is named so, beside the source or in tests/omnet. */
const omnet = '**/*.omnet.test.ts';
const ratio = 'tests/acceptance/*-ratio.test.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests of the whole command wait for it: a core kept free for the runner would be idle.
    maxWorkers: '100%',
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
      { extends: true, test: { name: 'ratio', include: [ratio], exclude, fileParallelism: false, sequence: { groupOrder: 1 } } },
      // OMNeT++, where it is found: `npm run test:omnet`.
      { extends: true, test: { name: 'omnet', include: [omnet], exclude, fileParallelism: false } },
      // Root and real tools: `npm run test:real`.
      // One file after the other: what is measured in real time wants the machine to itself.
      { extends: true, test: { name: 'real', include: ['tests/real/**/*.test.ts'], exclude, fileParallelism: false } },
      // Soaks and marathons: `npm run test:long`.
      { extends: true, test: { name: 'long', include: ['tests/long/**/*.test.ts'], exclude } },
    ],
  },
});
