import { createHash } from 'node:crypto';
import { readTrace } from '@satsim/core';
import type { LinkState, TickUpdate } from '@satsim/core';

/** The recorded ticks of a run. */
export async function ticksOf(runDir: string): Promise<TickUpdate[]> {
  const ticks: TickUpdate[] = [];
  for await (const tick of (await readTrace(runDir)).ticks) ticks.push(tick);
  return ticks;
}

/** The SHA-256 of a recorded trace as docs/architecture.md defines it, taken literally: not by the code that made the run's. */
export async function traceSha256Of(runDir: string): Promise<string> {
  const { header } = await readTrace(runDir);
  const ticks = (await ticksOf(runDir)).map(({ removals, simTimeMs, snapshot, tickIndex, updates }) => {
    return { removals: [...removals].sort(), simTimeMs, snapshot, tickIndex, updates: updates.toSorted(byId) };
  });
  const lines = [{ format: 'satsim-trace/1', ...header }, ...ticks].map((line) => `${JSON.stringify(sortKeys(line))}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

const byId = (a: LinkState, b: LinkState): number => (a.linkId < b.linkId ? -1 : a.linkId > b.linkId ? 1 : 0);

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
