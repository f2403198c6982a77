import { cpSync, existsSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TickUpdate, TraceText } from '@satsim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDLESS, type ErrorObject, type FinishedRun, iridium, pause, SHORT, until, workplace } from './satsim.js';
import { ticksOf, traceSha256Of } from './trace.js';

const MINUTE = ['--t1', '2026-11-20T00:01:00Z'];

interface Replayed extends FinishedRun {
  readonly exitCode: number;
  readonly replayed: { readonly runId: string | null; readonly trace: string };
  readonly verified?: { readonly identical: boolean; readonly ticks: number; readonly sameTraceSha256: boolean; readonly divergence: object | null };
}

describe('satsim replay', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });
  let recorded: FinishedRun;
  beforeAll(async () => {
    recorded = await place.run(iridium, ...MINUTE);
  });

  const replay = async (...args: string[]): Promise<Replayed> => JSON.parse(await place.output('replay', ...args, '--format', 'json')) as Replayed;
  const manifestOf = (runDir: string) => JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as Record<string, unknown>;
  const lines = (runDir: string, file: string) => readFileSync(join(runDir, file), 'utf8');
  const errorOf = async (...args: string[]): Promise<ErrorObject & { exit: number | undefined }> => {
    const { stdout, exitCode } = await place.satsim(...args, '--format', 'json');
    return { ...(JSON.parse(stdout) as { error: ErrorObject }).error, exit: exitCode };
  };

  it('plays the ticks of a run again: same hash, same results, same events, verified', async () => {
    const again = await replay(recorded.runId.slice(0, 24), '--verify');
    expect(again).toMatchObject({ outcome: 'completed', exitCode: 0, ticks: 60, traceSha256: recorded.traceSha256, flows: recorded.flows });
    expect(again.verified).toMatchObject({ identical: true, ticks: 60, sameTraceSha256: true, divergence: null });
    expect(again.replayed).toEqual({ runId: recorded.runId, trace: join(recorded.runDir, 'traces/ticks.jsonl.zst') });
    for (const file of ['results/flows.jsonl', 'results/events.jsonl', 'manifests/network.json', 'manifests/spec.json', 'traces/ticks.sha256'])
      expect(lines(again.runDir, file), file).toBe(lines(recorded.runDir, file));
    expect(manifestOf(again.runDir)).toMatchObject({
      source: 'replay',
      recording: { runId: recorded.runId, traceSha256: recorded.traceSha256, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, firstTick: 0 },
      engine: { engineVersion: (manifestOf(recorded.runDir)['engine'] as { engineVersion: string }).engineVersion },
    });
    // And a replay can be replayed, by its folder.
    expect(await replay(again.runDir, '--verify')).toMatchObject({ traceSha256: recorded.traceSha256, verified: { identical: true } });
  });

  it('goes beside the run that it plays, wherever that was recorded; of a trace alone where runs go', async () => {
    const recordedIn = join(place.dir, 'recorded-in');
    const { runDir, runId } = await place.run(iridium, ...SHORT, '--artifacts-root', recordedIn);
    const there = join(place.dir, 'sent');
    renameSync(recordedIn, there);
    symlinkSync(there, join(place.dir, 'linked'));
    const beside = async (...args: string[]): Promise<string> => dirname((await replay(...args)).runDir);
    expect(await beside(`sent/${runId}`)).toBe(there);
    cpSync(join(there, runId), join(place.dir, 'renamed'), { recursive: true });
    expect(manifestOf((await replay('renamed')).runDir)).toMatchObject({ recording: { runId } });
    expect(await errorOf('replay', '')).toMatchObject({ exit: 2, code: 'USAGE' });
    expect(await beside(`sent/${runId}/traces/ticks.jsonl.zst`)).toBe(there);
    expect(await beside(`linked/${runId}`)).toBe(join(place.dir, 'linked'));
    expect(await beside(`sent/${runId}`, '--artifacts-root', 'other')).toBe(join(place.dir, 'other'));
    expect(await beside(`sent/${runId}`, '--set', 'paths.artifacts_root=set')).toBe(join(place.dir, 'set'));
    expect(existsSync(runDir)).toBe(false);
    cpSync(join(there, runId, 'traces/ticks.jsonl.zst'), join(place.dir, 'alone.jsonl.zst'));
    expect(await beside('alone.jsonl.zst')).toBe(join(place.dir, 'artifacts/runs'));
  });

  it('starts no engine', async () => {
    const again = await replay(recorded.runId);
    expect(lines(again.runDir, 'logs/run.jsonl')).not.toContain('engine.sock');
    expect(manifestOf(again.runDir)['components']).not.toContainEqual(expect.objectContaining({ name: '@satsim/geomrf-client' }));
  });

  it('computes positions for an exporter that asks, and only then', async () => {
    const drawn = await replay(recorded.runId, '--to', '10s', '--exporter', 'czml');
    expect(lines(drawn.runDir, 'results/network.czml')).toMatch(/"id":"[^"]*IR-1-1"/);
    expect(drawn).toMatchObject({ ticks: 10, outcome: 'completed' });
  });

  it('plays a part: the first tick is the state until then, later ones are as recorded, flows keep their times', async () => {
    const part = await replay(recorded.runId, '--from', '20s', '--to', '2026-11-20T00:00:50Z', '--verify');
    expect(part).toMatchObject({ ticks: 30, verified: { identical: true, ticks: 30 } });
    const [all, some] = [await ticksOf(recorded.runDir), await ticksOf(part.runDir)];
    const state = new Map<string, string>();
    for (const tick of all.slice(0, 21)) {
      for (const id of tick.removals) state.delete(id);
      for (const link of tick.updates) state.set(link.linkId, JSON.stringify(link));
    }
    expect(some[0]).toMatchObject({ tickIndex: 0, snapshot: true, simTimeMs: all[20]!.simTimeMs, removals: [] });
    expect(some[0]!.updates.map((link) => JSON.stringify(link)).sort()).toEqual([...state.values()].sort());
    for (const [i, tick] of some.slice(1).entries()) expect({ ...tick, tickIndex: tick.tickIndex + 20 }).toEqual({ ...all[21 + i]! });
    const samples = (runDir: string): { simTimeMs: number }[] =>
      lines(runDir, 'results/flows.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { simTimeMs: number });
    const within = samples(recorded.runDir).filter(({ simTimeMs }) => simTimeMs >= all[20]!.simTimeMs && simTimeMs < all[50]!.simTimeMs);
    expect(samples(part.runDir)).toEqual(within.map((sample) => ({ ...sample, lane: 'flow' })));
    expect(await replay(part.runDir, '--verify')).toMatchObject({ ticks: 30, verified: { identical: true } });
  });

  it('is told what to change, and what cannot be is a fault of the scenario', async () => {
    const other = await replay(recorded.runId, '--set', 'traffic=[{ id: one, from: oslo, to: mcmurdo }]', '--set', 'assertions=[]', '--tag', 'again');
    expect(other.flows.map(({ id }) => id)).toEqual(['one']);
    expect(manifestOf(other.runDir)['tags']).toEqual(['again']);
    expect(await errorOf('replay', recorded.runId, '--to', '2m')).toMatchObject({
      exit: 2,
      faults: [
        {
          path: 'time.t1',
          message: expect.stringContaining('the recording ends at 2026-11-20T00:01:00.000Z, after 60 ticks') as string,
          hint: expect.stringContaining('--to 2026-11-20T00:01:00.000Z') as string,
        },
      ],
    });
    expect(await errorOf('replay', recorded.runId, '--from', '500ms')).toMatchObject({
      exit: 2,
      faults: [{ path: 'time.t0', message: expect.stringContaining('no tick') as string }],
    });
    expect(await errorOf('replay', recorded.runId, '--from', '40s', '--to', '30s')).toMatchObject({ exit: 2, code: 'USAGE' });
    expect(await errorOf('replay', recorded.runId, '--speed', 'fast')).toMatchObject({ exit: 2, code: 'USAGE' });
    expect(await errorOf('replay', recorded.runId, '--set', 'traffic=[{ id: one, from: olso, to: mcmurdo }]', '--set', 'assertions=[]')).toMatchObject({
      exit: 2,
      faults: [{ path: 'traffic[0].from', message: 'there is no node olso in the recording', hint: 'do you mean oslo?' }],
    });
    expect(await errorOf('replay', 'nobody')).toMatchObject({ exit: 1, message: expect.stringContaining('no run in') as string });
  });

  it('at ten times the speed a minute takes six seconds', async () => {
    const started = performance.now();
    const fast = await replay(recorded.runId, '--to', '30s', '--speed', '10');
    expect(fast).toMatchObject({ ticks: 30 });
    expect(manifestOf(fast.runDir)).toMatchObject({ mode: 'realtime' });
    expect(performance.now() - started).toBeGreaterThan(2_900);
    expect(manifestOf((await replay(fast.runDir, '--speed', 'max')).runDir)).toMatchObject({ mode: 'offline' });
  });

  it('a scenario with ticks.trace and no network plays a run by its id, or a trace that somebody wrote', async () => {
    const time = 'time: { t0: "2026-11-20T00:00:00Z", duration: 1m }';
    const byId = place.write(
      'by-id.satsim.yaml',
      `name: by-id\nseed: 42\n${time}\nticks: { trace: ${recorded.runId} }\ntraffic: [{ id: f, from: oslo, to: singapore }]\n`,
    );
    expect(await place.run(byId)).toMatchObject({ ticks: 60, traceSha256: recorded.traceSha256 });

    const { header, text } = written(await ticksOf(recorded.runDir));
    place.write('by-hand.jsonl', text);
    const byHand = place.write(
      'by-hand.satsim.yaml',
      `name: by-hand\n${time}\nticks: { trace: by-hand.jsonl }\ntraffic: [{ id: f, from: oslo, to: singapore }]\n`,
    );
    const run = await place.run(byHand);
    expect(run.flows[0]).toMatchObject({ rttMs: recorded.flows.find(({ id }) => id === 'oslo-singapore')!.rttMs });
    expect(manifestOf(run.runDir)).toMatchObject({ engine: { engineVersion: header.engineVersion }, recording: { runId: null } });
    expect(await traceSha256Of(run.runDir)).toBe(run.traceSha256);
    // And the same without a scenario.
    expect(await replay(join(place.dir, 'by-hand.jsonl'), '--verify')).toMatchObject({ ticks: 60, verified: { identical: true } });
  });

  it('a damaged trace is an error that names the place, and is played until there where that is asked for', async () => {
    const { text } = written(await ticksOf(recorded.runDir));
    const cut = place.write('cut.jsonl', text.slice(0, text.length - 100));
    expect(await errorOf('replay', cut)).toMatchObject({
      exit: 1,
      code: 'TRACE_INVALID',
      message: expect.stringMatching(/cut\.jsonl, byte \d+, tick 59: the file is cut off/) as string,
      hint: expect.stringContaining('--up-to-damage') as string,
    });
    const { stdout, stderr, exitCode } = await place.satsim('replay', cut, '--up-to-damage', '--verify', '--format', 'json');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^warning: .*tick 59: the file is cut off.*; what comes before is played$/m);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', ticks: 59, verified: { identical: true, ticks: 59 } });
    const file = place.write('cut.satsim.yaml', 'name: cut\ntime: { t0: "2026-11-20T00:00:00Z", duration: 1m }\nticks: { trace: cut.jsonl }\n');
    expect(await errorOf('run', file)).toMatchObject({ exit: 2, faults: [{ path: 'ticks.trace', message: expect.stringContaining('tick 59') as string }] });
  });

  it('of a run whose index is damaged all is played where that is asked for; of one whose only frame is, there is nothing to play', async () => {
    const damaged = async (path: string, damage: (bytes: Buffer) => Buffer): Promise<string> => {
      const runDir = join(place.dir, basename(path));
      cpSync(recorded.runDir, runDir, { recursive: true });
      writeFileSync(join(runDir, path), damage(readFileSync(join(runDir, path))));
      return runDir;
    };
    const index = await damaged('traces/ticks.index.jsonl', (bytes) => Buffer.from(bytes.toString().replace('{', '')));
    const hint = expect.stringContaining('--up-to-damage') as string;
    expect(await errorOf('replay', index)).toMatchObject({ exit: 1, code: 'TRACE_INVALID', hint });
    expect(await replay(index, '--up-to-damage', '--verify')).toMatchObject({
      ticks: 60,
      traceSha256: recorded.traceSha256,
      verified: { identical: true, ticks: 60 },
    });
    const frames = await damaged('traces/ticks.jsonl.zst', (bytes) => bytes.with(bytes.length - 40, bytes.at(-40)! ^ 1) as Buffer);
    const error = await errorOf('replay', frames);
    expect(error).toMatchObject({ exit: 1, code: 'TRACE_INVALID' });
    expect(error).not.toMatchObject({ hint });
    expect(await errorOf('replay', frames, '--up-to-damage')).toMatchObject({
      exit: 1,
      code: 'ARTIFACTS',
      message: expect.stringContaining('no tick was') as string,
    });
  });

  it.each(['manifests/run.json', 'manifests/network.json', 'manifests/spec.json', 'manifests/scenario.normalized.json', 'results/events.jsonl'])(
    'of a run whose %s is damaged nothing is played, and the file is named',
    async (path) => {
      const runDir = join(place.dir, 'damaged', basename(path));
      cpSync(recorded.runDir, runDir, { recursive: true });
      truncateSync(join(runDir, path), 40);
      const { stdout, exitCode } = await place.satsim('replay', runDir, '--verify', '--format', 'json');
      const { error, verified = null } = JSON.parse(stdout) as { readonly error: ErrorObject; readonly verified?: object };
      expect({ exitCode: [1, 2].includes(exitCode!), error, verified }).toMatchObject({
        exitCode: true,
        error: { code: expect.stringMatching(/^(ARTIFACTS|SCENARIO_INVALID)$/) as string, message: expect.stringContaining(path) as string },
      });
      if (path === 'manifests/run.json')
        expect(await replay(join(runDir, 'traces/ticks.jsonl.zst'), '--verify')).toMatchObject({
          ticks: 60,
          verified: { identical: true },
          replayed: { runId: null },
        });
    },
  );

  it('a run that was interrupted, or killed, is played to the end of what it recorded, and that is said', { timeout: 120_000 }, async () => {
    for (const [signal, frames] of [
      ['SIGINT', 1],
      // With ticks on the disk, and before any is.
      ['SIGKILL', 2],
      ['SIGKILL', 0],
    ] as const) {
      const known = place.runs();
      const made = (): string | undefined => place.runs().find((runId) => !known.includes(runId));
      const index = (): string => join(place.dir, 'artifacts/runs', made() ?? '', 'traces/ticks.index.jsonl');
      const running = place.start('run', iridium, ...ENDLESS);
      await until(() => existsSync(index()) && readFileSync(index(), 'utf8').split('\n').length > frames, 40_000);
      if (signal === 'SIGINT') {
        await pause(1_500);
        expect(await errorOf('replay', made()!)).toMatchObject({ exit: 1, code: 'RUN_STATE' });
      }
      running.kill(signal);
      await running;
      const { stdout, stderr, exitCode } = await place.satsim('replay', made()!, '--speed', 'max', '--verify', '--set', 'assertions=[]', '--format', 'json');
      if (frames === 0) {
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no tick was recorded in ') as string });
        expect(await errorOf('verify', made()!)).toMatchObject({
          exit: 4,
          code: 'VERIFICATION_FAILED',
          message: expect.stringMatching(/^no tick was recorded: /) as string,
        });
        continue;
      }
      expect(exitCode, stderr).toBe(0);
      const again = JSON.parse(stdout) as Replayed;
      const { length } = await ticksOf(again.runDir);
      expect(length).toBeGreaterThan(0);
      expect(again).toMatchObject({ outcome: 'completed', ticks: length, verified: { identical: true, ticks: length } });
      expect(stderr).toContain(`warning: the recording ends after ${length} of 864000 ticks, and so does the replay`);
      if (signal === 'SIGINT') expect(again.traceSha256).toBe(manifestOf(join(place.dir, 'artifacts/runs', again.replayed.runId!))['traceSha256']);
    }
  });

  it('is not verified where the run says that its ticks were others', async () => {
    const runDir = join(place.dir, 'other');
    cpSync(recorded.runDir, runDir, { recursive: true });
    const manifest = join(runDir, 'manifests/run.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(recorded.traceSha256, '0'.repeat(64)));
    const { stdout, stderr, exitCode } = await place.satsim('replay', runDir, '--verify', '--format', 'json');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`the run says ${'0'.repeat(64)}`) as string });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', ticks: 60, exitCode: 4, verified: { identical: false, sameTraceSha256: false } });
    // A part has another hash anyway, and so has another seed.
    expect(await replay(runDir, '--verify', '--to', '10s')).toMatchObject({ verified: { identical: true, ticks: 10 } });
    expect(await replay(runDir, '--verify', '--set', 'seed=7')).toMatchObject({ verified: { identical: true, ticks: 60 } });
  });

  // But the folder of a killed run's socket: the next engine clears it away.
  it('leaves nothing behind', () => expect(place.leftovers().filter((what) => !/^satsim-\d+-/.test(what))).toEqual([]));

  /** A trace as another program would write it. */
  function written(ticks: readonly TickUpdate[]) {
    const header = { seed: 0, t0: ticks[0]!.simTimeMs, dt: 1000, specSha256: '', engineVersion: 'by hand' };
    const trace = new TraceText(header);
    for (const tick of ticks) trace.add(tick);
    return { header, text: trace.toString() };
  }
});
