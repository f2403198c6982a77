import { describe, expect, test } from 'vitest';
import { LANE_FOO } from './fixture.test-helper.js';
import { readManifest } from './manifest.js';
import { peerRangeFault } from './peer-range.js';

const read = (fields: object) =>
  readManifest({ name: 'foo', version: '1.2.3', peerDependencies: { '@satsim/core': '^1.0.0' }, satsim: LANE_FOO, ...fields }, 'asked-as', '1.4.0');

test('a sound manifest, defaults filled in', () => {
  expect(read({})).toEqual({
    packageName: 'foo',
    packageVersion: '1.2.3',
    contributes: [{ kind: 'lane', name: 'foo', summary: 'A lane of a test', determinism: 'exact', pacing: 'any', requires: {} }],
    faults: [],
  });
});

test('a package.json without `satsim` is no plugin', () => {
  expect(readManifest({ name: 'foo', version: '1.0.0' }, 'foo', '1.0.0')).toBeNull();
  expect(readManifest(null, 'foo', '1.0.0')).toBeNull();
});

test.each([
  ['an unknown manifest version', { satsim: { ...LANE_FOO, manifest: 2 } }, /^satsim\.manifest: /],
  ['an unknown key', { satsim: { ...LANE_FOO, mainfest: 1 } }, /^satsim: .*mainfest/],
  ['nothing contributed', { satsim: { manifest: 1, contributes: [] } }, /^satsim\.contributes: /],
  [
    'a name in capitals',
    { satsim: { manifest: 1, contributes: [{ ...LANE_FOO.contributes[0], name: 'Foo' }] } },
    /^satsim\.contributes\[0\]\.name: a name is lower-case/,
  ],
  ['one name twice', { satsim: { manifest: 1, contributes: [LANE_FOO.contributes[0], LANE_FOO.contributes[0]] } }, /lane foo twice/],
  ['`satsim` that is no map', { satsim: null }, /^satsim: /],
  ['no version', { version: undefined }, /^version: /],
])('%s is a fault', (_, fields, fault) => {
  expect(read(fields)?.faults).toEqual([expect.stringMatching(fault)]);
});

test('a program is a name, or a name with the least version; what could be more than a question for a version is refused', () => {
  const faultsOf = (requires: object) => read({ satsim: { manifest: 1, contributes: [{ ...LANE_FOO.contributes[0], requires }] } })!.faults;
  const sound = read({
    satsim: {
      manifest: 1,
      contributes: [{ ...LANE_FOO.contributes[0], requires: { executables: ['tc', { name: 'ns3', minVersion: '3.37', versionArgs: ['show', 'version'] }] } }],
    },
  });
  expect(sound!.faults).toEqual([]);
  expect(sound!.contributes[0]!.requires.executables).toEqual([
    { name: 'tc', versionArgs: ['--version'] },
    { name: 'ns3', minVersion: '3.37', versionArgs: ['show', 'version'] },
  ]);
  const where = 'satsim.contributes[0].requires';
  expect(faultsOf({ executables: ['/bin/sh'] })).toEqual([`${where}.executables[0].name: a program is named as it is typed, without a path`]);
  expect(faultsOf({ executables: [{ name: 'sh', versionArgs: ['-c', 'rm -r ~'] }] })).toEqual([
    expect.stringContaining(`${where}.executables[0].versionArgs[1]: an argument`),
  ]);
  expect(faultsOf({ executables: [{ name: 'ns3', minVersion: '>=3.37' }] })).toEqual([
    `${where}.executables[0].minVersion: a version is numbers and dots, such as 3.37`,
  ]);
  expect(faultsOf({ executables: [7] })).toEqual([expect.stringContaining(`${where}.executables[0]: `)]);
  expect(faultsOf({ capabilities: ['CAP_FLY'] })).toEqual([expect.stringContaining(`${where}.capabilities[0]: `)]);
});

test('all faults of a manifest are told at once, and a package without a name is called as it was asked for', () => {
  expect(read({ peerDependencies: {}, satsim: { manifest: 2, contributes: [] } })?.faults).toHaveLength(3);
  expect(read({ name: '' })?.packageName).toBe('asked-as');
});

describe('peer range', () => {
  test.each(['^1.0.0', '~1.4.0', '1.x', '1.4.0', '>=1.0.0 <2', '^0.9.0 || ^1.2.0', '1.0.0 - 1.9.0'])('%s accepts core 1.4.0', (range) => {
    expect(peerRangeFault(range, '1.4.0')).toBeNull();
  });
  test.each(['*', '', 'x', '>=1', '>=1.0.0', '>1.0.0', '^1.0.0 || >=3', '^1.0.0 || *'])("'%s' is open and refused", (range) => {
    expect(peerRangeFault(range, '1.4.0')).toMatch(/is open/);
  });
  test.each(['latest', 'workspace:*', 'file:../core', 'one'])('%s is no range', (range) => {
    expect(peerRangeFault(range, '1.4.0')).toMatch(/is not a version range/);
  });
  test.each(['^2.0.0', '^1.5.0', '~1.3.0', '<1.4.0'])('%s does not have core 1.4.0', (range) => {
    expect(peerRangeFault(range, '1.4.0')).toMatch(/but 1\.4\.0 is running/);
  });
  test('a pre-release of core counts as what it becomes, and not as the major before', () => {
    expect(peerRangeFault('^1.0.0', '1.5.0-beta.1')).toBeNull();
    expect(peerRangeFault('^1.0.0', '2.0.0-beta.1')).toMatch(/is running/);
  });
  test('no range at all', () => {
    expect(peerRangeFault(undefined, '1.4.0')).toMatch(/must name @satsim\/core/);
  });
});
