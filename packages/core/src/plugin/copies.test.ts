import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { LaneDefinition } from '../contract/plugin.js';
import { isSatsimError } from '../errors.js';
import { parseConfig } from '../run/plan-config.js';
import { discoverPlugins } from './discover.js';
import { makeWorld } from './fixture.test-helper.js';
import { importPlugin } from './load.js';
import type { PluginRegistry } from './registry.js';

const PACKAGES = dirname(dirname(findPackageJSON('zod', import.meta.url)!));
const CORE = fileURLToPath(new URL('../../', import.meta.url));

/** The host knows one plugin `foo`, which finds npm packages as if they were installed, and a copy of core of its own. */
async function worldWith(module: string, copy: { readonly version: string; readonly range?: string } | null): Promise<PluginRegistry> {
  const world = await makeWorld();
  await world.install('host', 'foo', { peerDependencies: { '@satsim/core': copy?.range ?? '^1.0.0' } }, module);
  await world.depend('host', 'foo');
  await symlink(PACKAGES, join(world.root, 'node_modules'));
  if (copy) {
    const own = join(world.root, 'host/node_modules/foo/node_modules/@satsim/core');
    await mkdir(own, { recursive: true });
    await cp(join(CORE, 'dist'), join(own, 'dist'), { recursive: true });
    const packageJson = JSON.parse(await readFile(join(CORE, 'package.json'), 'utf8')) as object;
    await writeFile(join(own, 'package.json'), JSON.stringify({ ...packageJson, version: copy.version }));
  }
  return discoverPlugins(world.options);
}

const configOf = (definition: LaneDefinition, block: unknown) => parseConfig({ packageName: 'foo', definition }, block, ['foo'], () => null);
const laneWith = (imports: string, config: string): string => `${imports}
  import { CORE_VERSION, defineLane, definePlugin, SatsimError } from '@satsim/core';
  export const coreVersion = CORE_VERSION;
  export default definePlugin(defineLane({ name: 'foo', config: ${config}, create: () => { throw new SatsimError('LANE_FAILED', 'by a copy'); } }));`;

test('a plugin that carries its own copy of core, of another minor version, works: definitions, schema, errors', async () => {
  const registry = await worldWith(laneWith("import { z } from 'zod';", 'z.strictObject({ depth: z.int().default(3) })'), { version: '1.7.3' });
  const { definition, packageDir } = await registry.load('lane', 'foo');
  const { coreVersion } = (await import(join(packageDir, 'index.mjs'))) as { coreVersion: string };
  expect(coreVersion).toBe('1.7.3');
  expect(await configOf(definition, undefined)).toEqual({ config: { depth: 3 }, faults: [] });
  expect((await configOf(definition, { depth: 'x' })).faults).toEqual([expect.objectContaining({ path: ['foo', 'depth'] })]);
  expect(() => definition.create({} as never)).toThrow(expect.toSatisfy((error: unknown) => isSatsimError(error) && error.exitCode === 1));
});

test('a plugin whose copy of core is another major is refused by its peer range, which is named', async () => {
  const registry = await worldWith(laneWith('', '{}'), { version: '2.0.0', range: '^2.0.0' });
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({
    code: 'PLUGIN_INVALID',
    message: expect.stringMatching(/plugin foo: it needs @satsim\/core \^2\.0\.0, but 1\.\d+\.\d+ is running/),
  });
});

test('another major of zod works', async () => {
  const registry = await worldWith(laneWith("import { z } from 'zod/v3';", 'z.object({ depth: z.number().int().default(3) }).strict()'), { version: '1.0.0' });
  const { definition } = await registry.load('lane', 'foo');
  expect('_def' in definition.config && !('_zod' in definition.config)).toBe(true);
  expect(await configOf(definition, {})).toEqual({ config: { depth: 3 }, faults: [] });
  expect((await configOf(definition, { depth: 1.5 })).faults).toEqual([expect.objectContaining({ path: ['foo', 'depth'] })]);
});

test('a Standard Schema written by hand works, also one that takes its time', async () => {
  const schema = `{ '~standard': { version: 1, vendor: 'by-hand', async validate(value) {
    return typeof value.depth === 'number' ? { value } : { issues: [{ message: 'no depth', path: [{ key: 'depth' }] }] };
  } } }`;
  const registry = await worldWith(laneWith('', schema), { version: '1.0.0' });
  const { definition } = await registry.load('lane', 'foo');
  expect(await configOf(definition, { depth: 2 })).toEqual({ config: { depth: 2 }, faults: [] });
  expect((await configOf(definition, {})).faults).toEqual([expect.objectContaining({ path: ['foo', 'depth'], message: 'no depth' })]);
});

test('a plugin for which no core is installed is told what to install, and where', async () => {
  const world = await makeWorld();
  await world.install('host', 'foo', {}, laneWith('', '{}'));
  await world.depend('host', 'foo');
  const [candidate] = (await discoverPlugins(world.options)).candidates;
  await expect(importPlugin(candidate!)).rejects.toMatchObject({
    message: expect.stringMatching(/^plugin foo: it fails when it is loaded: Cannot find package '@satsim\/core'/),
    hint: expect.stringMatching(/^install it where the plugin is: npm install @satsim\/core/),
  });
});
