import { Command } from 'commander';
import { beforeEach, expect, test, vi } from 'vitest';
import { define } from './verify.js';

const found = { recorded: 0, files: null as object | null };
const printed: string[] = [];

vi.mock('../find-run.js', () => ({ A_RUN: 'a run', findRun: () => Promise.resolve({ manifest: null }) }));
vi.mock('../find-sweep.js', () => ({ findSweep: () => null, addSweepsRootOption: (command: Command) => command }));
vi.mock('../plan-file.js', () => ({ findPlugins: () => Promise.resolve({ candidates: [] }) }));
vi.mock('../output.js', () => ({ print: (text: string) => Promise.resolve(void printed.push(text)), printJson: () => {}, tell: () => Promise.resolve() }));
vi.mock('@satsim/replay', async (original) => ({
  ...(await original<object>()),
  verifyRun: () =>
    Promise.resolve({
      runId: 'r',
      runDir: '/r',
      ok: true,
      files: found.files,
      ticks: { identical: found.recorded, recorded: found.recorded, planned: 9 },
      traceSha256: { recorded: null, computed: null },
      divergence: null,
      notComputed: null,
      problems: [],
      notes: [],
    }),
}));

beforeEach(() => void printed.splice(0));

test.each([
  [0, null, 'r has left nothing to verify'],
  [3, null, 'r verified'],
  [0, { checked: 2, changed: [] }, 'r verified'],
])('with %i ticks and files %j it is said: %s', async (recorded, files, head) => {
  Object.assign(found, { recorded, files });
  const command = new Command('verify');
  define(command);
  await command.parseAsync(['r'], { from: 'user' });
  expect(printed.join().split('\n')[0]).toBe(head);
});
