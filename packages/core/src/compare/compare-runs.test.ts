import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../artifacts/read-run.js';
import type { LaneDeps } from '../contract/lane.js';
import { type PlanParts, removeRuns, run, sample } from '../run/run.test-helper.js';
import type { RunResult } from '../run/types.js';
import { compareRuns } from './compare-runs.js';
import { DEFAULT_TOLERANCES } from './tolerance.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-compare-'));
afterAll(() => {
  removeRuns();
  rmSync(root, { recursive: true });
});

/** A lane that says the same RTT at every tick. */
const steady =
  (name: string, rttMs: number) =>
  ({ results }: LaneDeps) => ({ applyTick: async ({ simTimeMs }: { simTimeMs: number }) => results.write(sample(name, simTimeMs, rttMs)) });
const recorded: Partial<PlanParts> = {
  root,
  exporters: {
    jsonl: ({ artifacts }) => {
      const file = artifacts.openStream('results/flows.jsonl');
      return {
        writeResults: async (samples) => (await file).write(samples.map((each) => `${JSON.stringify(each)}\n`).join('')),
        close: async () => (await file).close(),
      };
    },
  },
};
const two = (rttMs: number, more: Partial<PlanParts> = {}) => run({ ...recorded, lanes: { one: steady('one', 100), two: steady('two', rttMs) }, ...more });
const compare = (...ids: string[]) => compareRuns(root, ids, DEFAULT_TOLERANCES);
const refusal = (...ids: string[]) =>
  compare(...ids).then(
    () => null,
    (error: { code: string; message: string; hint?: string }) => error,
  );

describe('the lanes of one run', () => {
  let result: RunResult;
  beforeAll(async () => {
    result = await two(104);
  });

  it('are compared by its files as in its summary', async () => {
    const { runId } = result;
    const compared = await compare(runId);
    expect(compared).toEqual({
      runs: [{ runId, name: 'test', status: 'completed', lanes: ['one', 'two'] }],
      configuration: [],
      flows: result.comparison,
      unreported: [],
    });
    expect(compared.flows.map(({ quantity, verdict, pairs }) => [quantity, verdict, pairs])).toEqual([
      ['rtt_ms', 'differ', 5],
      ['one_way_delay_ms', 'differ', 5],
      ['loss_pct', 'agree', 5],
      ['availability', 'agree', 5],
      ['path', 'agree', 5],
    ]);
    expect((await readRun(root, runId)).summary!.comparison).toEqual(result.comparison);
    expect((await readRun(root, runId)).problems).toEqual([]);
  });

  it('a single lane has nothing to be compared with, unless there is another run', async () => {
    const single = await run({ ...recorded, lanes: { one: steady('one', 100) } });
    expect(single.comparison).toBeNull();
    expect(await refusal(single.runId)).toMatchObject({ code: 'USAGE', message: expect.stringContaining('has one lane only (one)') });
    const { flows } = await compare(single.runId, result.runId);
    expect(flows.filter(({ quantity }) => quantity === 'rtt_ms').map(({ other, verdict }) => [other.runId, other.lane, verdict])).toEqual([
      [result.runId, 'one', 'agree'],
      [result.runId, 'two', 'differ'],
    ]);
  });
});

