import { expect, test } from 'vitest';
import { discoverPlugins } from './discover.js';
import { makeWorld } from './fixture.test-helper.js';

test('two packages that claim one kind and name: an error that names both, for that name only', async () => {
  const world = await makeWorld();
  for (const name of ['one', 'two']) await world.install('host', name);
  await world.install('host', 'three', { satsim: { manifest: 1, contributes: [{ kind: 'exporter', name: 'foo', summary: 's' }] } });
  await world.depend('host', 'one', 'two', 'three');
  const registry = await discoverPlugins(world.options);
  expect(registry.faults).toEqual([{ packageName: 'one and two', message: 'both claim lane foo' }]);
  expect(() => registry.find('lane', 'foo')).toThrow(expect.objectContaining({ code: 'PLUGIN_INVALID', message: 'two plugins claim lane foo: one and two' }));
  expect(registry.find('exporter', 'foo').candidate.packageName).toBe('three');
});

test('an unknown lane lists the known ones and suggests the nearest', async () => {
  const world = await makeWorld();
  await world.install('host', 'lanes', { satsim: { manifest: 1, contributes: ['flow', 'mininet'].map((name) => ({ kind: 'lane', name, summary: 's' })) } });
  await world.depend('host', 'lanes');
  const registry = await discoverPlugins(world.options);
  expect(() => registry.find('lane', 'mininett')).toThrow(
    expect.objectContaining({ message: 'unknown lane: mininett', hint: 'did you mean mininet?; known: flow, mininet' }),
  );
  expect(() => registry.find('translator', 'x')).toThrow(
    expect.objectContaining({ hint: 'no translator is installed; another one has to be a dependency of this project, or named by --plugin <folder>' }),
  );
});

test('an unknown lane tells of plugins that could not be read', async () => {
  const world = await makeWorld();
  await world.install('host', 'broken', { satsim: { manifest: 2 } });
  await world.depend('host', 'broken');
  const registry = await discoverPlugins(world.options);
  expect(() => registry.find('lane', 'foo')).toThrow(
    expect.objectContaining({
      hint: 'no lane is installed; another one has to be a dependency of this project, or named by --plugin <folder>; unreadable plugins: broken',
    }),
  );
});
