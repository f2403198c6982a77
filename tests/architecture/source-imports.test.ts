import { expect, test } from 'vitest';
import { bareSpecifier, sourceImports } from './source-imports.js';

const names = (text: string) => sourceImports(text).map(({ specifier }) => specifier);

test.each([
  ['import a from "one";', ['one']],
  ["import 'one';\nimport * as a from 'two';", ['one', 'two']],
  ["import {\n  a,\n  type B,\n} from 'one';", ['one']],
  ["import a, { b } from 'one';", ['one']],
  ["export * from './one.js';\nexport { a } from './two.js';\nexport * as b from './three.js';", ['./one.js', './two.js', './three.js']],
  ["const a = await import('one');", ['one']],
  ["  const a = createRequire(import.meta.url)('x'); require('one');", ['one']],
  ["import.meta.resolve('one')", ['one']],
  ['await import(path)', [null]],
  ["await import(\n  'one'\n)", ['one']],
])('%j', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test.each([
  "// import 'one';",
  "/*\nimport 'one';\n*/",
  "/** export * from 'one'; */",
  'const text = "import \'one\'";',
  "export const a = { from: 'one' };",
  "export type A = B<'one'>;",
  "export const from = 'one';",
])('%j imports nothing', (text) => {
  expect(names(text)).toEqual([]);
});

test('type-only imports are told apart', () => {
  expect(sourceImports("import type { A } from 'one';\nexport type * from 'two';\nimport { type B } from 'three';").map(({ typeOnly }) => typeOnly)).toEqual([
    true,
    true,
    false,
  ]);
});

test('package and subpath of a specifier', () => {
  expect(bareSpecifier('@satsim/core/testing')).toEqual({ packageName: '@satsim/core', subpath: './testing' });
  expect(bareSpecifier('zod')).toEqual({ packageName: 'zod', subpath: '.' });
  expect([bareSpecifier('./a.js'), bareSpecifier('node:fs'), bareSpecifier('../b.js')]).toEqual([null, null, null]);
});
