import type { RunResult } from '@satsim/core';
import { expect, test } from 'vitest';
import { describeResult } from './run-summary.js';

const lane = (name: string) => ({ name, state: 'stopped', ticks: 3, error: null }) as const;
const result = (lanes: RunResult['lanes']) =>
  ({ runId: 'r', runDir: '/r', outcome: 'completed', ticks: 3, traceSha256: null, lanes, exporters: [], flows: [], comparison: null, assertions: [] }) as never;

test('what lanes have counted stands in a line for each of them, and of those that count nothing there is none', () => {
  const lines = describeResult(result([lane('flow'), { ...lane('mininet'), figures: { readBackInterfaces: 12, readBackDifferences: 0 } }])).split('\n');
  expect(lines.filter((line) => line.startsWith('lane '))).toEqual(['lane mininet: readBackInterfaces 12, readBackDifferences 0']);
  expect(describeResult(result([lane('flow')]))).not.toContain('lane flow');
});
