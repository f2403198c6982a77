import { expect, test } from 'vitest';
import { type Contribution, pluginManifestSchema } from '../contract/plugin.js';
import { formatMissing, type Machine, missingRequirements } from './requirements.js';

/** A lane by its manifest, as an author writes it. */
const lane = (requires: object): Contribution =>
  pluginManifestSchema.parse({ manifest: 1, contributes: [{ kind: 'lane', name: 'net', summary: 's', requires }] }).contributes[0]!;
const machine: Machine = {
  platform: 'linux',
  isRoot: false,
  hasExecutable: (name) => name === 'ip',
  programVersion: () => expect.fail('no program is run where the manifest asks for no version'),
  hasCapability: (name) => name === 'CAP_NET_RAW',
};

test('nothing is missing where nothing is needed, or all is there', () => {
  expect(missingRequirements(lane({}), machine)).toBeNull();
  expect(
    missingRequirements(lane({ platforms: ['linux'], executables: ['ip'], root: true, capabilities: ['CAP_NET_RAW'] }), { ...machine, isRoot: true }),
  ).toBeNull();
});

test('where a permission or the platform is all that is missing, no package is offered', () => {
  const needs = lane({ platforms: ['darwin'], root: true, executables: ['ip'], capabilities: ['CAP_NET_RAW'], install: 'apt install iproute2' });
  expect(missingRequirements(needs, { ...machine, hasExecutable: () => true, hasCapability: () => false })).toMatchObject({ install: null });
});

test('everything that is missing is told at once, with the command that installs it', () => {
  const requires = {
    platforms: ['win32'],
    executables: ['ip', 'tc', { name: 'mn', minVersion: '2.3' }],
    root: true,
    capabilities: ['CAP_NET_ADMIN'],
    install: 'apt install iproute2',
  };
  const missing = missingRequirements(lane(requires), machine);
  expect(missing).toEqual({
    plugin: 'lane net',
    missing: [
      'the platform win32 (this is linux)',
      'the program tc (on PATH)',
      'the program mn 2.3 or later (on PATH)',
      'root privileges (sudo)',
      'the capability CAP_NET_ADMIN (sudo; in a container --cap-add NET_ADMIN)',
    ],
    install: 'apt install iproute2',
  });
  expect(formatMissing({ ...missing!, missing: ['a', 'b'] })).toBe('lane net needs a, b');
});

test.each([
  ['6.1.0', '5.9', null],
  ['6.1.0', '6.1', null],
  ['3.36', '3.37', 'the program ip 3.37 or later (this is 3.36)'],
  ['9.0', '10', 'the program ip 10 or later (this is 9.0)'],
  [null, '1', 'the program ip 1 or later (`ip -V` tells no version)'],
])('a program that says %s where %s is the least', (version, minVersion, fault) => {
  const missing = missingRequirements(lane({ executables: [{ name: 'ip', minVersion, versionArgs: ['-V'] }] }), { ...machine, programVersion: () => version });
  expect(missing?.missing ?? null).toEqual(fault === null ? null : [fault]);
});
