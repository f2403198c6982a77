import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { LaneDeps, LaneProvenance } from '@satsim/core';
import { TEST_LINKS, testLaneDeps, testLink, testTick } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { configSchema } from './config.js';
import { fakeHarness } from './harness.js';
import { MininetLane } from './mininet-lane.js';
import { ledgerFolder } from './safety/ledger.js';
import { FakeMachine } from './testing/fake-machine.js';

const signal = new AbortController().signal;
const ALL = testTick(0, { snapshot: true, updates: TEST_LINKS });
const THERE = testLink('sat-1', 'sat-2');
const change = (tickIndex: number) => testTick(tickIndex, { updates: [{ ...THERE, oneWayDelayMs: tickIndex }] });

/** A lane over a fake machine that has put the first tick into force. */
async function emulating(
  shaping: object,
  use: (parts: Awaited<ReturnType<typeof begin>> & { readonly told: () => LaneProvenance }) => Promise<void>,
): Promise<void> {
  const bench = await testLaneDeps();
  const { deps, dispose } = bench;
  try {
    const parts = await begin(deps, shaping);
    await use({ ...parts, told: () => bench.provenance });
    // Whatever it came to, its files are closed.
    await parts.lane.finalize().catch(() => undefined);
  } finally {
    await dispose();
  }
}
async function begin(deps: LaneDeps, shaping: object) {
  const { lane, machine } = await fakeHarness.create!({ ...deps, config: configSchema.parse({ shaping }) });
  await lane.prepare(signal);
  await lane.applyTick(ALL, signal);
  const lines = (name: string) =>
    readFileSync(join(deps.artifacts.dir, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { tickIndex: number; linkId: string; requested: object; applied: object });
  /** Somebody else's hand on the machine. */
  const meddle = (): void => {
    for (const { qdiscs } of machine.devices.values()) for (const qdisc of qdiscs.values()) qdisc.delayTicks += 1_000;
  };
  return { lane, machine, lines, meddle };
}

describe('read-back', () => {
  test('of each interface once in n ticks, a part of them each tick, and of all at the end, of the tick that was in force last', () =>
    emulating({ read_back_every: 2 }, async ({ lane, lines }) => {
      for (const k of [1, 2, 3]) await lane.applyTick(change(k), signal);
      await lane.finalize();
      const compared = lines('read_back.jsonl');
      const ALL_LINKS = TEST_LINKS.map(({ linkId }) => linkId).toSorted();
      for (const ticks of [[0, 1], [2]]) {
        const seen = compared.filter(({ tickIndex }) => ticks.includes(tickIndex)).map(({ linkId }) => linkId);
        expect(new Set(seen).size).toBe(seen.length);
        if (ticks.length === 2) expect(seen.toSorted()).toEqual(ALL_LINKS);
        else expect(seen.length).toBeLessThan(ALL_LINKS.length);
      }
      expect(
        compared
          .slice(-ALL_LINKS.length)
          .map(({ linkId }) => linkId)
          .toSorted(),
      ).toEqual(ALL_LINKS);
      expect(lane.figures!()).toMatchObject({ readBackInterfaces: compared.length, readBackDifferences: 0 });
      const last = compared.findLast(({ linkId }) => linkId === THERE.linkId);
      expect(last).toMatchObject({ tickIndex: 3, requested: { delayUs: 3000, carrier: true }, applied: { lossPct: 1.5, rateBps: 1e8, carrier: true } });
    }));

  test('what is not as it was asked for fails the next tick, with link, quantity and both values', () =>
    emulating({ read_back_every: 1 }, async ({ lane, meddle }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      meddle();
      // No tick waits for the comparison: the next one hears of it.
      await lane.applyTick(change(1), signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await expect(lane.applyTick(change(2), signal)).rejects.toMatchObject({
        code: 'LANE_FAILED',
        tickIndex: 1,
        message: expect.stringMatching(
          /^the kernel does not have what tick 1 asked for: \S+ has delay in µs \d+, not \d+ \(and \d+ more differences\)$/,
        ) as string,
      });
    }));

  test('all of it after the last tick, in its own time; then there is nothing to compare at the end', () =>
    emulating({ read_back_every: 0 }, async ({ lane, lines, meddle }) => {
      await lane.complete!(signal);
      meddle();
      await lane.finalize();
      expect(lines('read_back.jsonl').map(({ tickIndex }) => tickIndex)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(lane.figures!()).toMatchObject({ readBackInterfaces: 6, readBackDifferences: 0 });
    }));

  test('at the end it fails the lane as well, and takes everything away all the same', () =>
    emulating({ read_back_every: 0 }, async ({ lane, machine, meddle }) => {
      meddle();
      await expect(lane.finalize()).rejects.toThrow('the kernel does not have what tick 0 asked for');
      expect(machine.remains()).toEqual([]);
      expect(lane.figures!()).toMatchObject({ readBackInterfaces: 6, readBackDifferences: 6 });
    }));

  test('after a tick that failed there is none: the failure is told, and nothing that follows from it', () =>
    emulating({ read_back_every: 0 }, async ({ lane, machine, meddle }) => {
      machine.failNext();
      await expect(lane.applyTick(change(1), signal)).rejects.toThrow(/isl:sat-1>sat-2 at tick 1: the kernel is out of sorts\. \(qdisc change dev /);
      meddle();
      await lane.finalize();
    }));

  test('without netem, delay and loss are told as not applied', () =>
    emulating({ delay: 'none' }, async ({ lane, lines }) => {
      await lane.finalize();
      expect(lines('read_back.jsonl')[0]).toMatchObject({
        requested: { delayUs: 3500, lossPct: 1.5 },
        applied: { delayUs: 'not applied', lossPct: 'not applied', rateBps: 1e8 },
      });
    }));
});

test.each([
  ['netem', true],
  ['none', false],
])('what it is made of is told, and whether delays were real: %s', (delay, delayAndLossApplied) =>
  emulating({ delay }, async ({ lane, told }) => {
    expect(told()).toEqual({
      software: [
        { name: 'Mininet', version: '2.3.0' },
        { name: 'Python', version: '3' },
        { name: 'Linux', version: release() },
        // The tools of the fake machine don't tell theirs.
        ...['iproute2', 'ping', 'iperf3'].map((name) => ({ name, version: null })),
      ],
      facts: { delayAndLossApplied },
    });
    await lane.finalize();
  }),
);

test('the last tick is lived to its end, unless the run is stopped in it', () =>
  emulating({}, async ({ lane }) => {
    const begun = performance.now();
    const stop = new AbortController();
    const stopped = lane.complete!(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    expect(performance.now() - begun).toBeLessThan(500);
    await lane.complete!(signal);
    // Of a second, as ticks of the kit are; the first of it went by before.
    expect(performance.now() - begun).toBeGreaterThan(800);
  }));

test('a lane under test keeps its ledger where the test is, while it runs, and not among those of runs', async () => {
  const { deps, dispose } = await testLaneDeps();
  const { lane, prefix, ledgers } = await fakeHarness.create!({ ...deps, config: configSchema.parse({}) });
  await lane.prepare(signal);
  expect(readdirSync(ledgers)).toEqual([`${prefix}.jsonl`]);
  expect(existsSync(join(ledgerFolder(), `${prefix}.jsonl`))).toBe(false);
  await lane.finalize();
  expect(readdirSync(ledgers)).toEqual([]);
  await dispose();
});

test('what ticks have cost is told at the end, and before the first one nothing', () =>
  emulating({ read_back_every: 0 }, async ({ lane, lines }) => {
    await lane.applyTick(change(1), signal);
    await lane.finalize();
    const applied = lines('apply.jsonl') as unknown as {
      arrivedAtMs: number;
      begunAtMs: number;
      inForceAtMs: number;
      applyMs: number;
      routesChanged: number;
    }[];
    const moments = applied.flatMap(({ arrivedAtMs, begunAtMs, inForceAtMs }) => [arrivedAtMs, begunAtMs, inForceAtMs]);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(Math.abs(moments[0]! - Date.now())).toBeLessThan(60_000);
    const ms = applied.map(({ applyMs }) => applyMs);
    expect(lane.figures!()).toEqual({
      applyMedianMs: Math.max(...ms),
      applyP99Ms: Math.max(...ms),
      applyMaxMs: Math.max(...ms),
      ticksLongerThanDt: 0,
      linkPairsBuilt: 3,
      routesChanged: applied.reduce((sum, { routesChanged }) => sum + routesChanged, 0),
      readBackInterfaces: 6,
      readBackDifferences: 0,
    });
  }));

test('one error can be thrown at the end; what else went wrong, and what is still there, is told too', { timeout: 20_000 }, async () => {
  const { deps, logs, dispose } = await testLaneDeps();
  const machine = new FakeMachine();
  const silent = { list: () => null, remove: () => undefined };
  const config = configSchema.parse({ topo: { satellites: 'switch' } });
  const lane = new MininetLane(
    { ...deps, config, processes: machine, scenario: { ...deps.scenario, traffic: [] } },
    join(deps.artifacts.dir, 'ledgers'),
    silent,
  );
  await lane.prepare(signal);
  await lane.applyTick(ALL, signal);
  for (const { qdiscs } of machine.devices.values()) for (const qdisc of qdiscs.values()) qdisc.delayTicks += 1_000;
  await expect(lane.finalize()).rejects.toThrow('the kernel does not have what tick 0 asked for');
  const errors = logs.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors).toEqual([expect.stringMatching(/^taking the network away: these could not be removed: bridge \S+ \(perhaps: Open vSwitch does not answer\)/)]);
  await dispose();
});

test('every change is written down with its tick', () =>
  emulating({}, async ({ lane, lines }) => {
    await lane.applyTick(change(1), signal);
    await lane.applyTick(testTick(2, { removals: [THERE.linkId] }), signal);
    await lane.finalize();
    const changes = lines('changes.jsonl');
    expect(changes.slice(0, 6).map(({ tickIndex }) => tickIndex)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(changes.slice(6)).toMatchObject([
      { tickIndex: 1, linkId: THERE.linkId, removed: false, shape: { delayUs: 1000, lossPct: 1.5, rateBps: 1e8 } },
      { tickIndex: 2, linkId: THERE.linkId, removed: true, shape: { drop: true } },
    ]);
  }));
