import { describe, expect, test } from 'vitest';
import { findCycle, folderGraph, packageGraph } from './cycles.js';
import { importViolations } from './import-rules.js';
import { readWorkspace, type PackageJson, type WorkspacePackage } from './workspace.js';

const workspace = readWorkspace();
const present = importViolations(workspace);

/** The workspace with one more file, or one package.json changed: what a careless commit would do. */
function planted(dir: string, change: { readonly path?: string; readonly text?: string; readonly json?: Partial<PackageJson> }): WorkspacePackage[] {
  expect(workspace.map((one) => one.dir)).toContain(dir);
  return workspace.map((one) => {
    if (one.dir !== dir) return one;
    const files = change.path === undefined ? one.files : [...one.files, { path: change.path, text: change.text ?? '' }];
    return { ...one, files, json: { ...one.json, ...change.json } };
  });
}

test('the checker sees the whole workspace', () => {
  const seen = new Map(workspace.map(({ dir, files }) => [dir, files.length]));
  for (const dir of ['packages/core', 'packages/cli', 'packages/geomrf-engine', 'plugins/lane-flow', 'tests'])
    expect(seen.get(dir), `sources of ${dir}`).toBeGreaterThan(0);
});

test('everybody imports only what the table in docs/architecture.md allows', () => {
  expect(present).toEqual([]);
});

test('there is no cycle between packages, nor between the folders of core', () => {
  expect(findCycle(packageGraph(workspace))).toBeNull();
  expect(findCycle(folderGraph(workspace.find(({ dir }) => dir === 'packages/core')!))).toBeNull();
});

describe('a planted violation is caught', () => {
  const source = (dir: string, path: string, text: string) => planted(dir, { path, text });
  test.each([
    [
      'core imports a package of the workspace',
      source('packages/core', 'src/run/x.ts', "import { Router } from '@satsim/routing';"),
      /run\/x\.ts: @satsim\/core may not import @satsim\/routing/,
    ],
    [
      'the contract imports another npm package',
      source('packages/core', 'src/contract/x.ts', "import semver from 'semver';"),
      /the contract is a leaf and may not import semver/,
    ],
    [
      'the contract imports another folder',
      source('packages/core', 'src/contract/x.ts', "import type { Run } from '../run/types.js';"),
      /the contract is a leaf and may not import \.\.\/run/,
    ],
    [
      'somebody but the container imports tsyringe',
      source('packages/core', 'src/run/x.ts', "import { container } from 'tsyringe';"),
      /tsyringe is for core\/container alone/,
    ],
    [
      'a plugin imports reflect-metadata',
      source('plugins/lane-flow', 'src/x.ts', "import 'reflect-metadata';"),
      /reflect-metadata is for core\/container alone/,
    ],
    [
      'a plugin imports the client',
      source('plugins/lane-flow', 'src/x.ts', "import type { A } from '@satsim/geomrf-client';"),
      /lane-flow may not import @satsim\/geomrf-client/,
    ],
    [
      'a plugin imports another',
      source('plugins/exporter-csv', 'src/x.ts', "export * from '@satsim/exporter-jsonl';"),
      /exporter-csv may not import @satsim\/exporter-jsonl/,
    ],
    [
      'the CLI imports a plugin',
      source('packages/cli', 'src/x.ts', "const flow = await import('@satsim/lane-flow');"),
      /cli may not import @satsim\/lane-flow/,
    ],
    ['the CLI loads something by a computed name', source('packages/cli', 'src/x.ts', 'const flow = await import(name);'), /an import whose name is computed/],
    [
      'the engine imports the client',
      source('packages/geomrf-engine', 'src/x.ts', "import '@satsim/geomrf-client';"),
      /geomrf-engine may not import @satsim\/geomrf-client/,
    ],
    ["somebody reaches into another package's sources", source('packages/cli', 'src/x.ts', "import '../../core/src/run/run.js';"), /leaves the package/],
    [
      "somebody reaches past another package's exports",
      source('packages/cli', 'src/x.ts', "import '@satsim/core/dist/run/run.js';"),
      /is not among the exports of @satsim\/core/,
    ],
    ['a test uses what is not public', source('tests', 'e2e/x.test.ts', "import '../../packages/core/src/run/run.js';"), /leaves the package/],
    ['an npm package is used that is not declared', source('packages/routing', 'src/x.ts', "import 'zod';"), /zod is not in packages\/routing\/package\.json/],
    [
      'shipped code relies on a dev dependency',
      planted('packages/routing', { path: 'src/x.ts', text: "import 'yaml';", json: { devDependencies: { yaml: '1', '@satsim/core': '1' } } }),
      /yaml is not in packages\/routing/,
    ],
    [
      'a plugin has core as a dependency',
      planted('plugins/exporter-csv', { json: { dependencies: { '@satsim/core': '^1.0.0', zod: '1', 'csv-stringify': '1' } } }),
      /core is a peer and dev dependency/,
    ],
    [
      'a plugin has no peer range',
      planted('plugins/exporter-csv', { json: { peerDependencies: {} } }),
      /a plugin has core as peer|@satsim\/core is not in plugins\/exporter-csv/,
    ],
    [
      'a package depends on what it may not import',
      planted('packages/routing', { json: { dependencies: { '@satsim/geomrf-client': '^1.0.0' } } }),
      /routing may not depend on @satsim\/geomrf-client/,
    ],
  ])('%s', (_, broken, expected) => {
    const found = importViolations(broken).filter((violation) => !present.includes(violation));
    expect(found.length).toBeGreaterThan(0);
    for (const violation of found) expect(violation).toMatch(expected);
  });

  test('a cycle between packages', () => {
    const broken = planted('packages/routing', { json: { dependencies: { '@satsim/lane-flow': '^1.0.0' } } });
    expect(findCycle(packageGraph(broken))).toEqual(expect.arrayContaining(['@satsim/routing', '@satsim/lane-flow']));
  });

  test('a cycle between folders of core', () => {
    const broken = planted('packages/core', { path: 'src/bus/x.ts', text: "import { createRun } from '../run/run.js';" });
    expect(findCycle(folderGraph(broken.find(({ dir }) => dir === 'packages/core')!))).toEqual(expect.arrayContaining(['bus', 'run']));
  });
});
