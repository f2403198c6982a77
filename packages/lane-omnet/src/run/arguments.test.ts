import { expect, it } from 'vitest';
import { launchArguments, nedString } from './arguments.js';

const LAUNCH = {
  iniFile: 'omnetpp.ini',
  iniConfig: 'General',
  nedFolders: ['/cache/abc', '.'],
  resultFolder: '.',
  endS: 62,
  seed: 42,
  strings: {},
  runArgs: [],
};

it('is a list that no shell reads', () => {
  const args = launchArguments({ ...LAUNCH, runArgs: ['--debug-on-errors=false', '$(reboot)'] });
  const inOneLine =
    '-u Cmdenv -s -f omnetpp.ini -c General -r 0 -n /cache/abc;. --result-dir=. --sim-time-limit=62s --seed-set=42 --cmdenv-express-mode=true ' +
    '--cmdenv-status-frequency=1s --fingerprint=0000-0000/tplx --**.param-recording=false --debug-on-errors=false $(reboot)';
  expect(args).toEqual(inOneLine.split(' '));
});

it('parameters of strings are quoted as NED wants them', () => {
  expect(launchArguments({ ...LAUNCH, strings: { '**.traceFile': '/a b/links.trace' } })).toContain('--**.traceFile="/a b/links.trace"');
  expect(nedString('a"b\\c')).toBe('"a\\"b\\\\c"');
});
