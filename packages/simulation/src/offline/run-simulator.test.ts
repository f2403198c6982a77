import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestLaneDeps, testLaneDeps } from '@satsim/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSimulator, type SimulatorCommand } from './run-simulator.js';

let bench: TestLaneDeps;
beforeEach(async () => {
  bench = await testLaneDeps();
});
afterEach(() => bench.dispose());

const start = (script: string, more: Partial<SimulatorCommand> = {}, signal = new AbortController().signal) => {
  const { processes, artifacts, logger } = bench.deps;
  return runSimulator({ lane: 'sim', command: 'sh', args: ['-c', script], cwd: artifacts.dir, logs: 'sim', ...more }, { processes, artifacts, logger, signal });
};
const log = (name: string): string => readFileSync(join(bench.deps.artifacts.dir, name), 'utf8');

test('what it says goes to files and to who listens', async () => {
  const lines: string[] = [];
  await start('echo one; echo two; echo three >&2', { onLine: (line) => void lines.push(line) });
  expect([lines, log('sim.out.log'), log('sim.err.log')]).toEqual([['one', 'two'], 'one\ntwo\n', 'three\n']);
});

test('another exit code is a failure that tells the end of stderr', async () => {
  await expect(start('echo "links.trace:7: up with rate 0" >&2; exit 3')).rejects.toMatchObject({
    code: 'LANE_FAILED',
    message: 'sh: exit code 3: links.trace:7: up with rate 0',
    hint: 'sim.out.log and sim.err.log have all that it said',
  });
  expect(log('sim.err.log')).toBe('links.trace:7: up with rate 0\n');
});

test('an end by a signal is a failure whatever the rules', async () => {
  await expect(start('kill -9 $$', { judge: () => null })).rejects.toThrow('sh: it was ended by SIGKILL');
});

test('the lane judges by exit code, when it has heard every line', async () => {
  const lines: string[] = [];
  const how: Partial<SimulatorCommand> = {
    judge: ({ exitCode }) => (exitCode === 4 && lines.at(-1) === 'the end' ? null : 'it stopped early'),
    onLine: (line) => void lines.push(line),
  };
  await expect(start('echo the end; exit 4', how)).resolves.toMatchObject({ exitCode: 4 });
  await expect(start('echo a limit', how)).rejects.toThrow('sh: it stopped early');
});

test('an abort ends it in time, also when it ignores SIGTERM', async () => {
  const abort = new AbortController();
  const running = start("trap '' TERM; while :; do sleep 0.1; done", {}, abort.signal);
  setTimeout(() => abort.abort(new Error('stopped')), 200);
  const started = performance.now();
  await expect(running).rejects.toThrow('stopped');
  expect(performance.now() - started).toBeLessThan(1_200);
  expect((await bench.dispose()).processIds).toEqual([]);
});

test('a log that cannot be written fails it', async () => {
  const { processes, logger, artifacts } = bench.deps;
  const full = {
    ...artifacts,
    dir: artifacts.dir,
    openStream: async () => ({ write: () => Promise.reject(new Error('the disk is full')), close: async () => {} }),
  };
  const simulator = { lane: 'sim', command: 'sh', args: ['-c', 'echo x'], cwd: artifacts.dir, logs: 'sim' };
  await expect(runSimulator(simulator, { processes, logger, artifacts: full, signal: new AbortController().signal })).rejects.toThrow('the disk is full');
});
