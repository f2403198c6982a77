import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeOmnet } from '../fake-omnet.test-helper.js';
import { findOmnet, isAtLeast, omnetEnv } from './find-omnet.js';

const PATH = '/usr/bin:/bin';

describe.skipIf(process.platform === 'win32')('where OMNeT++ is looked for', () => {
  it('the configured folder is the only one; what it tells of itself is kept', async () => {
    const [one, other] = [await fakeOmnet(), await fakeOmnet({ version: '6.2' })];
    expect(await findOmnet(one, { PATH: `${join(other, 'bin')}:${PATH}` })).toEqual({
      root: one,
      version: '6.1',
      build: '240101-abc',
      edition: 'Academic Public License -- NOT FOR COMMERCIAL USE',
    });
    expect(await findOmnet('/nowhere', { PATH: `${join(other, 'bin')}:${PATH}` })).toEqual({
      looked: ['omnet.root: /nowhere: there is no /nowhere/bin/opp_run'],
    });
  });

  it('without one: opp_run on PATH, then $__omnetpp_root_dir, then $OMNETPP_ROOT', async () => {
    const [a, b, c] = [await fakeOmnet(), await fakeOmnet(), await fakeOmnet()];
    const env = { PATH: `${join(a, 'bin')}:${PATH}`, __omnetpp_root_dir: b, OMNETPP_ROOT: c };
    expect(await findOmnet(null, env)).toMatchObject({ root: a });
    expect(await findOmnet(null, { ...env, PATH })).toMatchObject({ root: b });
    expect(await findOmnet(null, { PATH, OMNETPP_ROOT: c })).toMatchObject({ root: c });
  });

  it('what is not there, or does not answer, is told with the reason', async () => {
    expect(await findOmnet(null, { PATH, OMNETPP_ROOT: '/nowhere' })).toEqual({
      looked: ['opp_run on PATH: not there', '$__omnetpp_root_dir: not there', '$OMNETPP_ROOT: there is no /nowhere/bin/opp_run'],
    });
    const mute = await fakeOmnet({ version: '' });
    expect(await findOmnet(mute, { PATH })).toEqual({ looked: [`omnet.root: ${mute}: ${mute}/bin/opp_run -v does not tell a version`] });
  });
});

it('its programs come first on PATH', () => {
  expect(omnetEnv('/opt/om', { PATH: '/bin', A: 'b' })).toEqual({ PATH: '/opt/om/bin:/bin', A: 'b' });
  expect(omnetEnv('/opt/om', {})).toEqual({ PATH: '/opt/om/bin' });
});

it.each([
  ['5.7.1', false],
  ['6.0pre15', false],
  ['6.0', true],
  ['6.1', true],
  ['10.0', true],
])('version %s is at least 6: %s', (version, is) => {
  expect(isAtLeast(version, 6)).toBe(is);
});
