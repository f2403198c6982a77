import { describe, expect, it } from 'vitest';
import { parseElements } from './parse-elements.js';
import { tleChecksum } from './tle-line.js';

const NAME = 'ISS (ZARYA)';
const ONE = '1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927';
const TWO = '2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537';

const parse = (...lines: string[]) => parseElements(lines.join('\n'), 'test.tle');
const messages = (...lines: string[]) => parse(...lines).faults.map((fault) => `${fault.line}: ${fault.message}`);
/** Puts `text` at a column (from 1) and mends the checksum, so that only the change itself is at fault. */
function edit(line: string, column: number, text: string): string {
  const edited = line.slice(0, column - 1) + text + line.slice(column - 1 + text.length);
  return edited.slice(0, 68) + tleChecksum(edited);
}

describe('TLE', () => {
  it('reads every field of a published set', () => {
    expect(parse(NAME, ONE, TWO)).toEqual({
      format: 'tle',
      faults: [],
      elements: [
        {
          objectName: NAME,
          objectId: '1998-067A',
          noradCatId: 25544,
          epoch: { unixSeconds: Date.parse('2008-09-20T12:25:40Z') / 1000, nanos: 104_192_000 },
          meanMotionRevPerDay: 15.72125391,
          eccentricity: 0.0006703,
          inclinationDeg: 51.6416,
          raanDeg: 247.4627,
          argPerigeeDeg: 130.536,
          meanAnomalyDeg: 325.0288,
          bstar: -0.000011606,
          meanMotionDot: -0.00002182,
          meanMotionDdot: 0,
        },
      ],
    });
  });

  it.each([
    ['a bare name', ['STARLINK-1'], 'STARLINK-1'],
    ['0 and the name', ['0 STARLINK-1  '], 'STARLINK-1'],
    ['a name that looks like a line, after 0', ['0 1 HOPPER'], '1 HOPPER'],
    ['no name: the catalogue number', [], '25544'],
    ['an empty name: the catalogue number', ['0 '], '25544'],
  ])('names: %s', (_, name, expected) => {
    const { elements, faults } = parse(...name, ONE, TWO);
    expect(faults).toEqual([]);
    expect(elements[0]!.objectName).toBe(expected);
  });

  it('passes over text after column 69, comment lines, blank lines and CRLF', () => {
    const { elements, faults } = parseElements(`#  a comment\r\n\r\n${ONE}\r\n${TWO}     0.00      4320.0        360.00\r\n`, 'x');
    expect(faults).toEqual([]);
    expect(elements).toHaveLength(1);
  });

  it.each(['72 22', '1 22', '2 22 '])('passes over the first line of a tles.txt of Hypatia (%j) and still counts it', (counts) => {
    expect(parse(counts, 'Shell 0', ONE, TWO)).toMatchObject({ faults: [], elements: [{ objectName: 'Shell 0' }] });
    expect(messages(counts, 'Shell 0', ONE, `${TWO.slice(0, 68)}3`)).toEqual([expect.stringMatching(/^4: checksum/)]);
  });

  it('two numbers are a name where line 1 follows, and a fault where a line 1 was cut off', () => {
    expect(parse('72 22', ONE, TWO).elements[0]!.objectName).toBe('72 22');
    expect(messages('1 25544', TWO)).toEqual([expect.stringMatching(/^1: line 1 .* 7 columns/)]);
  });

  it('names the line of a wrong checksum, what it says and what the line adds up to', () => {
    expect(messages(NAME, ONE, `${TWO.slice(0, 68)}3`)).toEqual(['3: checksum is wrong: column 69 says "3", the line adds up to 7']);
  });

  it('counts a minus sign as 1 in the checksum', () => {
    expect(tleChecksum('1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  292')).toBe(7);
    expect(tleChecksum('--'.padEnd(68))).toBe(2);
  });

  it('keeps the good sets of a file with a bad one', () => {
    const { elements, faults } = parse('A', ONE, TWO, 'B', `${ONE.slice(0, 68)}0`, TWO, 'C', ONE, TWO);
    expect(elements.map((set) => set.objectName)).toEqual(['A', 'C']);
    expect(faults.map((fault) => fault.line)).toEqual([5]);
  });

  it.each([
    ['A0000', 100_000],
    ['H9999', 179_999],
    ['J0000', 180_000],
    ['P0000', 230_000],
    ['Z9999', 339_999],
    ['    5', 5],
  ])('Alpha-5: %s is %d', (columns, number) => {
    expect(parse(edit(ONE, 3, columns), edit(TWO, 3, columns)).elements[0]?.noradCatId).toBe(number);
  });

  it.each(['I0000', 'O0000', 'a0000', '12 45', 'AB000'])('no catalogue number: %s', (columns) => {
    expect(messages(edit(ONE, 3, columns), edit(TWO, 3, columns))).toEqual([
      `1: satellite number (columns 3-7) cannot be read: "${columns}"`,
      `2: satellite number (columns 3-7) cannot be read: "${columns}"`,
    ]);
  });

  it('refuses a pair whose satellite numbers differ', () => {
    expect(messages(ONE, edit(TWO, 3, '25545'))).toEqual(['2: satellite number 25545 differs from 25544 in the line 1 before it (line 1)']);
  });

  it.each([
    ['57', 1957],
    ['99', 1999],
    ['00', 2000],
    ['56', 2056],
  ])('epoch year %s is %d', (columns, year) => {
    const { elements } = parse(edit(ONE, 19, `${columns}001.00000000`), TWO);
    expect(elements[0]?.epoch).toEqual({ unixSeconds: Date.UTC(year, 0, 1) / 1000, nanos: 0 });
  });

  it('takes the epoch exactly: the last decimal is 864 µs', () => {
    const { elements } = parse(edit(ONE, 19, '24366.99999999'), TWO);
    expect(elements[0]?.epoch).toEqual({ unixSeconds: Date.UTC(2025, 0, 1) / 1000 - 1, nanos: 999_136_000 });
  });

  it.each(['24000.50000000', '23366.00000000', '24  1.0000000x', '24367.00000000', '24 1 .00000000'])('no epoch: %s', (columns) => {
    expect(messages(edit(ONE, 19, columns), TWO)).toEqual([`1: epoch (columns 19-32) cannot be read: "${columns}"`]);
  });

  it.each([
    [' 12345-3', 0.00012345],
    ['-12345+1', -1.2345],
    ['+00000+0', 0],
    ['-00000-0', 0],
    [' 00001-9', 1e-14],
  ])('assumed decimal point: %s is %d', (columns, value) => {
    const { elements, faults } = parse(edit(ONE, 54, columns), TWO);
    expect(faults).toEqual([]);
    expect(elements[0]!.bstar).toBe(value);
  });

  it.each([
    ['a shifted line', [` ${ONE.slice(0, 1)}${ONE.slice(2)}`, TWO]],
    ['a shifted field', [ONE, edit(TWO, 17, '2')]],
    ['a short line', [ONE.slice(0, 50), TWO]],
    ['no line 2', [ONE]],
    ['no line 1', [TWO]],
    ['two lines 1', [ONE, ONE, TWO]],
    ['a name alone', ['NAME']],
    ['a name between the lines', [ONE, 'NAME', TWO]],
    ['inclination above 180°', [ONE, edit(TWO, 9, '180.0001')]],
    ['mean motion 0', [ONE, edit(TWO, 53, ' 0.00000000')]],
    ['letters for the eccentricity', [ONE, edit(TWO, 27, '00o6703')]],
    ['SGP4-XP', [edit(ONE, 63, '4'), TWO]],
    ['nothing at all', ['']],
  ])('a fault: %s', (_, lines) => {
    expect(messages(...lines).length).toBeGreaterThan(0);
  });
});
