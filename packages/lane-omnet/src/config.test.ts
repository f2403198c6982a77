import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configSchema } from './config.js';

it('nothing has to be said', () => {
  expect(configSchema.parse(undefined)).toEqual({
    root: null,
    project_path: null,
    ini_path: null,
    ini_config: 'General',
    run_args: [],
    trace_mode: 'file',
    in_flight: 'cut',
    record_vectors: true,
    result_format: 'text',
  });
});

it.each([
  ['a shell string', { run_args: '--a --b' }],
  ['an ini file without its project', { ini_path: 'omnetpp.ini' }],
  ['a section that is an option', { ini_config: '-c' }],
  ['another trace mode', { trace_mode: 'socket' }],
  ['a key that it does not know', { projct_path: '.' }],
])('%s is refused', (_, block) => {
  expect(configSchema.safeParse(block).success).toBe(false);
});

it('the README has every key with its default', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = Array.from(readme.matchAll(/^\| `(\w+)` \| `(.+?)` \|/gm), ([, key, value]) => [key, value]);
  const defaults = Object.entries(configSchema.parse(undefined)).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
  expect(rows).toEqual(defaults);
});
