import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dir, shared, noShared, compile, json, faults, brief } from './compile.test-helper.js';

describe('sites of a CSV file', () => {
  const csv = (columns = { id: 0, lat: 1, lon: 2 }, more = {}) => ({ ground: [{ csv: { file: 'sites.csv', columns, ...more } }] });
  const write = (text: string) => writeFile(join(dir, 'sites.csv'), text);

  test('columns count from 0; a header is left out; names become ids; limit', async () => {
    await write('\uFEFFlatitude,name,altitude,longitude\n\n59.9,"Tromsø, north",12,10.7\n1,b,0,359.5\n2,c,0,2\n');
    const spec = await json(csv({ id: 1, lat: 0, lon: 3, alt_m: 2 } as never, { limit: 2 }));
    expect(spec.nodes.map(({ id, site }: any) => [id, site])).toEqual([
      ['Tromso-north', { lat_deg: 59.9, lon_deg: 10.7, alt_m: 12 }],
      ['b', { lat_deg: 1, lon_deg: 359.5 }],
    ]);
    expect(spec.nodes[0].role).toBe('USER_TERMINAL');
  });

  test('bad rows are faults of that file, each with its line', async () => {
    await write('a,1,2\nb,91,2\nc,1\n,1,2\nd,,2\na,1,2\n"e,1,2');
    const unclosed = await faults(csv());
    expect(unclosed).toEqual([expect.objectContaining({ file: join(dir, 'sites.csv'), message: expect.stringMatching(/quote/i) })]);
    await write('a,1,2\nb,91,2\nc,1\n,1,2\nd,,2\na,1,2\n');
    const found = await faults(csv());
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [2, 'line 2: lat 91 is not between -90 and 90'],
      [3, 'line 3: there is no column 2 (lon); the row has 2'],
      [4, 'line 4: there is no id in column 0'],
      [5, 'line 5: lat in column 1 is not a number: ""'],
      [6, 'line 6: node id a is used in line 1 already'],
    ]);
    expect(found.every(({ file }) => file === join(dir, 'sites.csv'))).toBe(true);
  });

  test('a missing file and an empty one', async () => {
    expect(brief(await faults(csv()))).toEqual([expect.stringContaining('no such file')]);
    await write('\n');
    expect(brief(await faults(csv()))).toEqual(['ground[0].csv.file: the file holds no sites']);
  });

  test.skipIf(noShared)('100 real cities', async () => {
    const { nodes } = await compile({ ground: [{ csv: { file: join(shared, 'cities-top100.csv'), columns: { id: 1, lat: 2, lon: 3 } } }] });
    expect(nodes.length).toBe(100);
    expect(nodes[3]!.id).toBe('Sao-Paulo');
  });
});
