import { afterAll, expect, it } from 'vitest';
import { type ErrorObject, iridium, SHORT, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);
const NOT_HERE = ['--set', 'omnet.root=/nowhere', ...SHORT, '--format', 'json'];

it.each([
  ['alone', ['--lane', 'omnet']],
  ['in parallel mode', ['--mode', 'parallel', '--set', 'lanes=[flow,omnet]']],
])('without OMNeT++ a run with its lane %s ends with 3 before anything starts, and says how it is had', async (_, lanes) => {
  const { exitCode, stdout } = await place.satsim('run', iridium, ...lanes, ...NOT_HERE);
  expect(exitCode).toBe(3);
  const { error } = JSON.parse(stdout) as { error: ErrorObject };
  expect(error.code).toBe('DEPENDENCY_MISSING');
  expect(error.message).toContain('OMNeT++ 6.0 or later (omnet.root: /nowhere: there is no /nowhere/bin/opp_run)');
  expect(`${error.message} ${error.hint}`).toContain('opp_env install');
  expect(place.runs()).toEqual([]);
});
