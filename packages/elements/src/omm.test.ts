import { describe, expect, it } from 'vitest';
import type { ElementSet } from './element-set.js';
import { formatOmmJson } from './format-elements.js';
import { parseElements } from './parse-elements.js';

const SET: ElementSet = {
  objectName: 'A & B <1>',
  objectId: '2024-001A',
  noradCatId: 799_501_234,
  epoch: { unixSeconds: Date.parse('2024-10-21T04:23:42Z') / 1000, nanos: 123_456_000 },
  meanMotionRevPerDay: 15.06392401,
  eccentricity: 0.000143,
  inclinationDeg: 53.0538,
  raanDeg: 291.4383,
  argPerigeeDeg: 87.7458,
  meanAnomalyDeg: 164.0949,
  bstar: 0.0006304,
  meanMotionDot: 0.0000941,
  meanMotionDdot: -1.5e-9,
};

const RECORD: Readonly<Record<string, string>> = {
  OBJECT_NAME: 'A & B <1>',
  OBJECT_ID: '2024-001A',
  EPOCH: '2024-10-21T04:23:42.123456',
  MEAN_MOTION: '15.06392401',
  ECCENTRICITY: '.000143',
  INCLINATION: '53.0538',
  RA_OF_ASC_NODE: '291.4383',
  ARG_OF_PERICENTER: '87.7458',
  MEAN_ANOMALY: '164.0949',
  EPHEMERIS_TYPE: '0',
  NORAD_CAT_ID: '799501234',
  BSTAR: '.6304E-3',
  MEAN_MOTION_DOT: '9.41e-5',
  MEAN_MOTION_DDOT: '-.15E-8',
};
type Fields = Readonly<Record<string, string | number | null>>;
const without = (keyword: string): Fields => Object.fromEntries(Object.entries(RECORD).filter(([key]) => key !== keyword));

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const tags = (fields: Fields, keywords: (keyword: string) => boolean) =>
  Object.entries(fields)
    .filter(([keyword]) => keywords(keyword))
    .map(([keyword, value]) => `<${keyword}>${escape(String(value))}</${keyword}>`)
    .join('\n');
const META = new Set(['OBJECT_NAME', 'OBJECT_ID']);
const omm = (fields: Fields) =>
  `<omm id="CCSDS_OMM_VERS" version="2.0"><header><CREATION_DATE/><ORIGINATOR a='x>y'/></header><body><segment>` +
  `<metadata>${tags(fields, (key) => META.has(key))}</metadata><!-- <EPOCH>no</EPOCH> --><data>${tags(fields, (key) => !META.has(key))}</data></segment></body></omm>`;

const encode = {
  json: (records: readonly Fields[]) => JSON.stringify(records, null, 1),
  csv: (records: readonly Fields[]) => [Object.keys(records[0]!), ...records.map((record) => Object.values(record))].map((row) => row.join(',')).join('\r\n'),
  xml: (records: readonly Fields[]) => `<?xml version="1.0"?>\n<ndm:ndm xmlns:ndm="urn:x">\n${records.map(omm).join('\n')}\n</ndm:ndm>`,
  kvn: (records: readonly Fields[]) =>
    records
      .map(
        (record) =>
          `CCSDS_OMM_VERS = 3.0\nCOMMENT free text\n${Object.entries(record)
            .map(([key, value]) => `${key}   = ${value}`)
            .join('\n')}`,
      )
      .join('\n\n'),
};

describe.each(Object.entries(encode))('OMM %s', (name, write) => {
  const parse = (...records: Fields[]) => parseElements(write(records), 'no-extension');

  it('gives the same elements as every other encoding, whatever the number of messages', () => {
    expect(parse(RECORD, { ...RECORD, OBJECT_NAME: 'C' })).toEqual({ format: `omm-${name}`, elements: [SET, { ...SET, objectName: 'C' }], faults: [] });
  });

  it.each(['EPOCH', 'MEAN_MOTION', 'ECCENTRICITY', 'INCLINATION', 'RA_OF_ASC_NODE', 'ARG_OF_PERICENTER', 'MEAN_ANOMALY', 'NORAD_CAT_ID', 'BSTAR'])(
    'a message without %s is a fault that names it, its record and line',
    (keyword) => {
      const { elements, faults } = parse(without(keyword));
      expect(elements).toEqual([]);
      expect(faults).toHaveLength(1);
      expect(faults[0]!.message).toContain(`record 1 ("A & B <1>"): ${keyword} is missing`);
      expect(faults[0]!.line).toBeGreaterThan(0);
    },
  );

  it('derivatives of the mean motion may be absent, and a nameless object is called by its catalogue number', () => {
    const { elements } = parse(Object.fromEntries(Object.entries(RECORD).filter(([key]) => !/^(MEAN_MOTION_D|OBJECT_)/.test(key))));
    expect(elements).toEqual([{ ...SET, objectName: '799501234', objectId: '', meanMotionDot: 0, meanMotionDdot: 0 }]);
  });

  it.each([
    ['MEAN_MOTION', 'fifteen'],
    ['MEAN_MOTION', 'NaN'],
    ['MEAN_MOTION', '1e999'],
    ['MEAN_MOTION', '0x10'],
    ['MEAN_MOTION', '-1'],
    ['ECCENTRICITY', '1'],
    ['INCLINATION', '181'],
    ['NORAD_CAT_ID', '12.5'],
    ['NORAD_CAT_ID', '1000000000'],
    ['EPOCH', '2023-02-29T00:00:00'],
    ['EPOCH', 'yesterday'],
    ['REF_FRAME', 'GCRF'],
    ['TIME_SYSTEM', 'TAI'],
    ['MEAN_ELEMENT_THEORY', 'DSST'],
    ['EPHEMERIS_TYPE', '4'],
  ])('a fault, and no element set: %s %s', (keyword, value) => {
    const { elements, faults } = parse({ ...RECORD, [keyword]: value });
    expect(elements).toEqual([]);
    expect(faults).toHaveLength(1);
  });
});

