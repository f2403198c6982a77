import type { Verification } from '@satsim/replay';
import { expect, test } from 'vitest';
import { describeRun } from './verification-text.js';

test.each([
  [true, true, 3, 'r verified', 'ticks  3 of 3 recorded are computed the same again, of 9 planned'],
  [true, false, 3, 'r verified as far as that is possible here', 'ticks  3 of 3 recorded are computed the same again, of 9 planned'],
  [false, true, 0, 'r NOT VERIFIED', 'ticks  none that could be computed again, of 9 planned'],
])('ok: %j, sure: %j, %i ticks', (ok, sure, recorded, head, ticks) => {
  const found: Verification = {
    runId: 'r',
    runDir: '/r',
    ok,
    files: null,
    ticks: { identical: recorded, recorded, planned: 9 },
    traceSha256: { recorded: null, computed: null },
    divergence: null,
    notComputed: null,
    problems: [],
    notes: [],
  };
  expect(describeRun(found, sure).split('\n')).toMatchObject({ 0: head, 2: ticks });
});
