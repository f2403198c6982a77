import type { Verification } from '@satsim/replay';
import { expect, test } from 'vitest';
import { describeRun } from './verification-text.js';

test.each([
  [0, null, 'r has left nothing to verify'],
  [3, null, 'r verified'],
  [0, { checked: 2, changed: [] }, 'r verified'],
])('with %i ticks and files %j it is said: %s', (recorded, files, head) => {
  const found: Verification = {
    runId: 'r',
    runDir: '/r',
    ok: true,
    files,
    ticks: { identical: recorded, recorded, planned: 9 },
    traceSha256: { recorded: null, computed: null },
    divergence: null,
    notComputed: null,
    problems: [],
    notes: [],
  };
  expect(describeRun(found, true).split('\n')[0]).toBe(head);
});
