import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // No root, no network, no tools: `npm test`.
      {
        extends: true,
        test: { name: 'default', include: ['{packages,plugins}/*/src/**/*.test.ts', 'tests/{architecture,contract,e2e,acceptance}/**/*.test.ts'], exclude },
      },
      // Root and real tools: `npm run test:real`.
      { extends: true, test: { name: 'real', include: ['tests/real/**/*.test.ts'], exclude } },
      // Soaks and marathons: `npm run test:long`.
      { extends: true, test: { name: 'long', include: ['tests/long/**/*.test.ts'], exclude } },
    ],
  },
});
