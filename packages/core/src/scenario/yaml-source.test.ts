import { describe, expect, it } from 'vitest';
import { unpack } from './located.js';
import { readYaml } from './yaml-source.js';

const read = (text: string, env: Record<string, string> = {}) => readYaml(text, 'f.yaml', env);
const value = (text: string, env?: Record<string, string>) => unpack(read(text, env).root!).value;

describe('reading YAML', () => {
  it('names the line of a syntax error, once', () => {
    expect(read('name: x\ntime: {\n  a: ]\n')).toMatchObject({
      root: null,
      faults: [{ file: 'f.yaml', line: 3, message: expect.stringContaining('not valid YAML') }],
    });
    expect(read('a: 1\nb:\n\t- c\n').faults).toMatchObject([{ line: 3 }]);
    expect(read('a: 1\n---\nb: 2\n').faults).toMatchObject([{ line: 2 }]);
  });

  it('advises quotes where an environment variable breaks flow style', () => {
    expect(read('time: { t0: ${T0} }\n').faults).toMatchObject([{ line: 1, hint: expect.stringContaining('quotes') }]);
  });

  it('refuses a key that is given twice, at its second line', () => {
    expect(read('a:\n  b: 1\n  c: 2\n  b: 3\n').faults).toEqual([
      { message: 'the key `b` is already given in line 2', path: ['a', 'b'], file: 'f.yaml', line: 4 },
    ]);
    expect(read('{"a": 1, "a": 2}').faults).toMatchObject([{ path: ['a'], line: 1 }]);
  });

  it('takes anchors and aliases, the latest anchor before the alias', () => {
    expect(value('a: &x { k: &y 1 }\nb: &y 2\nc: *x\nd: *y\n')).toEqual({ a: { k: 1 }, b: 2, c: { k: 1 }, d: 2 });
    expect(read('a: *q\n').faults).toMatchObject([{ path: ['a'], line: 1, message: 'the alias *q has no anchor &q before it' }]);
    expect(read('a: &q [*q]\n').faults).toMatchObject([{ path: ['a', 0] }]);
  });

  it('refuses an alias bomb without expanding it', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`),
    ].join('\n');
    expect(read(bomb).faults[0]?.message).toBe("the file's aliases stand for more than 100000 values");
  });

  it.each(['['.repeat(200_000), '- '.repeat(20_000), `a: ${'{ a: '.repeat(150)}1${' }'.repeat(150)}`])('refuses what is nested too deeply', (text) => {
    expect(read(text).faults[0]?.message).toMatch(/nested/);
  });

  it('refuses NaN and infinity, tags, keys that are not text, __proto__', () => {
    expect(unpack(read('a: .nan\nb: [.inf, -.inf]\n').root!).problems.map(({ path, message }) => [path, message])).toEqual([
      [['a'], 'a number must be finite, found .nan'],
      [['b', 0], 'a number must be finite, found .inf'],
      [['b', 1], 'a number must be finite, found -.inf'],
    ]);
    expect(read('a: !py/object x\n').faults).toMatchObject([{ line: 1 }]);
    expect(read('a: 1\n? [x]\n: 1\n').faults).toMatchObject([{ line: 2, message: 'a key must be plain text' }]);
    expect(read('__proto__: { x: 1 }\n').faults).toMatchObject([{ line: 1, message: 'the key `__proto__` is not allowed' }]);
  });

  it('leaves times, yes and no as text, as YAML 1.2 does', () => {
    expect(value('t: 2026-11-20T00:00:00Z\ny: yes\nn: 0x10\ne: 1e3\n')).toEqual({ t: '2026-11-20T00:00:00Z', y: 'yes', n: 16, e: 1000 });
  });
});

describe('the environment in values', () => {
  const env = { N: '42', E: '', T: 'x: y', P: '/data' };

  it('reads a value that is wholly one variable as YAML, quoted or not', () => {
    expect(value('a: ${N}\nb: { c: "${N}" }\nd: ${M:-2.5}\ne: ${M:-true}\nf: ${T}\n', env)).toEqual({ a: 42, b: { c: 42 }, d: 2.5, e: true, f: 'x: y' });
  });

  it('keeps text around it as text', () => {
    expect(value('a: ${P}/x\nb: ${N}${N}\nc: ${N}s\nd: $${N} $N\n', env)).toEqual({ a: '/data/x', b: '4242', c: '42s', d: '${N} $N' });
  });

  it('takes the default when unset or empty; an empty value is an empty text', () => {
    expect(value('a: ${E:-d}\nb: ${M:-}\nc: ${E}\n', env)).toEqual({ a: 'd', b: '', c: '' });
  });

  it('names a variable that is not set, and what is no reference', () => {
    const { problems } = unpack(read('a: 1\nb: ${toString}\nc: ${1x}\n', env).root!);
    expect(problems).toMatchObject([
      { path: ['b'], message: 'the environment variable toString is not set' },
      { path: ['c'], message: expect.stringContaining('`${` starts') },
    ]);
  });

  it('finds NaN in a variable too', () => {
    expect(unpack(read('a: ${X}', { X: '.nan' }).root!).problems).toHaveLength(1);
  });
});
