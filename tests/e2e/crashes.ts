import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedFiles, readRunDir, readTrace } from '@satsim/core';
import type { RunRecord } from '@satsim/core';
import { expect } from 'vitest';
import { mulberry32 } from './marathon.js';
import { expectReplays } from './replayed.js';
import { iridium, pause, until, type workplace } from './satsim.js';
import { type FinishedSweep, lasting, sweep } from './sweeps.js';

type Place = ReturnType<typeof workplace>;

/** Twenty ticks; in the sweep four times. */
const TWENTY = ['--set', 'time.duration=20s'];
const FOUR = ['--grid', 'links.gsl.min_elevation_deg=5,10,15,20', ...TWENTY, '--set', 'assertions=[]'];

/** What a cell's process that has lost its sweep may still say of the run. */
const LOST = 'the sweep ended before the run did';

/** What a run that nobody killed has left. */
interface Unbroken {
  readonly traceSha256: string;
  readonly ticks: readonly string[];
  readonly samples: readonly string[];
}

/**
 * Kills a run, a sweep and a replay in turn, each at a random moment from its start until after its end, and holds what they leave
 * against what the same leaves when nobody kills it: no run directory claims what is not so, what it has of ticks and results is
 * the beginning of the unbroken ones and can be replayed, and a sweep goes on to the unbroken table without running again what had ended.
 */
export async function crashMarathon(place: Place, iterations: number, seed: number): Promise<void> {
  const random = mulberry32(seed);
  const original = await place.run(iridium, ...TWENTY);
  const whole = await sweep(place, iridium, ...FOUR, '--name', 'whole');
  expect(whole.state).toBe('completed');
  const unbroken = new Map<string, Unbroken>([['run', await leftBy(original.runDir)]]);
  for (const { cell, runDir } of whole.cells) unbroken.set(cell, await leftBy(runDir!));
  const known = new Set(place.runs());
  const outcomes: string[] = [];

  const kinds = {
    run: { args: () => ['run', iridium, ...TWENTY], longest: await timed(() => place.run(iridium, ...TWENTY)) },
    sweep: {
      args: (i: number) => ['sweep', iridium, ...FOUR, '--name', `killed-${i}`, '-j', '2'],
      longest: await timed(() => sweep(place, iridium, ...FOUR, '--name', 'timed')),
    },
    replay: {
      args: () => ['replay', original.runDir, '--verify'],
      longest: await timed(() => place.output('replay', original.runDir, '--verify')),
    },
  };
  for (const runId of place.runs()) known.add(runId);

  for (let i = 0; i < iterations; i += 1) {
    const kind = (['run', 'sweep', 'replay'] as const)[i % 3]!;
    const { args, longest } = kinds[kind];
    // One in each of as many parts of that time as there are kills of the kind: whatever can be met is, some of it late only.
    const part = (Math.floor(i / 3) + random()) / Math.ceil(iterations / 3);
    const moment = Math.round(part * (1.25 * longest + 100));
    const label = `${i}: ${kind} killed after ${moment} ms`;
    const killed = place.start(...args(i), '--format', 'json');
    await pause(moment);
    killed.kill('SIGKILL');
    await killed;
    await until(() => place.leftovers().every((what) => !what.startsWith('process')));

    const made = place.runs().filter((runId) => !known.has(runId));
    for (const runId of made) {
      known.add(runId);
      const runDir = join(place.dir, 'artifacts/runs', runId);
      const status = await expectTruth(runDir, unbroken, label);
      outcomes.push(`${kind} ${status}`);
      if (status === 'crashed') await expectReplays(place, runDir, label);
    }
    if (kind === 'sweep') await expectGoesOn(place, `killed-${i}`, made, whole, label);
    for (const runId of place.runs()) known.add(runId);
  }
  // The moments were spread over what can be met: otherwise this has tested little.
  if (iterations >= 30) for (const outcome of ['run crashed', 'sweep completed']) expect(outcomes).toContain(outcome);

  const again = await place.run(iridium, ...TWENTY);
  expect(again.traceSha256).toBe(original.traceSha256);
  expect(place.leftovers(), 'the next run has cleared away what killed ones left').toEqual([]);
  for (const runDir of [original.runDir, again.runDir])
    expect(JSON.parse(await place.output('verify', runDir, '--format', 'json'))).toMatchObject({ ok: true });
}

