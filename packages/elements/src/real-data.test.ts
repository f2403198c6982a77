import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseElements } from './parse-elements.js';
import { formatTle } from './format-elements.js';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const present = existsSync(DATA);
if (!present && process.env['CI']) throw new Error(`the real data (${DATA.pathname}) is not there, and CI may not skip it`);
const read = (path: string) => readFileSync(new URL(path, DATA));

describe.skipIf(!present)('real element files (skipped where ../shared/data is absent)', () => {
  it('6,469 Starlink sets without fault in less than 300 ms', () => {
    const content = read('starlink-2024-10-21.tle');
    const start = performance.now();
    const { elements, faults } = parseElements(content, 'starlink-2024-10-21.tle');
    expect(performance.now() - start).toBeLessThan(300);
    expect(faults).toEqual([]);
    expect(elements).toHaveLength(6469);
    expect(elements[0]).toMatchObject({ objectName: 'STARLINK-1008', noradCatId: 44714, objectId: '2019-074B', bstar: 0.0006304 });
    expect(new Set(elements.map((set) => set.noradCatId)).size).toBe(6469);
  });

  it('they can be written as 3LE again and mean the same', () => {
    const { elements } = parseElements(read('starlink-2024-10-21.tle'), 'x');
    expect(parseElements(formatTle(elements), 'x').elements).toEqual(elements);
  });

  it('the SGP4 verification deck, all but the three made-up error cases, whose checksums are wrong', () => {
    const { elements, faults } = parseElements(read('sgp4-verification/SGP4-VER.TLE'), 'SGP4-VER.TLE');
    expect(elements).toHaveLength(30);
    expect(faults.map((fault) => fault.line)).toEqual([100, 101, 103, 106, 107]);
    for (const fault of faults) expect(fault.message).toMatch(/^checksum is wrong/);
  });

  it('one published record in CSV and XML is the same elements; the JSON sample is a later epoch of that object', () => {
    const [csv, xml, json] = ['csv', 'xml', 'json'].map((encoding) => parseElements(read(`omm-samples/sample_omm.${encoding}`), `sample_omm.${encoding}`));
    expect(csv).toMatchObject({ format: 'omm-csv', elements: [{ objectName: 'VANGUARD 1', epoch: { nanos: 472_320_000 } }], faults: [] });
    expect(xml).toMatchObject({ format: 'omm-xml', faults: [] });
    expect(xml!.elements).toEqual(csv!.elements);
    expect(json).toMatchObject({ format: 'omm-json', elements: [{ noradCatId: 5, epoch: { nanos: 662_784_000 }, bstar: 0.00035436 }], faults: [] });
  });
});
