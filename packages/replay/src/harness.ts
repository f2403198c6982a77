import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkId, type LinkState, scenarioSchema, TraceText } from '@satsim/core';
import type { PluginHarness, TickSourceHarness } from '@satsim/core/testing';

const T0 = Date.parse('2026-11-20T00:00:00Z');
const DT = 60_000;
const TICKS = 24;
/** The scenario begins there: what comes before is folded into its first tick. */
const FIRST = 4;

/** Two satellites over a site, which takes the one and then the other. */
function trace(): string {
  const text = new TraceText({ seed: 1, t0: T0, dt: DT, specSha256: '00'.repeat(32), engineVersion: 'harness' });
  for (let k = 0; k < TICKS; k += 1) {
    const [now, before] = [`kit-${1 + (k % 8 < 4 ? 0 : 1)}`, `kit-${1 + (k % 8 < 4 ? 1 : 0)}`];
    const removals = k > 0 && k % 4 === 0 ? [linkId('gsl', before, 'gnd-1'), linkId('gsl', 'gnd-1', before)] : [];
    const updates = [...both('isl', 'kit-1', 'kit-2', 5 + k / 8), ...both('gsl', now, 'gnd-1', 3 + (k % 4))];
    const stats = { computeMs: 0, linksEvaluated: updates.length, linksEmitted: updates.length };
    text.add({ runId: '', scenarioRef: '', tickIndex: k, simTimeMs: T0 + k * DT, snapshot: k === 0, removals, updates, stats });
  }
  return text.toString();
}

function both(kind: LinkState['kind'], a: string, b: string, oneWayDelayMs: number): LinkState[] {
  const state = { kind, up: true, oneWayDelayMs, capacityMbps: 100, lossPct: 0 };
  return [
    { linkId: linkId(kind, a, b), source: a, target: b, ...state },
    { linkId: linkId(kind, b, a), source: b, target: a, ...state },
  ];
}

/** Files that this process has open, where the system tells (Linux). */
function openFiles(): string[] {
  const fds = '/proc/self/fd';
  if (!existsSync(fds)) return [];
  return readdirSync(fds).flatMap((fd) => {
    try {
      return [readlinkSync(join(fds, fd))];
    } catch {
      // The one that was open for this listing.
      return [];
    }
  });
}

const folder = mkdtempSync(join(tmpdir(), 'satsim-replay-harness-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'kit.trace.jsonl'), trace());

const replay: TickSourceHarness = {
  kind: 'tick-source',
  name: 'replay',
  config: { trace: 'kit.trace.jsonl' },
  baseDir: folder,
  scenario: scenarioSchema.parse({
    name: 'contract-kit',
    time: { t0: new Date(T0 + FIRST * DT).toISOString(), t1: new Date(T0 + TICKS * DT).toISOString(), dt: `${DT}ms` },
    ticks: { trace: 'kit.trace.jsonl' },
  }),
  without: { events: 'a trace by itself has ticks alone', ephemeris: 'a recording knows no positions' },
  leftovers: () => openFiles().filter((path) => path.startsWith(folder)),
};

export const harnesses: readonly PluginHarness[] = [replay];
