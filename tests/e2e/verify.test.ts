import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace, type TickUpdate, TraceText } from '@satsim/core';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, ENDLESS, type FinishedRun, iridium, until, workplace } from './satsim.js';
import { ticksOf } from './trace.js';

interface Verified {
  readonly ok: boolean;
  readonly files: { readonly checked: number; readonly changed: readonly { path: string; what: string }[] } | null;
  readonly ticks: { readonly identical: number; readonly recorded: number; readonly planned: number };
  readonly divergence: { readonly tickIndex: number; readonly linkId: string; readonly field: string } | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly error: { readonly code: string } | null;
}

const SITES = 'oslo,59.91,10.75\nsingapore,1.35,103.82\n';
const SCENARIO = `
name: verify
seed: 3
time: { t0: "2026-11-20T00:00:00Z", duration: 30s }
constellation: [ { walker: { name: IR, pattern: star, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 2 } } ]
ground: [ { csv: { file: sites.csv, columns: { id: 0, lat: 1, lon: 2 } } } ]
links: { isl: { pattern: plus_grid, capacity_mbps: 10 }, gsl: { capacity_mbps: 10 } }
traffic: [ { id: f, from: oslo, to: singapore } ]
`;

describe('satsim verify', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });
  let run: FinishedRun;
  beforeAll(async () => {
    place.write('sites.csv', SITES);
    run = await place.run(place.write('verify.satsim.yaml', SCENARIO));
    // What the run read is no longer there.
    place.write('sites.csv', 'nowhere,0,0\n');
    rmSync(join(place.dir, 'verify.satsim.yaml'));
  });

  const verify = async (...args: string[]): Promise<Verified & { exit: number | undefined }> => {
    const { stdout, exitCode } = await place.satsim('verify', ...args, '--format', 'json');
    return { ...(JSON.parse(stdout) as Verified), exit: exitCode };
  };
  /** A run that is just being made has no manifest yet. */
  const runOf = (pid: number | undefined): string | undefined => {
    try {
      return place.manifests().find((manifest) => manifest['pid'] === pid)?.['runId'] as string | undefined;
    } catch {
      return undefined;
    }
  };
  let copies = 0;
  const copy = (): string => {
    const to = join(place.dir, `copy-${(copies += 1)}`);
    cpSync(run.runDir, to, { recursive: true });
    return to;
  };

  it('a run is what its scenario gives again, in another folder, time zone and locale, without the files it was made of', async () => {
    expect(await verify(run.runId.slice(0, 22))).toMatchObject({
      exit: 0,
      ok: true,
      ticks: { identical: 30, recorded: 30, planned: 30 },
      divergence: null,
      problems: [],
      notes: [],
      error: null,
    });
    const there = copy();
    const { stdout, exitCode, stderr } = await execa(process.execPath, [bin, 'verify', there, '--format', 'json'], {
      cwd: '/',
      env: { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
      reject: false,
    });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, ticks: { identical: 30 }, files: { changed: [] } });
  });

  it('where a recording says something else, tick, link and field are named', async () => {
    const there = copy();
    const { header, ticks } = await readTrace(there);
    const text = new TraceText(header);
    for await (const tick of ticks) text.add(tick.tickIndex === 7 ? withOther(tick) : tick);
    rmSync(join(there, 'traces/ticks.jsonl.zst'));
    rmSync(join(there, 'traces/ticks.index.jsonl'));
    writeFileSync(join(there, 'traces/ticks.jsonl'), text.toString());
    const found = await verify(there);
    expect(found).toMatchObject({
      exit: 4,
      ok: false,
      ticks: { identical: 7 },
      divergence: { tickIndex: 7, field: 'oneWayDelayMs' },
      error: { code: 'VERIFICATION_FAILED' },
    });
    expect(found.divergence!.linkId).toBe((await ticksOf(run.runDir))[7]!.updates.map(({ linkId }) => linkId).sort()[0]);
    expect(found.problems).toContain('traces/ticks.jsonl.zst is missing');
    // The same, between two runs.
    expect(await verify(run.runDir, there)).toMatchObject({ exit: 4, identical: 7, divergence: { tickIndex: 7 } });
  });

  it('a file that has changed is named, whatever it is', async () => {
    const there = copy();
    const path = join(there, 'results/flows.jsonl');
    const bytes = readFileSync(path);
    bytes[40]! ^= 1;
    writeFileSync(path, bytes);
    expect(await verify(there)).toMatchObject({ exit: 4, files: { changed: [{ path: 'results/flows.jsonl', what: 'changed' }] }, ticks: { identical: 30 } });
  });

  it('without a trace its hash is compared', async () => {
    const bare = await place.run(iridium, '--t1', '2026-11-20T00:00:10Z', '--set', 'execution.record_trace=false');
    expect(await verify(bare.runId)).toMatchObject({ exit: 0, ok: true, ticks: { identical: 10 } });
    const there = join(place.dir, 'bare');
    cpSync(bare.runDir, there, { recursive: true });
    const manifest = join(there, 'manifests/run.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll(bare.traceSha256, '0'.repeat(64)));
    rmSync(join(there, 'manifests/files.sha256'));
    const found = await verify(there);
    expect(found).toMatchObject({ exit: 4, files: null });
    expect(found.problems).toContainEqual(expect.stringContaining(`their hash is ${bare.traceSha256}, that of the run ${'0'.repeat(64)}`));
  });

  it('runs that were stopped, or killed, are verified as far as they go', async () => {
    const stopped = place.start('run', iridium, ...ENDLESS);
    await until(() => runOf(stopped.pid) !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    stopped.kill('SIGINT');
    await stopped;
    const found = await verify(runOf(stopped.pid)!);
    expect(found).toMatchObject({ exit: 0, ok: true });
    expect(found.ticks.recorded).toBeGreaterThan(3);
    expect(found.ticks.identical).toBe(found.ticks.recorded);
    expect(found.notes).toContain('the run was interrupted: it is verified as far as it goes');

    const killed = place.start('run', iridium, ...ENDLESS);
    await until(() => runOf(killed.pid) !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 7_500));
    killed.kill('SIGKILL');
    await killed;
    const crashed = await verify(runOf(killed.pid)!);
    expect(crashed).toMatchObject({ exit: 0, ok: true, files: null });
    expect(crashed.ticks.identical).toBeGreaterThan(20);
    expect(crashed.notes).toContain('the run crashed: it is verified as far as it goes');
  }, 40_000);

  it.each(['verify', 'replay', 'show-run', 'compare', 'report'])('%s says of what is there and is no run what it is', async (verb) => {
    mkdirSync(join(place.dir, 'folder'), { recursive: true });
    place.write('run.zip', 'PK\u0003\u0004');
    for (const [name, expected] of [
      ['folder', 'folder is not a run directory: it has no manifests/run.json'],
      ['run.zip', 'run.zip is an archive, not a run directory'],
    ] as const) {
      const { stdout, exitCode } = await place.satsim(verb, name, '--format', 'json');
      expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({ exitCode: 2, error: { code: 'USAGE', message: expected } });
    }
  });

  it('two runs of one scenario are the same, two of different ones part somewhere', async () => {
    const again = await place.run(iridium, '--t1', '2026-11-20T00:00:10Z');
    const other = await place.run(iridium, '--t1', '2026-11-20T00:00:10Z');
    expect(await verify(again.runId, other.runId)).toMatchObject({ exit: 0, ok: true, identical: 10, divergence: null });
    expect(await verify(again.runId, run.runId)).toMatchObject({ exit: 4, ok: false, identical: 0, divergence: { tickIndex: 0 } });
    expect(await verify(again.runId, again.runDir)).toMatchObject({ exit: 2, error: { code: 'USAGE', message: `${again.runDir} is named twice` } });
    mkdirSync(join(place.dir, 'artifacts/sweeps/s'), { recursive: true });
    place.write('artifacts/sweeps/s/sweep.json', '{}');
    for (const pair of [
      ['s', again.runId],
      [again.runId, 's'],
    ])
      expect(await verify(...pair)).toMatchObject({ exit: 2, error: { code: 'USAGE', message: 's is a sweep: only two runs can be held against each other' } });
    const longer = await place.run(iridium, '--t1', '2026-11-20T00:00:20Z');
    expect(await verify(again.runId, longer.runId)).toMatchObject({
      exit: 4,
      identical: 10,
      problems: [`${longer.runId} goes on after tick 9, the last of ${again.runId}`],
    });
  });
});

function withOther(tick: TickUpdate): TickUpdate {
  const [first] = tick.updates.map(({ linkId }) => linkId).sort();
  return { ...tick, updates: tick.updates.map((link) => (link.linkId === first ? { ...link, oneWayDelayMs: link.oneWayDelayMs + 0.001 } : link)) };
}
