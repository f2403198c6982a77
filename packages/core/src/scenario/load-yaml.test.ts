import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { loadYaml } from './load-yaml.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-yaml-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const schema = z.strictObject({ name: z.string(), counts: z.array(z.int()).default([]) });

function file(text: string | Uint8Array): string {
  const path = join(dir, 'some.yaml');
  writeFileSync(path, text);
  return path;
}

it('reads a file by its schema, with the environment', async () => {
  const { value, faults, locate } = await loadYaml(file('name: "${WHO:-nobody}"\ncounts:\n  - 1\n'), schema, { WHO: 'me' });
  expect({ value, faults }).toEqual({ value: { name: 'me', counts: [1] }, faults: [] });
  expect(locate(['counts', 0])).toMatchObject({ line: 3 });
});

it('tells all faults at once, in the order of their lines', async () => {
  const { value, faults } = await loadYaml(file('counts: [1, x]\nnme: a\nname: ${NOT_SET}\n'), schema, {});
  expect(value).toBeNull();
  expect(faults).toMatchObject([
    { line: 1, path: ['counts', 1] },
    { line: 2, path: ['nme'], hint: 'did you mean `name`?' },
    { line: 3, path: ['name'], message: expect.stringContaining('NOT_SET') },
  ]);
  expect(faults).toHaveLength(3);
});

it.each([
  ['a: [', 'not valid YAML'],
  ['', 'expected a map'],
  [Uint8Array.of(0xff, 0xfe), 'not UTF-8'],
])('%j is a fault', async (text, message) => {
  const { value, faults } = await loadYaml(file(text), schema);
  expect(value).toBeNull();
  expect(faults).toMatchObject([{ message: expect.stringContaining(message) }]);
});

it('says that a file is not there', async () => {
  expect((await loadYaml(join(dir, 'none.yaml'), schema)).faults).toMatchObject([{ message: 'the file cannot be read: there is no such file', line: null }]);
});
