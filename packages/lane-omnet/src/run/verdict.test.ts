import { describe, expect, it } from 'vitest';
import { finalEvent, fingerprint, judge } from './verdict.js';

const LIMIT = '<!> Simulation time limit reached -- at t=602s, event #999578';
const MISMATCH = '<!> Fingerprint mismatch! calculated: ca12-e6ad/tplx, expected: 0000-0000/tplx';

describe('how a simulation ended', () => {
  it('success is exit code 0 and the limit of simulated time, where it should be', () => {
    expect(judge({ exitCode: 0 }, ['', LIMIT, '', MISMATCH], 602)).toBeNull();
    expect(judge({ exitCode: 0 }, ['<!> Simulation time limit reached -- at t=62.123456789012s, event #1'], 62.123456789)).toBeNull();
  });

  it.each([
    ['another time', 0, [LIMIT], 'it ended at 602 s, not at 601 s'],
    ['a limit of CPU time', 0, ['<!> CPU time limit reached -- at t=0.5s, event #1024', MISMATCH], /CPU time limit reached -- at t=0\.5s/],
    ['a limit of elapsed time', 0, ['<!> Elapsed/real time limit reached -- at t=0.5s, event #3'], /real time limit reached/],
    ['endSimulation()', 0, ['<!> endSimulation() called -- at t=3s, event #3'], /endSimulation\(\) called/],
    ['silence', 0, [], /it does not say why/],
    ['an error', 1, [LIMIT], 'it stopped with an error (exit code 1)'],
    ['a signal', 2, [LIMIT], 'it was interrupted (exit code 2)'],
    ['an abort', 134, [LIMIT], 'it aborted (exit code 134)'],
    ['anything else', 77, [LIMIT], 'exit code 77'],
  ])('%s is none', (_, exitCode, lines, expected) => {
    expect(judge({ exitCode }, lines, 601)).toMatch(expected);
  });

  it('tells the last event and the fingerprint', () => {
    expect(finalEvent(['x', LIMIT, MISMATCH])).toEqual({ tS: 602, event: 999578 });
    expect(finalEvent([MISMATCH])).toBeNull();
    expect(fingerprint([LIMIT, MISMATCH])).toBe('ca12-e6ad/tplx');
    expect(fingerprint(['<!> Fingerprint successfully verified: 1234-abcd/tplx'])).toBe('1234-abcd/tplx');
    expect(fingerprint([LIMIT])).toBeNull();
  });
});
