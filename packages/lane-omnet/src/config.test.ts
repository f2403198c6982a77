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
