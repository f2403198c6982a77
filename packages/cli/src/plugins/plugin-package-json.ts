import type { NewKind } from './new-plugin.js';

const SUMMARIES: Readonly<Record<NewKind, string>> = {
  lane: 'Keeps a network in the state that the ticks say',
  exporter: 'Results as tab-separated lines',
  translator: 'A list of shells and sites',
};

/** The package.json of a new plugin: its manifest, and core as peer (what it runs with) and dev dependency (what it is built with). */
export function pluginPackageJson(kind: NewKind, name: string, packageName: string, coreVersion: string): object {
  const core = { '@satsim/core': `^${coreVersion}` };
  return {
    name: packageName,
    version: '0.0.0',
    description: `satsim ${kind}: ${SUMMARIES[kind]}`,
    keywords: ['satsim', `satsim-${kind}`],
    type: 'module',
    engines: { node: '>=22.15' },
    files: ['dist', '!dist/**/*.test.*', 'CHANGELOG.md'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './harness': { types: './dist/harness.d.ts', default: './dist/harness.js' },
      './package.json': './package.json',
    },
    scripts: { build: 'tsc', test: 'tsc && node --test "dist/**/*.test.js"', prepack: 'tsc' },
    // A translator has no configuration, and so no schema.
    ...(kind === 'translator' ? {} : { dependencies: { zod: '^4.6.7' } }),
    peerDependencies: core,
    devDependencies: { '@changesets/cli': '^3.0.3', ...core, '@types/node': '^24.0.0', typescript: '^7.0.2' },
    satsim: { manifest: 1, contributes: [{ kind, name, summary: SUMMARIES[kind] }] },
  };
}
