import { describe, expect, it } from 'vitest';
import { epochFromUnixMs } from './epoch.js';
import { selectElements } from './select-elements.js';
import { walkerShell } from './walker.js';

const shell = (name: string, altitudeKm: number, inclinationDeg: number) =>
  walkerShell({ name, pattern: 'delta', planes: 2, perPlane: 2, altitudeKm, inclinationDeg, phasing: 0 }, epochFromUnixMs(0)).map(({ elements }) => elements);
const ALL = [...shell('LOW', 540, 53), ...shell('HIGH', 1200, 87.9)];
const names = (...args: Parameters<typeof selectElements> extends [unknown, ...infer Rest] ? Rest : never) =>
  selectElements(ALL, ...args).map((set) => set.objectName);

describe('selection of element sets', () => {
  it.each([
    ['LOW-*', ['LOW-1-1', 'LOW-1-2', 'LOW-2-1', 'LOW-2-2']],
    ['*-1-?', ['LOW-1-1', 'LOW-1-2', 'HIGH-1-1', 'HIGH-1-2']],
    ['*H*2*1', ['HIGH-2-1']],
    ['HIGH-1-1', ['HIGH-1-1']],
    ['low-*', []],
    ['LOW', []],
    ['LOW-1-1?', []],
    ['', []],
  ])('name %s', (name, expected) => {
    expect(names({ name })).toEqual(expected);
  });

  it('a pattern takes no exponential time', () => {
    const set = { ...ALL[0]!, objectName: 'a'.repeat(5000) };
    const start = performance.now();
    expect(selectElements([set], { name: `${'*a'.repeat(100)}*b` })).toEqual([]);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('by catalogue number, in the order of the file', () => {
    expect(names({ catalog: [3, 1] })).toEqual(['LOW-1-1', 'LOW-2-1', 'HIGH-1-1', 'HIGH-2-1']);
  });

  it('by inclination, both ends included', () => {
    expect(names({ inclinationDeg: [87.9, 90] })).toHaveLength(4);
    expect(names({ inclinationDeg: [52, 53] })).toHaveLength(4);
    expect(names({ inclinationDeg: [53.1, 87] })).toEqual([]);
  });

  it('by mean altitude', () => {
    expect(names({ altitudeKm: [539.9, 540.1] })).toEqual(['LOW-1-1', 'LOW-1-2', 'LOW-2-1', 'LOW-2-2']);
  });

  it('all conditions together, and the limit after them', () => {
    expect(names({ name: '*-2-*', altitudeKm: [1000, 2000] }, 1)).toEqual(['HIGH-2-1']);
    expect(names({}, 3)).toHaveLength(3);
    expect(names({})).toHaveLength(8);
  });
});
