import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementSet, Epoch } from './element-set.js';
import { epochFromUnixMs, epochToIso } from './epoch.js';
import { formatOmmJson, formatTle } from './format-elements.js';
import { parseElements } from './parse-elements.js';

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const seconds = fc.integer({ min: Date.UTC(1957, 0, 1) / 1000, max: Date.UTC(2057, 0, 1) / 1000 - 1 });
/** Multiples of 10⁻ⁿ, as the columns of a TLE hold them. */
const grid = (min: number, max: number, decimals: number) => fc.integer({ min, max }).map((units) => Number((units / 10 ** decimals).toFixed(decimals)));
const assumedDecimal = fc
  .tuple(fc.boolean(), fc.integer({ min: 10_000, max: 99_999 }), fc.integer({ min: -9, max: 9 }))
  .map(([minus, digits, exponent]) => Number(`${minus ? '-' : ''}0.${digits}e${exponent}`));
const tleEpoch: fc.Arbitrary<Epoch> = fc.tuple(seconds, fc.integer({ min: 0, max: 99_999_999 })).map(([second, unit]) => {
  const nanosOfDay = unit * 864_000;
  const secondOfDay = Math.floor(nanosOfDay / 1e9);
  return { unixSeconds: Math.floor(second / 86_400) * 86_400 + secondOfDay, nanos: nanosOfDay - secondOfDay * 1e9 };
});

const anySet: fc.Arbitrary<ElementSet> = fc.record({
  objectName: fc.string({ minLength: 1 }).map((text) => `N${text}`.trim()),
  objectId: fc.constantFrom('', '1998-067A', '2024-123ABC'),
  noradCatId: fc.integer({ min: 0, max: 999_999_999 }),
  epoch: fc.record({ unixSeconds: seconds, nanos: fc.integer({ min: 0, max: 999_999_999 }) }),
  meanMotionRevPerDay: real(1e-6, 20),
  eccentricity: real(0, 0.999),
  inclinationDeg: real(0, 180),
  raanDeg: real(-360, 360),
  argPerigeeDeg: real(-360, 360),
  meanAnomalyDeg: real(-360, 360),
  bstar: real(-10, 10),
  meanMotionDot: real(-1, 1),
  meanMotionDdot: real(-1, 1),
});

const tleSet: fc.Arbitrary<ElementSet> = fc.record({
  objectName: fc.stringMatching(/^[A-Z][A-Z0-9 ()-]{0,20}[A-Z0-9)]$/),
  objectId: fc.constantFrom('', '1998-067A', '2024-123ABC'),
  noradCatId: fc.integer({ min: 0, max: 339_999 }),
  epoch: tleEpoch,
  meanMotionRevPerDay: grid(1, 20 * 10 ** 8, 8),
  eccentricity: grid(0, 9_999_999, 7),
  inclinationDeg: grid(0, 1_800_000, 4),
  raanDeg: grid(0, 3_599_999, 4),
  argPerigeeDeg: grid(0, 3_599_999, 4),
  meanAnomalyDeg: grid(0, 3_599_999, 4),
  bstar: fc.oneof(fc.constant(0), assumedDecimal),
  meanMotionDot: grid(-99_999_999, 99_999_999, 8),
  meanMotionDdot: fc.oneof(fc.constant(0), assumedDecimal),
});

describe('formatting', () => {
  it('OMM JSON: what is written is read back to the last bit', () => {
    fc.assert(
      fc.property(fc.array(anySet, { minLength: 1 }), (sets) => {
        expect(parseElements(formatOmmJson(sets), 'x')).toEqual({ format: 'omm-json', elements: sets.map(withoutNegativeZero), faults: [] });
      }),
    );
  });

  it('3LE: what the columns can hold is read back to the last digit, in lines of 69 columns', () => {
    fc.assert(
      fc.property(fc.array(tleSet, { minLength: 1 }), (sets) => {
        const text = formatTle(sets);
        expect(parseElements(text, 'x')).toEqual({ format: 'tle', elements: sets.map(withoutNegativeZero), faults: [] });
        for (const line of text.split('\n').filter((candidate) => /^[12] /.test(candidate))) expect(line).toHaveLength(69);
      }),
    );
  });

  it('3LE: whatever the elements, what is written is readable or refused', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        let text: string;
        try {
          text = formatTle([set]);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        // A mean motion of nothing is the one value that the columns round to something meaningless.
        fc.pre(set.meanMotionRevPerDay >= 1e-6);
        expect(parseElements(text, 'x').faults).toEqual([]);
      }),
    );
  });

  it('3LE: a catalogue number of six digits beyond Alpha-5 is refused', () => {
    const [set] = fc.sample(tleSet, 1);
    expect(() => formatTle([{ ...set!, noradCatId: 340_000 }])).toThrow(/catalogue number 340000/);
  });

  it('an instant as text', () => {
    expect(epochToIso(epochFromUnixMs(Date.parse('2026-11-20T00:00:00.123Z')))).toBe('2026-11-20T00:00:00.123000Z');
    expect(epochToIso({ unixSeconds: -1, nanos: 1 })).toBe('1969-12-31T23:59:59.000000001Z');
    expect(epochFromUnixMs(-0.0005)).toEqual({ unixSeconds: -1, nanos: 999_999_500 });
    expect(epochFromUnixMs(-1e-9)).toEqual({ unixSeconds: 0, nanos: 0 });
  });
});

function withoutNegativeZero(set: ElementSet): ElementSet {
  return Object.fromEntries(Object.entries(set).map(([key, value]) => [key, value === 0 ? 0 : value])) as unknown as ElementSet;
}
