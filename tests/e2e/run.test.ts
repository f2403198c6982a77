import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FinishedRun, iridium, SHORT, workplace } from './satsim.js';
import { traceSha256Of } from './trace.js';

describe('satsim run', () => {
  const place = workplace();
  afterAll(place.remove);
  const run = (...args: string[]) => place.run(iridium, ...SHORT, ...args);
  let first: FinishedRun;
  beforeAll(async () => {
    first = await run();
  });

  it('prints one object with --format json', () => {
    expect(first).toMatchObject({ outcome: 'completed', ticks: 10, error: null, lanes: [{ name: 'flow', state: 'stopped', ticks: 10, error: null }] });
    expect(first.runDir).toBe(join(place.dir, 'artifacts/runs', first.runId));
    expect(first.flows.map(({ id, lane }) => `${id} ${lane}`)).toEqual(['oslo-singapore flow', 'oslo-mcmurdo flow', 'download flow', 'voice flow']);
    const { rttMs, availability, pathChanges } = first.flows[0]!;
    // Oslo–Singapore is 10,050 km: 67 ms there and back at the speed of light.
    expect(rttMs.min).toBeGreaterThan(67);
    expect(rttMs.min).toBeLessThanOrEqual(rttMs.median);
    expect(rttMs.median).toBeLessThanOrEqual(rttMs.p99);
    expect(rttMs.p99).toBeLessThanOrEqual(rttMs.max);
    expect(availability).toBe(1);
    expect(Number.isInteger(pathChanges)).toBe(true);
  });

  it('says the SHA-256 of its trace', async () => {
    expect(first.traceSha256).toBe(await traceSha256Of(first.runDir));
  });

  it('leaves a run directory that agrees with what it printed', () => {
    const summary = JSON.parse(readFileSync(join(first.runDir, 'summary.json'), 'utf8')) as FinishedRun;
    expect(summary).toMatchObject({ runId: first.runId, outcome: 'completed', ticks: 10, traceSha256: first.traceSha256, flows: first.flows });
    const manifest = JSON.parse(readFileSync(join(first.runDir, 'manifests/run.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ outcome: 'completed', seed: 42, dtMs: 1000, ticks: 10, traceSha256: first.traceSha256, mode: 'offline' });
    expect(readFileSync(join(first.runDir, 'manifests/scenario.yaml'), 'utf8')).toBe(readFileSync(iridium, 'utf8'));
    for (const file of ['manifests/scenario.normalized.json', 'logs/run.jsonl', 'results/flows.jsonl', 'metrics/ticks.jsonl']) {
      expect(existsSync(join(first.runDir, file)), file).toBe(true);
    }
  });

  it('gives the same trace again, and another one for another seed or dt', async () => {
    expect((await run()).traceSha256).toBe(first.traceSha256);
    expect((await run('--seed', '7')).traceSha256).not.toBe(first.traceSha256);
    const finer = await run('--dt', '500ms');
    expect(finer).toMatchObject({ ticks: 20 });
    expect(finer.traceSha256).not.toBe(first.traceSha256);
  });

  it('is reproduced by its normalised scenario', async () => {
    const normalised = join(first.runDir, 'manifests/scenario.normalized.json');
    expect((await place.run(normalised)).traceSha256).toBe(first.traceSha256);
  });

  it('is reproduced also where a text has a literal ${ in it', async () => {
    const scenario = place.write('dollar.satsim.yaml', `${readFileSync(iridium, 'utf8')}\npaths: { artifacts_root: './with$\${dollar}' }\n`);
    const { runDir } = await place.run(scenario, ...SHORT);
    expect(runDir).toContain('with${dollar}');
    expect((await place.run(join(runDir, 'manifests/scenario.normalized.json'))).traceSha256).toBe(first.traceSha256);
  });

  it('shows people a table on stdout and quiet lines on stderr', async () => {
    const { stdout, stderr, exitCode } = await place.satsim('run', iridium, ...SHORT, '--tag', 'first', '--tag', 'second');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^\S+ completed after 10 ticks\n/);
    expect(stdout).toMatch(/oslo-singapore +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +100\.00 % +\d+/);
    expect(stdout).toContain('files  artifacts/runs/');
    expect(stderr.split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(place.manifests().at(-1)).toMatchObject({ tags: ['first', 'second'] });
  });

  it('exits with 4 when an assertion does not hold, and still says that the run was completed', async () => {
    const { stdout, stderr, exitCode } = await place.satsim('run', iridium, ...SHORT, '--set', 'assertions[1].value=1', '--format', 'json');
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', error: { code: 'ASSERTION_FAILED' }, assertions: [{ ok: true }, { ok: false }] });
    expect(stderr).toContain('rtt_ms.p99 < 1');
  });

  it('adds an exporter that the scenario does not name', async () => {
    const { runDir } = await run('--exporter', 'csv');
    expect(existsSync(join(runDir, 'results/flows.csv'))).toBe(true);
  });
});