describe('OMM', () => {
  it('JSON: one object instead of an array; numbers instead of text; null is missing', () => {
    const numbers = { ...RECORD, MEAN_MOTION: 15.06392401, BSTAR: 0.0006304, NORAD_CAT_ID: 799_501_234, MEAN_MOTION_DDOT: -1.5e-9 };
    expect(parseElements(JSON.stringify(numbers), 'x').elements).toEqual([SET]);
    expect(parseElements(JSON.stringify({ ...numbers, BSTAR: null }), 'x').faults[0]!.message).toContain('BSTAR is missing');
  });

  it('JSON: a fault names the line on which its record begins', () => {
    const text = `[\n${JSON.stringify(RECORD)},\n\n  {"OBJECT_NAME": "[,\\"{"}\n, 7]`;
    expect(parseElements(text, 'x').faults.map((fault) => fault.line)).toEqual([5, ...Array<number>(9).fill(4)]);
    expect(parseElements('[\n{]', 'x').faults[0]).toMatchObject({ line: 2 });
  });

  it('CSV: quoted cells; a row with too few cells is a fault by its line', () => {
    const text = `${Object.keys(RECORD).join(',')}\n"A, ""B""",${Object.values(RECORD).slice(1).join(',')}\n1,2,3\n`;
    const { elements, faults } = parseElements(text, 'x');
    expect(elements[0]!.objectName).toBe('A, "B"');
    expect(faults).toEqual([{ line: 3, message: '3 cells under a header of 14' }]);
  });

  it('XML: one message without ndm; CDATA; numeric entities', () => {
    expect(parseElements(omm(RECORD), 'x').elements).toEqual([SET]);
    const text = omm(RECORD).replace('A &amp; B &lt;1>', '<![CDATA[A & B]]>&#32;&#x3c;1&gt;');
    expect(parseElements(text, 'x').elements).toEqual([SET]);
  });

  it.each(['<omm><body>', '<omm></body></omm>', '<omm', '<omm><!-- </omm>', '<omm>&nbsp;</omm>', '</omm>', '<omm>&#x110000;</omm>', '<1/>'])(
    'XML: %s is a fault',
    (text) => {
      expect(parseElements(text, 'x')).toMatchObject({ elements: [], faults: [{ line: 1 }] });
    },
  );

  it('KVN: units, blocks without header, a keyword given twice', () => {
    const lines = Object.entries({ ...RECORD, MEAN_MOTION: '15.06392401 [rev/day]' }).map(([key, value]) => `${key} = ${value}`);
    expect(parseElements([...lines, ...lines].join('\n'), 'x')).toMatchObject({ elements: [SET, SET], faults: [] });
    expect(parseElements([...lines, lines[3]!].join('\n'), 'x').faults).toEqual([{ line: 15, message: 'MEAN_MOTION is given twice in one message' }]);
  });

  it('an epoch is exact to the nanosecond, as calendar date or day of year', () => {
    const epoch = (text: string) => parseElements(JSON.stringify({ ...RECORD, EPOCH: text }), 'x').elements[0]?.epoch;
    expect(epoch('2024-12-31T23:59:59.999999999Z')).toEqual({ unixSeconds: 1_735_689_599, nanos: 999_999_999 });
    expect(epoch('2024-366T23:59:59.1')).toEqual({ unixSeconds: 1_735_689_599, nanos: 100_000_000 });
    expect(epoch('2023-366T00:00:00')).toBeUndefined();
    expect(epoch('2024-10-21T24:00:00')).toBeUndefined();
  });

  it('what a file is, is told by its content; by its name only when it says nothing', () => {
    expect(parseElements(formatOmmJson([SET]), 'misnamed.tle').format).toBe('omm-json');
    expect(parseElements('', 'x.xml')).toEqual({ format: 'omm-xml', elements: [], faults: [{ line: null, message: 'no element set in the file' }] });
    expect(parseElements('\uFEFF[]', 'x').format).toBe('omm-json');
  });
});
