import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellId, countCells, expandCells, parameterPaths } from './cells.js';
import { type SweepDefinition, sweepSchema } from './definition.js';
import { replicateSeed } from './draw.js';

const define = (rest: object): SweepDefinition => ({ ...sweepSchema.parse({ scenario: 's.yaml', ...rest }), name: 's' });
const idsOf = (rest: object): string[] => expandCells(define(rest)).map(({ cell }) => cell);
const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.string(), fc.constant(null));
const path = fc.stringMatching(/^[a-z_]{1,8}(\.[a-z_]{1,8}){0,2}$/);
const grid = fc.dictionary(path, fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) }), { maxKeys: 4 });

describe('the id of a cell', () => {
  it('is that of its parameters, in whatever order', () => {
    fc.assert(
      fc.property(fc.dictionary(path, fc.jsonValue()), (parameters) => {
        expect(cellId(Object.fromEntries(Object.entries(parameters).reverse()))).toBe(cellId(parameters));
      }),
    );
  });

  it('stays what it is: sweeps of earlier versions are gone on with', () => {
    expect(cellId({ 'links.gsl.min_elevation_deg': 10, seed: 3 })).toBe('8a3071b18e73');
    expect(cellId({})).toBe('44136fa355b3');
  });
});

describe('cells', () => {
  it('are every combination, each once, the same ones whatever the order of the keys', () => {
    fc.assert(
      fc.property(grid, fc.integer({ min: 1, max: 3 }), (values, replicates) => {
        const ids = idsOf({ grid: values, replicates });
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(countCells(define({ grid: values, replicates })));
        expect(idsOf({ grid: Object.fromEntries(Object.entries(values).reverse()), replicates }).sort()).toEqual(ids.toSorted());
      }),
    );
  });

  it('come in the order of the definition: list, grid, random, replicates', () => {
    const cells = expandCells(define({ list: [{ a: 1 }, { a: 2 }], grid: { b: ['x', 'y'] }, replicates: 2 }));
    expect(cells.map(({ parameters: { a, b }, replicate }) => [a, b, replicate].join(''))).toEqual(['1x1', '1x2', '1y1', '1y2', '2x1', '2x2', '2y1', '2y2']);
  });

  it('with equal values are one', () => expect(idsOf({ grid: { a: [1, 1, 2] } })).toHaveLength(2));

  it('without any parameter are one: the scenario', () => expect(expandCells(define({}))).toEqual([{ cell: '44136fa355b3', parameters: {}, replicate: null }]));

  it('are left out by include and exclude', () => {
    const grid = { a: [1, 2, 3], b: ['x', 'y'] };
    expect(idsOf({ grid, include: [{ a: [1, 2], b: 'x' }] })).toHaveLength(2);
    expect(idsOf({ grid, include: [{ a: 1 }, { b: 'y' }] })).toHaveLength(4);
    expect(idsOf({ grid, exclude: [{ a: 1 }, { a: 2, b: 'y' }] })).toHaveLength(3);
  });
});

describe('replicates', () => {
  it('have seeds that depend on the seed of the sweep and the number alone', () => {
    const seeds = (rest: object): unknown[] => expandCells(define(rest)).map(({ parameters }) => parameters['seed']);
    expect(seeds({ replicates: 2 })).toEqual([replicateSeed(0, 1), replicateSeed(0, 2)]);
    expect(seeds({ replicates: 3, grid: { a: [1] } }).slice(0, 2)).toEqual(seeds({ replicates: 2 }));
    expect(seeds({ replicates: 2, seed: 1 })).not.toEqual(seeds({ replicates: 2 }));
    // First 48 bits of SHA-256 of `satsim-sweep replicate 0 1`, by sha256sum.
    expect(replicateSeed(0, 1).toString(16)).toBe('c80c430bff85');
  });
});

describe('what is drawn', () => {
  const random = { samples: 200, parameters: { u: { uniform: [2, 3] }, l: { loguniform: [0.1, 1000] }, c: { choice: ['a', 'b', 'c'] } } };
  const column = (rest: object, name: string): unknown[] => expandCells(define(rest)).map(({ parameters }) => parameters[name]);

  it('lies in its range, and fills it', () => {
    const u = column({ random }, 'u') as number[];
    const l = column({ random }, 'l') as number[];
    expect(Math.min(...u)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...u)).toBeLessThanOrEqual(3);
    expect(u.reduce((sum, one) => sum + one, 0) / u.length).toBeCloseTo(2.5, 1);
    expect(Math.min(...l)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...l)).toBeLessThanOrEqual(1000);
    // Half of it below the geometric mean.
    expect(Math.abs(l.filter((one) => one < 10).length / l.length - 0.5)).toBeLessThan(0.1);
    expect(new Set(column({ random }, 'c'))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('is the same again, and not changed by other parameters or more samples', () => {
    expect(column({ random }, 'u')).toEqual(column({ random }, 'u'));
    expect(column({ random: { samples: 10, parameters: { u: random.parameters.u } } }, 'u')).toEqual(column({ random }, 'u').slice(0, 10));
    expect(column({ random, seed: 1 }, 'u')).not.toEqual(column({ random }, 'u'));
  });
});

it('parameters are in the order of the definition, the seed of replicates last', () => {
  expect(parameterPaths(define({ grid: { z: [1], a: [1] }, list: [{ m: 1 }, { n: 1 }], replicates: 1 }))).toEqual(['m', 'n', 'z', 'a', 'seed']);
});
