import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignments, parseGrid, parseMatchers, parseSet } from './overrides.js';

describe('the command line', () => {
  it('gives values as YAML', () => {
    expect(parseGrid('links.gsl.min_elevation_deg=10,15.5, 25')).toEqual(['links.gsl.min_elevation_deg', [10, 15.5, 25]]);
    expect(parseGrid('a=true,x,"1",2026-11-20T00:00:00Z,[f, g],{ b: 1 }')[1]).toEqual([true, 'x', '1', '2026-11-20T00:00:00Z', ['f', 'g'], { b: 1 }]);
    expect(parseSet('a=[]')).toEqual(['a', []]);
    expect(parseSet('a=')).toEqual(['a', null]);
  });

  it.each(['a', '=1', 'a=', 'a=[1', 'a=${X}'])('%s is no grid', (text) => expect(() => parseGrid(text)).toThrow('--grid'));

  it('gives matchers: of one parameter any value, and ids as text', () => {
    expect(parseMatchers(['a=1,2', 'b=x', 'a=3', 'cell=0012e3,45'], '--include')).toEqual({ a: [1, 2, 3], b: ['x'], cell: ['0012e3', '45'] });
  });
});

it('assignments have one order, and say `${` so that it is no reference', () => {
  expect(assignments({ z: 1 }, { b: '${HOME}', a: [1] })).toEqual(['z=1', 'a=[1]', 'b="$${HOME}"']);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
      expect(assignments(values)).toEqual(assignments(Object.fromEntries(Object.entries(values).reverse())));
    }),
  );
});