/** @returns its status */
async function expectTruth(runDir: string, unbroken: ReadonlyMap<string, Unbroken>, label: string): Promise<string> {
  const { status, reason, manifest, summary, problems } = await readEnded(runDir, label);
  if (status === 'failed') expect(reason, label).toBe(LOST);
  else expect(['completed', 'crashed', 'unreadable', 'interrupted'], label).toContain(status);
  if (manifest === null) {
    expect({ label, summary, problems: problems.length > 0 }).toEqual({ label, summary: null, problems: true });
    expect(existsSync(join(runDir, 'summary.json')), label).toBe(false);
    return status;
  }
  const cell = manifest.tags.find((tag) => tag.startsWith('cell:'))?.slice('cell:'.length);
  const expected = unbroken.get(cell ?? 'run')!;
  const { ticks, samples } = await leftBy(runDir);
  expect(ticks, label).toEqual(expected.ticks.slice(0, ticks.length));
  expect(samples, label).toEqual(expected.samples.slice(0, samples.length));
  if (status === 'completed') {
    expect({ label, ticks: ticks.length, samples: samples.length }).toEqual({ label, ticks: 20, samples: expected.samples.length });
    expect({ label, sha256: manifest.traceSha256, problems }).toEqual({ label, sha256: expected.traceSha256, problems: [] });
    expect(summary, label).toMatchObject({ outcome: 'completed', ticks: 20, traceSha256: expected.traceSha256 });
    expect(await changedFiles(runDir), label).toMatchObject({ changed: [] });
  } else if (status === 'crashed') {
    expect({ label, outcome: manifest.outcome, claimed: manifest.traceSha256 }).toEqual({ label, outcome: null, claimed: null });
  } else if (reason === LOST) {
    // It waited for nothing: what is short of the ticks that it counts is the frame that it had in memory.
    expect(ticks.length, label).toBeLessThanOrEqual(manifest.ticks);
    if (ticks.length < manifest.ticks) expect({ label, claimed: manifest.traceSha256 }).toEqual({ label, claimed: null });
  } else {
    expect({ label, ticks: manifest.ticks }).toEqual({ label, ticks: ticks.length });
  }
  return status;
}

/** A process of cells that is just ending has no command line any more, and is there all the same. */
async function readEnded(runDir: string, label: string): Promise<RunRecord> {
  const end = performance.now() + 10_000;
  for (;;) {
    const record = await readRunDir(runDir);
    if (record.status !== 'running') return record;
    expect(performance.now(), `${label}: still running`).toBeLessThan(end);
    await pause(20);
  }
}

/** The sweep is gone on with, and then it is as if nobody had killed it. */
async function expectGoesOn(place: Place, name: string, made: readonly string[], whole: FinishedSweep, label: string): Promise<void> {
  // Killed before there was a sweep: it is begun.
  const begun = existsSync(join(place.dir, 'artifacts/sweeps', name, 'sweep.json'));
  const records = await Promise.all(made.map((runId) => readRunDir(join(place.dir, 'artifacts/runs', runId))));
  const ended = records.filter(({ status }) => status === 'completed').length;
  const result = await (begun ? sweep(place, name, '--resume') : sweep(place, iridium, ...FOUR, '--name', name));
  expect({ label, state: result.state, ran: result.counts.ran }).toEqual({ label, state: 'completed', ran: 4 - ended });
  expect(lasting(result.cells), label).toEqual(lasting(whole.cells));
}

/** Ticks and whole lines of results, as text; the trace as far as it is sound. */
async function leftBy(runDir: string): Promise<Unbroken> {
  const { manifest } = await readRunDir(runDir);
  const ticks: string[] = [];
  const trace = await readTrace(runDir, { upTo: 'damage' }).catch(() => null);
  if (trace)
    for await (const { tickIndex, simTimeMs, snapshot, removals, updates } of trace.ticks)
      ticks.push(JSON.stringify([tickIndex, simTimeMs, snapshot, removals, updates]));
  const results = join(runDir, 'results/flows.jsonl');
  const samples = existsSync(results) ? readFileSync(results, 'utf8').split('\n').slice(0, -1) : [];
  return { traceSha256: manifest?.traceSha256 ?? '', ticks, samples };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
