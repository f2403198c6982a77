import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeOmnet } from '../fake-omnet.test-helper.js';
import { missingFor, requireToolchain } from './toolchain.js';

describe.skipIf(process.platform === 'win32')('what the lane needs of the machine', () => {
  it('nothing, where OMNeT++ and the compiler that it was built with are', async () => {
    const root = await fakeOmnet();
    expect(await missingFor({ root })).toEqual([]);
    expect(await requireToolchain(root)).toMatchObject({ omnet: { root, version: '6.1' }, compiler: 'fake-c++ 1.0' });
  });

  it('without OMNeT++: where it was looked for, and how to get it', async () => {
    const [need] = await missingFor({ root: '/nowhere' });
    expect(need).toEqual({
      what: 'OMNeT++ 6.0 or later (omnet.root: /nowhere: there is no /nowhere/bin/opp_run); opp_env, which installs it, needs Nix',
      install: 'pipx install opp-env && mkdir omnet && cd omnet && opp_env init && opp_env install omnetpp-latest && opp_env shell omnetpp-latest',
    });
    await expect(requireToolchain('/nowhere')).rejects.toMatchObject({
      code: 'DEPENDENCY_MISSING',
      exitCode: 3,
      hint: expect.stringMatching(/opp_env install .* && opp_env shell omnetpp-latest$/),
    });
  });

  it('with one that is too old', async () => {
    const root = await fakeOmnet({ version: '5.7' });
    expect((await missingFor({ root })).map(({ what }) => what)).toEqual([
      `OMNeT++ 6.0 or later: the one in ${root} is 5.7; opp_env, which installs it, needs Nix`,
    ]);
  });

  it('without the compiler of its Makefile.inc, or without make or python3', async () => {
    const root = await fakeOmnet();
    await writeFile(join(root, 'Makefile.inc'), 'CXX = ccache no-such-c++ -pipe\n');
    await writeFile(join(root, 'bin', 'make'), '#!/bin/sh\nexit 1\n');
    await writeFile(join(root, 'bin', 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const needs = await missingFor({ root });
    expect(needs.map(({ what }) => what)).toEqual([
      'the compiler no-such-c++ (not on PATH)',
      expect.stringMatching(/^make \(/),
      expect.stringMatching(/^python3 \(/),
    ]);
    // One command for all three.
    await expect(requireToolchain(root)).rejects.toMatchObject({ exitCode: 3, hint: needs[0]!.install });
    expect(needs[0]!.install).toBe('apt-get install --no-install-recommends g++ make python3');
    await rm(join(root, 'Makefile.inc'));
    expect((await missingFor({ root })).some(({ what }) => what.includes('no-such-c++'))).toBe(false);
  });
});
