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

test('loss and goodput have a column where any flow has them', () => {
  const flow = { lane: 'flow', rttMs: null, lossPct: null, goodputMbps: null, availability: 1, outages: 0, handovers: 0, pathChanges: 0, mainPath: null };
  const linesOf = (flows: readonly object[]) => describeResult({ ...(result([lane('flow')]) as object), flows } as never).split('\n');
  expect(linesOf([{ ...flow, id: 'a' }])[2]).toMatch(/^flow +RTT min +median +p99 +max +available +outages +handovers +path changes$/);
  const [header, first, second] = linesOf([
    { ...flow, id: 'a', lossPct: { mean: 1.234 } },
    { ...flow, id: 'b', goodputMbps: { mean: 2.5 } },
  ]).slice(2);
  expect(header).toMatch(/ outages +loss +goodput +handovers /);
  expect(first).toMatch(/^a .* 1\.23 % +– +0 +0$/);
  expect(second).toMatch(/^b .* – +2\.500 Mbit\/s +0 +0$/);
});
