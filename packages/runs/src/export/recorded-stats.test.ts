import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TickUpdate } from '@satsim/core';
import { afterAll, expect, test } from 'vitest';
import { RecordedStats } from './recorded-stats.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-stats-'));
afterAll(() => rmSync(dir, { recursive: true }));

const tick = (tickIndex: number): TickUpdate => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: 1000 * tickIndex,
  snapshot: false,
  removals: [],
  updates: [],
  stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 3 },
});
const line = (tickIndex: number): string => `${JSON.stringify({ tickIndex, computeMs: tickIndex + 0.5, translateMs: tickIndex + 0.25, linksEmitted: 3 })}\n`;
const statsOf = async (text: string | null, ticks: readonly number[]): Promise<TickUpdate['stats'][]> => {
  if (text !== null) writeFileSync(join(dir, 'ticks.jsonl'), text);
  const stats = new RecordedStats(dir, text === null ? 'none.jsonl' : 'ticks.jsonl');
  const found: TickUpdate['stats'][] = [];
  for (const index of ticks) found.push((await stats.on(tick(index))).stats);
  await stats.close();
  return found;
};
const cost = (index: number) => ({ computeMs: index + 0.5, translateMs: index + 0.25, linksEvaluated: 0, linksEmitted: 3 });

test('each tick gets what it cost, also where ticks in between were not delivered', async () => {
  expect(await statsOf(line(0) + line(1) + line(3), [0, 1, 2, 3])).toEqual([cost(0), cost(1), tick(2).stats, cost(3)]);
  expect(await statsOf(line(0) + line(1) + line(2), [2])).toEqual([cost(2)]);
});

test('without the file, and beyond what is damaged in it, nothing is known', async () => {
  expect(await statsOf(null, [0, 1])).toEqual([tick(0).stats, tick(1).stats]);
  expect(await statsOf(`${line(0)}{"tickIn`, [0, 1])).toEqual([cost(0), tick(1).stats]);
});
