import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectReplays } from './replayed.js';
import { iridium, pause, type workplace } from './satsim.js';
import { ticksOf, traceSha256Of } from './trace.js';

const MANNERS = ['SIGINT', 'SIGTERM', 'SIGINT twice', 'SIGKILL'] as const;
type Manner = (typeof MANNERS)[number];

interface Listing {
  readonly runId: string;
  readonly runDir: string;
  readonly status: string;
  readonly problems: readonly string[];
}

interface Interruption {
  readonly manner: Manner;
  readonly label: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly runId: string | undefined;
}

/**
 * Interrupts runs of the Iridium example at random moments, from the start of the process until after its end, and then
 * holds every run directory against what happened; what was recorded can be replayed.
 * @param args of `satsim run`, so that the run is as long as the test has time for
 */
export async function interruptMarathon(place: ReturnType<typeof workplace>, iterations: number, seed: number, args: readonly string[]): Promise<void> {
  const random = mulberry32(seed);
  const durationMs = await timeOfOneRun(place, args);
  const interruptions: Interruption[] = [];
  for (let i = 0; i < iterations; i += 1) {
    const manner = MANNERS[i % MANNERS.length]!;
    const moment = Math.round(random() * (durationMs + 100));
    const after = Math.round(random() * 300);
    const label = `${i}: ${manner} at ${moment} ms${manner === 'SIGINT twice' ? ` and ${after} ms later` : ''}`;
    const before = new Set(place.runs());
    const running = place.start('run', iridium, ...args, '--format', 'json');
    await pause(moment);
    running.kill(manner === 'SIGINT twice' ? 'SIGINT' : manner);
    if (manner === 'SIGINT twice') {
      await pause(after);
      running.kill('SIGINT');
    }
    const { exitCode, signal, stdout } = await running;
    const made = place.runs().filter((id) => !before.has(id));
    expect(made.length, label).toBeLessThanOrEqual(1);
    interruptions.push({ manner, label, exitCode, signal, stdout, runId: made[0] });
    // What SIGKILL leaves in the temporary folder is for a later run to clear away.
    const killed = interruptions.some((one) => one.manner === 'SIGKILL');
    const left = place.leftovers().filter((what) => !killed || what.startsWith('process'));
    expect({ label, left }).toEqual({ label, left: [] });
  }
  await timeOfOneRun(place, args);
  expect(place.leftovers(), 'the next run has cleared away what killed ones left').toEqual([]);

  const { stdout } = await place.satsim('list-runs', '--format', 'json');
  const listings = new Map((JSON.parse(stdout) as Listing[]).map((listing) => [listing.runId, listing]));
  expect([...listings.keys()].toSorted()).toEqual(place.runs().toSorted());
  for (const one of interruptions) {
    const listing = one.runId === undefined ? null : listings.get(one.runId)!;
    await expectTruth(one, listing);
    if (listing?.status === 'interrupted' || listing?.status === 'crashed') await expectReplays(place, listing.runDir, one.label);
  }
}

async function expectTruth({ manner, label, exitCode, signal, stdout, runId }: Interruption, listing: Listing | null): Promise<void> {
  const printed = stdout === '' ? null : (JSON.parse(stdout) as { runId?: string; outcome?: string; error: { code: string } | null });
  const status = listing?.status;
  if (signal !== undefined) {
    // Killed, or before Node could hear: then nothing has been made.
    if (manner === 'SIGKILL') expect(['crashed', 'unreadable', 'completed', undefined], label).toContain(status);
    else expect({ label, signal, status }).toEqual({ label, signal: manner.split(' ')[0], status: undefined });
  } else {
    expect([0, 130], `${label}: ${stdout}`).toContain(exitCode);
    expect({ label, status }).toEqual({ label, status: exitCode === 0 ? 'completed' : listing === null ? undefined : 'interrupted' });
    if (listing === null) expect(printed, label).toMatchObject({ error: { code: 'INTERRUPTED' } });
    else expect(printed, label).toMatchObject({ runId, outcome: status });
  }
  if (listing === null || status === 'unreadable') return;

  const at = (path: string): string => join(listing.runDir, path);
  const manifest = JSON.parse(readFileSync(at('manifests/run.json'), 'utf8')) as {
    outcome: string | null;
    traceSha256: string | null;
    ticks: number;
    tickCount: number;
  };
  expect({ label, outcome: manifest.outcome }).toEqual({ label, outcome: status === 'crashed' ? null : status });
  if (status === 'crashed') return expect({ label, claimed: manifest.traceSha256 }).toEqual({ label, claimed: null });
  expect({ label, problems: listing.problems }).toEqual({ label, problems: [] });
  if (status === 'completed') expect({ label, ticks: manifest.ticks }).toEqual({ label, ticks: manifest.tickCount });
  if (status === 'completed' || (manner !== 'SIGINT twice' && manifest.ticks > 0)) expect(manifest.traceSha256, label).not.toBeNull();
  if (manifest.traceSha256 !== null) {
    expect(await traceSha256Of(listing.runDir), label).toBe(manifest.traceSha256);
    expect({ label, ticks: (await ticksOf(listing.runDir)).length }).toEqual({ label, ticks: manifest.ticks });
  }
  const summary = JSON.parse(readFileSync(at('summary.json'), 'utf8')) as object;
  expect(summary, label).toMatchObject({ outcome: status, ticks: manifest.ticks, traceSha256: manifest.traceSha256 });
  if (existsSync(at('results/flows.jsonl')))
    for (const line of readFileSync(at('results/flows.jsonl'), 'utf8').trim().split('\n')) if (line !== '') JSON.parse(line);
  const temporary = readdirSync(listing.runDir, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(tmp|reserve)$/.test(path));
  expect({ label, temporary }).toEqual({ label, temporary: [] });
}

async function timeOfOneRun(place: ReturnType<typeof workplace>, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const { exitCode, stderr } = await place.satsim('run', iridium, ...args, '--format', 'json');
  expect(exitCode, stderr).toBe(0);
  return performance.now() - started;
}

/** Numbers from 0 to 1 that a seed determines (Tommy Ettinger's mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
