import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PluginKind } from '../contract/plugin.js';
import { discoverPlugins } from './discover.js';
import { definitionOf, makeWorld, moduleOf } from './fixture.test-helper.js';
import { importPlugin } from './load.js';

async function load(module: string, fields = {}) {
  const world = await makeWorld();
  await world.install('host', '@acme/foo', fields, module);
  await world.depend('host', '@acme/foo');
  return discoverPlugins(world.options);
}
const sound = definitionOf('lane', 'foo');

test('a plugin is imported once, by its own exports', async () => {
  const registry = await load(`globalThis.satsimImports = (globalThis.satsimImports ?? 0) + 1; ${moduleOf(sound)}`);
  await registry.load('lane', 'foo');
  await expect(registry.load('lane', 'foo')).resolves.toMatchObject({
    name: 'foo',
    packageName: '@acme/foo',
    contribution: { kind: 'lane' },
    definition: { name: 'foo' },
  });
  expect((globalThis as { satsimImports?: number }).satsimImports).toBe(1);
});

test.each([
  ['throws at import', "throw new Error('broken at import')", /it fails when it is loaded: broken at import/],
  ['cannot be parsed', 'export default {', /it fails when it is loaded/],
  ['imports what is not there', "import 'satsim-no-such-package'; export default 1", /it fails when it is loaded/],
  ['has no default export', 'export const plugin = 1;', /no plugin as default export/],
  ['exports something without the brand', `export default { definitions: [${sound}] };`, /no plugin as default export/],
  [
    'exports another name',
    moduleOf(definitionOf('lane', 'bar')),
    /contributes lane foo, but the module does not export it; the module exports lane bar, but the manifest does not contribute it/,
  ],
  ['exports another kind', moduleOf(definitionOf('exporter', 'foo')), /contributes lane foo, but .*exports exporter foo/],
  ['exports more than it contributes', moduleOf(sound, definitionOf('exporter', 'more')), /exports exporter more, but the manifest does not contribute it/],
  ['exports one name twice', moduleOf(sound, sound), /exports lane foo twice/],
  ['has a definition that can make nothing', moduleOf("{ kind: 'lane', name: 'foo', config: { '~standard': {} } }"), /lane foo has no function `create`/],
  ['has no schema', moduleOf("{ kind: 'lane', name: 'foo', create() {} }"), /lane foo has no Standard Schema/],
  ['has something else among its definitions', moduleOf('null'), /definition is not an object/],
])('a module that %s: the error names the plugin', async (_, module, message) => {
  const registry = await load(module);
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({ code: 'PLUGIN_INVALID', message: expect.stringMatching(message) });
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({ message: expect.stringMatching(/^plugin @acme\/foo: /) });
});

test.each([
  ['calls process.exit', 'process.exit(0);', /it calls process\.exit\(0\) while it is loaded/],
  [
    'was made by a core with another contract',
    "export default { [Symbol.for('satsim.plugin')]: 2, plugins: [] };",
    /another plugin contract \(2; this one speaks 1\)/,
  ],
  ['has a brand and nothing else', "export default { [Symbol.for('satsim.plugin')]: 1 };", /no list of definitions/],
  [
    'has a schema of an old zod',
    moduleOf("{ kind: 'lane', name: 'foo', config: { _def: {}, parse() {}, safeParse() {} }, create() {} }"),
    /lane foo has no Standard Schema as `config`: it looks like a schema of zod before 3\.24/,
  ],
])('a module that %s is told precisely', async (_, module, message) => {
  const registry = await load(module);
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({ code: 'PLUGIN_INVALID', message: expect.stringMatching(message) });
});

test('a CommonJS module is a plugin too', async () => {
  const registry = await load('', { exports: './index.cjs' });
  const { dir } = registry.candidates[0]!;
  await writeFile(join(dir, 'index.cjs'), moduleOf(sound).replace('export default', 'module.exports ='));
  await expect(registry.load('lane', 'foo')).resolves.toMatchObject({ name: 'foo' });
});

test('where a module fails and the machine lacks what the plugin needs, that is the error', async () => {
  const requires = { executables: ['satsim-no-such-program'], install: 'apt install it' };
  const satsim = { manifest: 1, contributes: [{ kind: 'lane', name: 'foo', summary: 's', requires }] };
  const registry = await load("throw new Error('no native part')", { satsim });
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({
    code: 'DEPENDENCY_MISSING',
    message: expect.stringMatching(/^lane foo needs the program satsim-no-such-program \(on PATH\); plugin @acme\/foo: .*no native part$/),
    hint: 'apt install it',
  });
});

test('a module that never settles is given up, and named', async () => {
  const registry = await load(`await new Promise(() => {}); ${moduleOf(sound)}`);
  await expect(importPlugin(registry.candidates[0]!, 50)).rejects.toMatchObject({
    message: expect.stringMatching(/^plugin @acme\/foo: .*not loaded after 0.05 s/),
  });
});

test('a package that is not built says where it was looked for', async () => {
  const registry = await load(moduleOf(sound), { exports: './dist/index.js' });
  await expect(registry.load('lane', 'foo')).rejects.toMatchObject({
    message: expect.stringContaining('exports no module that is there'),
    hint: expect.stringContaining('is it built?'),
  });
});

test('an import-only `exports` map and a translator without options load', async () => {
  const satsim = { manifest: 1, contributes: [{ kind: 'translator', name: 't', summary: 's' }] };
  const registry = await load(moduleOf("{ kind: 'translator', name: 't', create: () => ({}) }"), { satsim, exports: { '.': { import: './index.mjs' } } });
  await expect(registry.load('translator' satisfies PluginKind, 't')).resolves.toMatchObject({ name: 't' });
});
