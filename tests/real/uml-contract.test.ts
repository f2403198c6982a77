import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { boot } from './uml/boot.js';
import { BOOT_LIMIT_MS, once, REAL_TIME } from './uml/measured.js';
import { OPEN_VSWITCH } from './uml/open-vswitch.js';

const CONTRACT = fileURLToPath(new URL('uml/contract.ts', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'satsim-uml-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const told = once(place, async (folder) => {
  await boot(folder, [...OPEN_VSWITCH, `${process.execPath} ${CONTRACT} >rules.jsonl`].join('\n'), BOOT_LIMIT_MS);
  const lines = readFileSync(join(folder, 'rules.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { readonly block: object; readonly rule: string; readonly failure: string | null });
});

it('the contract of lanes, over a kernel with netem: every rule is kept, whatever shapes and whatever satellites are', REAL_TIME, async (context) => {
  const rules = await told(context);
  expect(rules.length).toBe(8 + 2);
  expect(rules.filter(({ failure }) => failure !== null)).toEqual([]);
});
