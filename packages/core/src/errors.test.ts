import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, formatFault, formatPath, isSatsimError, LaneError, SatsimError, ScenarioError } from './errors.js';

const docs = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

describe('the table of errors', () => {
  it('is the table in docs/errors.md, row by row', () => {
    const documented = [...docs.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (.*?) \| /gm)].map(([, code, exitCode, title]) => [code, Number(exitCode), title]);
    expect(documented).toEqual(Object.entries(ERRORS).map(([code, { exitCode, title }]) => [code, exitCode, title]));
  });

  it('says for each code what to do', () => {
    for (const code of Object.keys(ERRORS)) expect(docs).toMatch(new RegExp(`^\\| \`${code}\` \\|[^|]*\\|[^|]*\\| .{10,} \\|$`, 'm'));
  });
});

describe('a SatsimError', () => {
  it('is recognised by brand, also when another copy of core made it', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('satsim.error')]: true });
    expect(isSatsimError(foreign)).toBe(true);
    expect(isSatsimError(new LaneError('flow', 'x'))).toBe(true);
    expect(isSatsimError(new Error('x'))).toBe(false);
  });

  it('becomes JSON with code, exit code and hint', () => {
    expect(new SatsimError('USAGE', 'what', { hint: 'do' }).toJSON()).toEqual({ code: 'USAGE', exitCode: 2, message: 'what', hint: 'do' });
    expect(new LaneError('flow', 'broken', { tickIndex: 3 }).toJSON()).toEqual({
      code: 'LANE_FAILED',
      exitCode: 1,
      message: 'broken',
      lane: 'flow',
      tickIndex: 3,
    });
  });

  it('keeps its cause', () => {
    const cause = new Error('below');
    expect(new SatsimError('INTERNAL', 'above', { cause }).cause).toBe(cause);
  });
});

describe('a fault', () => {
  it('is printed as file:line: field: what (what to do)', () => {
    expect(formatFault({ file: 'a.yaml', line: 3, path: ['ground', 0, 'lat'], message: 'too big', hint: 'use -90 to 90' })).toBe(
      'a.yaml:3: ground[0].lat: too big (use -90 to 90)',
    );
    expect(formatFault({ file: null, line: null, path: [], message: 'empty' })).toBe('empty');
    expect(formatPath(['links', 'isl', 'pairs', 0, 1])).toBe('links.isl.pairs[0][1]');
  });

  it('stands with all others in one ScenarioError', () => {
    const error = new ScenarioError([
      { file: 'a.yaml', line: 1, path: ['name'], message: 'missing' },
      { file: 'a.yaml', line: 2, path: ['time', 't0'], message: 'no such date' },
    ]);
    expect(error.message.split('\n')).toEqual(['a.yaml:1: name: missing', 'a.yaml:2: time.t0: no such date']);
    expect(error.toJSON()).toMatchObject({ exitCode: 2, faults: [{ path: 'name' }, { path: 'time.t0' }] });
  });
});
