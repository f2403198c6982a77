import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseElements } from '@satsim/elements';
import { describe, expect, test } from 'vitest';
import { dir, shared, noShared, compile, faults, brief, elementFile } from './compile.test-helper.js';
import { satelliteElements } from './mean-elements.js';

describe('element files', () => {
  test('names become ids; those shared are told apart by catalogue number', async () => {
    const file = await elementFile('a.tle', ['STARLINK-1007', 'OBJECT A', 'OBJECT A', 'KOMPSAT 5']);
    const { nodes, inputs, spec } = await compile({ constellation: [{ elements: { file } }] });
    expect(nodes.map(({ id }) => id)).toEqual(['STARLINK-1007', 'OBJECT-A-2', 'OBJECT-A-3', 'KOMPSAT-5']);
    expect(inputs).toEqual([{ path: join(dir, 'a.tle'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), content: await readFile(join(dir, 'a.tle')) }]);
    expect(spec.nodes.every(({ shellPosition }) => shellPosition === undefined)).toBe(true);
  });

  test('are read once however often they are named, and selected from', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2', 'B-1']);
    const { nodes, inputs } = await compile({
      constellation: [{ elements: { file, select: { name: 'B-*' } } }, { elements: { file, select: { name: 'A-*' }, limit: 1 } }],
    });
    expect(nodes.map(({ id }) => id)).toEqual(['B-1', 'A-1']);
    expect(inputs.length).toBe(1);
  });

  test('catalogue numbers that the file does not have are a warning', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const { nodes, warnings } = await compile({ constellation: [{ elements: { file, select: { catalog: [2, 44714] } } }] });
    expect(nodes.map(({ id }) => id)).toEqual(['A-2']);
    expect(warnings).toEqual(['a.tle has no satellite with the catalogue number 44714']);
  });

  test('what goes in comes out: elements of the specification are those of the file', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const { spec } = await compile({ constellation: [{ elements: { file } }] });
    expect(satelliteElements(spec)).toEqual(parseElements(await readFile(join(dir, file)), file).elements);
  });

  test('a bad checksum is a fault with the file and the line in it', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const lines = (await readFile(join(dir, file), 'utf8')).split('\n');
    lines[4] = `${lines[4]!.slice(0, 68)}${(Number(lines[4]![68]) + 1) % 10}`;
    await writeFile(join(dir, file), lines.join('\n'));
    const [fault] = await faults({ constellation: [{ elements: { file } }] });
    expect(fault).toMatchObject({ file: join(dir, file), line: 5, path: ['constellation', 0, 'elements', 'file'], message: expect.stringContaining('line 5') });
    expect(fault!.message).toMatch(/checksum/i);
  });

  test('a file with thousands of faults tells some and the rest as a number', async () => {
    const file = await elementFile(
      'a.tle',
      Array.from({ length: 100 }, (_, i) => `A-${i}`),
    );
    const content = await readFile(join(dir, file), 'utf8');
    await writeFile(
      join(dir, file),
      content.replaceAll(/^([12] .{66})\d$/gm, (_, line) => `${line}${line.length % 7 === 0 ? 'x' : 'y'}`),
    );
    const found = await faults({ constellation: [{ elements: { file } }] });
    expect(found.length).toBe(21);
    expect(found.at(-1)!.message).toMatch(/^and \d+ more/);
  });

  test('missing, a folder, empty, nothing selected: faults that say what to do', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    await writeFile(join(dir, 'empty.tle'), '');
    const found = await faults({
      constellation: [
        { elements: { file: 'missing.tle' } },
        { elements: { file: '.' } },
        { elements: { file: 'empty.tle' } },
        { elements: { file, select: { name: 'STARLINK*' } } },
      ],
    });
    expect(brief(found)).toEqual([
      expect.stringMatching(/^constellation\[0\]\.elements\.file: .*missing\.tle: no such file/),
      expect.stringMatching(/^constellation\[1\]\.elements\.file: .*folder/),
      expect.stringMatching(/^constellation\[2\]\.elements\.file: /),
      'constellation[3].elements.select: no satellite of the file matches',
    ]);
    expect(found[0]!.line).toBe(7);
    expect(found[3]!.hint).toMatch(/^it holds 2, such as A-1 \(1\); inclinations 53\.0 to 53\.0°, altitudes 5[45]\d\.\d to 5[45]\d\.\d km$/);
  });

  test.skipIf(noShared)('6,469 real satellites', async () => {
    const { nodes } = await compile({ constellation: [{ elements: { file: join(shared, 'starlink-2024-10-21.tle') } }] });
    expect(nodes.length).toBe(6469);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(6469);
  });
});