describe('runs', () => {
  it('differ in what is shown of their configuration', async () => {
    const [first, second] = [await two(100), await two(100, { scenario: { seed: 8, traffic: [{ id: 'f', from: 'a', to: 'b', every: '2s' }] } })];
    expect((await compare(first.runId, second.runId)).configuration).toEqual([
      { path: 'seed', values: [7, 8] },
      { path: 'traffic[0].every', values: [null, '2s'] },
    ]);
  });

  it('of an earlier build, which did not say which lanes are statistical', async () => {
    const { runId, runDir, comparison } = await two(100);
    const file = join(runDir, 'manifests/run.json');
    const { statisticalLanes: _, ...earlier } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(earlier));
    expect((await compare(runId)).flows).toEqual(comparison);
  });

  it('of other versions say so', async () => {
    const [first, second] = [await two(100), await two(100)];
    const file = join(second.runDir, 'manifests/run.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"1.2.3"', '"1.3.0"').replace('"9.9.9"', '"10.0.0"'));
    expect((await compare(first.runId, second.runId)).configuration).toEqual([
      ...['@test/memory', '@test/one', '@test/two', '@test/jsonl'].map((name) => ({ path: `versions.${name}`, values: ['1.2.3', '1.3.0'] })),
      { path: 'versions.engine', values: ['9.9.9', '10.0.0'] },
    ]);
  });

  it('by the beginning of their ids; a failed one as far as it came', async () => {
    const failed = await run({
      ...recorded,
      ticks: 50,
      scenario: { name: 'broken' },
      lanes: {
        one: ({ results }) => ({
          applyTick: async ({ tickIndex, simTimeMs }) => (tickIndex < 3 ? results.write(sample('one', simTimeMs, 1)) : Promise.reject(new Error('no'))),
        }),
      },
    });
    const good = await two(1);
    expect(await compare(failed.runId.slice(0, -2), good.runId)).toMatchObject({ runs: [{ status: 'failed' }, { status: 'completed' }], unreported: [] });
  });
});

describe('what cannot be compared says why and what to do', () => {
  it('no such run, and one that is named twice', async () => {
    expect(await refusal('2020')).toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('is called 2020') });
    const { runId } = await two(1);
    expect(await refusal(runId, runId.slice(0, -1))).toMatchObject({ code: 'USAGE', message: `run ${runId} is named twice` });
  });

  it('no results', async () => {
    const { runId, runDir } = await two(1, { exporters: {} });
    expect(await refusal(runId)).toMatchObject({
      code: 'ARTIFACTS',
      message: `run ${runId} has recorded no results: there is no ${join(runDir, 'results/flows.jsonl')}`,
      hint: expect.stringContaining('--exporter jsonl'),
    });
  });

  it.each([
    ['cut off', (file: string) => truncateSync(file, readFileSync(file, 'utf8').trimEnd().length - 5), /flows\.jsonl:10: not JSON/],
    ['another thing in it', (file: string) => appendFileSync(file, '{"lane":"one"}\n'), /flows\.jsonl:11: not a sample of a flow/],
    [
      'a text for a number',
      (file: string) => writeFileSync(file, `${JSON.stringify({ ...sample('one', 1, 1), rttMs: '1' })}\n`),
      /flows\.jsonl:1: not a sample/,
    ],
    ['gone', (file: string) => rmSync(file), /cannot read .*flows\.jsonl: there is no such file/],
  ])('results that are %s', async (_, spoil, message) => {
    const { runId, runDir } = await two(1);
    spoil(join(runDir, 'results/flows.jsonl'));
    expect(await refusal(runId)).toMatchObject({ code: 'ARTIFACTS', message: expect.stringMatching(message) });
  });

  it('a scenario or a manifest that is broken; a run that crashed, or goes on', async () => {
    const { runId, runDir } = await two(1);
    const manifest = join(runDir, 'manifests/run.json');
    const text = readFileSync(manifest, 'utf8');
    const says = async (changes: object) => {
      writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(text) as object), ...changes }));
      return (await refusal(runId))!.message;
    };
    expect(await says({ outcome: null })).toBe(`run ${runId} has not ended yet`);
    expect(await says({ outcome: null, pid: 2 ** 22 + 1 })).toContain(`run ${runId} crashed`);
    expect(await says({ manifest: 2 })).toContain(`run ${runId} cannot be read`);
    writeFileSync(manifest, text);
    writeFileSync(join(runDir, 'manifests/scenario.normalized.json'), '{"name":');
    expect((await refusal(runId))!.message).toContain('scenario.normalized.json is not what satsim writes there');
  });
});
