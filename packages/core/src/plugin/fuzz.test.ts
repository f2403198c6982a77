import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PLUGIN_KINDS } from '../contract/plugin.js';
import { isSatsimError } from '../errors.js';
import { discoverPlugins } from './discover.js';
import { makeWorld } from './fixture.test-helper.js';
import { type ManifestReading, readManifest } from './manifest.js';
import { missingRequirements } from './requirements.js';

const SOUND = {
  name: 'foo',
  version: '1.2.3',
  peerDependencies: { '@satsim/core': '^1.0.0' },
  exports: { '.': './index.mjs' },
  satsim: {
    manifest: 1,
    contributes: [
      {
        kind: 'lane',
        name: 'foo',
        summary: 's',
        determinism: 'exact',
        pacing: 'any',
        requires: {
          platforms: ['linux'],
          executables: ['tc', { name: 'ns3', minVersion: '3.37', versionArgs: ['show', 'version'] }],
          capabilities: ['CAP_NET_ADMIN'],
          root: true,
        },
      },
    ],
  },
};
const INPUTS = { values: 2_000, mutations: 4_000, files: 400 };

const AWKWARD = [null, true, 0, -1, 1e308, '', '*', '>=1', '^1', '__proto__', 'lane', '\0', '../..', 'a'.repeat(5_000), [], {}, [[]], [null]];
const anything = fc.oneof(fc.constantFrom(...AWKWARD), fc.jsonValue());

/** A sound package.json with some of its values, at any depth, put out of shape. */
const mutated = fc.array(fc.record({ step: fc.nat(), value: anything, drop: fc.boolean() }), { minLength: 1, maxLength: 4 }).map((edits) => {
  const json = structuredClone(SOUND) as unknown;
  for (const { step, value, drop } of edits) {
    const places = placesIn(json);
    const [owner, key] = places[step % places.length]!;
    if (drop) Reflect.deleteProperty(owner, key);
    // A copy: later edits may reach into it.
    else Object.defineProperty(owner, key, { value: structuredClone(value), writable: true, enumerable: true, configurable: true });
  }
  return json;
});

function placesIn(value: unknown): [object, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as [object, string], ...placesIn(inner)]);
}

/** Either no plugin, or one that is understood, or one with faults in words. */
function expectSense(reading: ManifestReading | null): void {
  if (reading === null) return;
  for (const fault of reading.faults) {
    expect(fault).toBeTypeOf('string');
    expect(fault).not.toMatch(/^$|\[object/);
  }
  expect(reading.faults.length + reading.contributes.length).toBeGreaterThan(0);
  for (const contribution of reading.contributes) {
    expect(PLUGIN_KINDS).toContain(contribution.kind);
    missingRequirements(contribution, { platform: 'linux', isRoot: false, hasExecutable: () => true, programVersion: () => '1.0', hasCapability: () => false });
  }
}

test(`${INPUTS.values} JSON values as package.json, and as its manifest`, () => {
  fc.assert(
    fc.property(anything, fc.boolean(), (value, asManifest) =>
      expectSense(readManifest(asManifest ? { ...SOUND, satsim: value } : value, 'asked-as', '1.4.0')),
    ),
    { numRuns: INPUTS.values },
  );
});

test(`${INPUTS.mutations} sound manifests with something out of shape`, () => {
  let sound = 0;
  const numRuns = INPUTS.mutations;
  fc.assert(
    fc.property(mutated, (json) => {
      const reading = readManifest(json, 'asked-as', '1.4.0');
      if (reading?.faults.length === 0) sound += 1;
      expectSense(reading);
    }),
    { numRuns },
  );
  // Both sides are exercised: what is optional may be gone.
  expect(sound).toBeGreaterThan(numRuns / 100);
  expect(sound).toBeLessThan(numRuns / 2);
});

test(`${INPUTS.files} files of any bytes as the package.json of an installed plugin: discovery ends, and each use is a plugin or a typed error`, async () => {
  const world = await makeWorld();
  await world.depend('host', 'foo');
  await world.install('host', 'foo');
  const file = join(world.root, 'host/node_modules/foo/package.json');
  const text = JSON.stringify(SOUND);
  const cut = fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 8 }))
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  const deep = fc.nat(20_000).map((depth) => `{"name":"foo","satsim":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    cut,
    mutated.map((json) => JSON.stringify(json)),
    deep,
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      await writeFile(file, bytes);
      const registry = await discoverPlugins(world.options);
      for (const { message } of registry.faults) expect(message).not.toBe('');
      await registry.load('lane', 'foo').then(
        ({ definition }) => expect(definition.name).toBe('foo'),
        (error: unknown) => expect(isSatsimError(error)).toBe(true),
      );
      const asked = await discoverPlugins({ ...world.options, extra: ['foo'] }).catch((error: unknown) => error);
      if (asked instanceof Error) expect(asked).toMatchObject({ code: 'PLUGIN_INVALID' });
    }),
    { numRuns: INPUTS.files },
  );
}, 60_000);
