import { linkId, scenarioSchema, type FlowSample, type LaneDeps, type LinkState, type NetworkNode, type TickUpdate } from '@satsim/core';
import { withColumns } from '@satsim/core/testing';
import { describe, expect, it } from 'vitest';
import { configSchema, type FlowConfig } from './config.js';
import { FlowLane } from './flow-lane.js';
import plugin from './index.js';

const T0 = Date.parse('2026-11-20T00:00:00Z');
const NODES: readonly NetworkNode[] = [
  { id: 'S1', role: 'satellite', relay: true },
  { id: 'S2', role: 'satellite', relay: true },
  { id: 'oslo', role: 'ground_station', relay: false },
  { id: 'singapore', role: 'ground_station', relay: false },
];
const SIGNAL = new AbortController().signal;

const link = (source: string, target: string, oneWayDelayMs: number, more: Partial<LinkState> = {}): LinkState => {
  const kind = source.startsWith('S') && target.startsWith('S') ? 'isl' : 'gsl';
  return { linkId: linkId(kind, source, target), source, target, kind, up: true, oneWayDelayMs, capacityMbps: 100, lossPct: 0, ...more };
};
const WAY = [link('oslo', 'S1', 3), link('S1', 'S2', 10), link('S2', 'singapore', 4)];
const BACK = [link('singapore', 'S2', 4.5), link('S2', 'S1', 10), link('S1', 'oslo', 3.5)];

const tick = (tickIndex: number, updates: LinkState[] = [], removals: string[] = []): TickUpdate => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: T0 + tickIndex * 1000,
  snapshot: tickIndex === 0,
  removals,
  updates,
  stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: updates.length },
});

function lane(traffic: object[], config: FlowConfig = { record_paths: true }) {
  const samples: FlowSample[] = [];
  const scenario = scenarioSchema.parse({
    name: 'test',
    time: { t0: '2026-11-20T00:00:00Z', duration: '1m' },
    traffic: traffic.map((flow) => ({ from: 'oslo', to: 'singapore', ...flow })),
  });
  const run = { runId: 'r', seed: 0, t0Ms: T0, t1Ms: T0 + 60_000, dtMs: 1000, tickCount: 60, mode: 'offline' };
  // The other services are there for lanes that start programs and write files: this one must do without.
  const deps = {
    config,
    run,
    scenario,
    nodes: NODES,
    results: { write: (sample: FlowSample) => void samples.push(sample) },
  } as unknown as LaneDeps<FlowConfig>;
  return { samples, flowLane: new FlowLane(deps) };
}

/** Runs the ticks and returns the samples. */
async function run(traffic: object[], ticks: readonly TickUpdate[], config?: FlowConfig): Promise<FlowSample[]> {
  const { samples, flowLane } = lane(traffic, config);
  await flowLane.prepare(SIGNAL);
  for (const each of ticks) await flowLane.applyTick(each, SIGNAL);
  await flowLane.finalize();
  return samples;
}

describe('flow lane', () => {
  it('sees the same of ticks with columns, and asks none for an object of a link', async () => {
    const ticks = [tick(0, [...WAY, ...BACK]), tick(1, [{ ...WAY[1]!, up: false }]), tick(2, [WAY[1]!], [BACK[0]!.linkId]), tick(3, [BACK[0]!])];
    const withoutObjects = withColumns(ticks).map((each) =>
      Object.defineProperty(each, 'updates', {
        get: () => {
          throw new Error('somebody asked for objects');
        },
      }),
    );
    const traffic = [{ id: 'p' }, { id: 't', kind: 'tcp' }];
    expect(await run(traffic, withoutObjects)).toEqual(await run(traffic, ticks));
  });

  it('ping: RTT is the way there and the way back, each as it is', async () => {
    expect(await run([{ id: 'p' }], [tick(0, [...WAY, ...BACK])])).toEqual([
      {
        lane: 'flow',
        flow: 'p',
        simTimeMs: T0,
        rttMs: 35,
        oneWayDelayMs: 17,
        lossPct: 0,
        goodputMbps: null,
        hops: 3,
        pathHash: expect.stringMatching(/^[0-9a-f]{16}$/),
        path: ['oslo', 'S1', 'S2', 'singapore'],
        bottleneck: null,
      },
    ]);
  });

  it('loss adds up along the way; for a ping the way back counts as well', async () => {
    const lossy = (links: LinkState[]) => links.map((state) => (state.kind === 'gsl' ? { ...state, lossPct: 10 } : state));
    const [ping, udp] = await run([{ id: 'p' }, { id: 'u', kind: 'udp', rate_mbps: 50 }], [tick(0, [...lossy(WAY), ...lossy(BACK)])]);
    expect(ping!.lossPct).toBeCloseTo(100 * (1 - 0.9 ** 4), 10);
    expect(udp!.lossPct).toBeCloseTo(19, 10);
    expect(udp!.goodputMbps).toBeCloseTo(50 * 0.81, 10);
  });

  it('udp and tcp share the links fairly; the bottleneck is named', async () => {
    const narrow = [WAY[0]!, { ...WAY[1]!, capacityMbps: 30 }, WAY[2]!];
    const samples = await run([{ id: 'p' }, { id: 't', kind: 'tcp' }, { id: 'u', kind: 'udp', rate_mbps: 5 }], [tick(0, [...narrow, ...BACK])]);
    expect(samples.map(({ goodputMbps, bottleneck }) => [goodputMbps, bottleneck])).toEqual([
      [null, null],
      [25, 'isl:S1>S2'],
      [5, null],
    ]);
  });

  it('udp without a rate offers 1 Mbit/s; what it offers beyond its share is lost, which tcp does not send', async () => {
    const narrow = [WAY[0]!, { ...WAY[1]!, capacityMbps: 8, lossPct: 50 }, WAY[2]!];
    const samples = await run(
      [
        { id: 't', kind: 'tcp', rate_mbps: 50 },
        { id: 'u', kind: 'udp', rate_mbps: 35 },
        { id: 'd', kind: 'udp' },
      ],
      [tick(0, [...narrow, ...BACK])],
    );
    expect(samples.map(({ goodputMbps, lossPct }) => [goodputMbps, lossPct])).toEqual([
      [1.75, 50],
      [1.75, 95],
      [0.5, 50],
    ]);
  });

  it.each([
    ['a link that is down', { up: false }],
    ['a link without capacity', { capacityMbps: 0 }],
  ])('no way but %s: an outage with loss 100 and nulls, nothing delivered', async (_what, change) => {
    const cut = [{ ...WAY[1]!, ...change }];
    const samples = await run([{ id: 'p' }, { id: 'u', kind: 'udp', rate_mbps: 5 }], [tick(0, [...WAY, ...BACK]), tick(1, cut)]);
    const outage = { lane: 'flow', simTimeMs: T0 + 1000, rttMs: null, oneWayDelayMs: null, lossPct: 100, hops: null, pathHash: null, bottleneck: null };
    expect(samples.slice(2)).toEqual([
      { ...outage, flow: 'p', goodputMbps: null },
      { ...outage, flow: 'u', goodputMbps: 0 },
    ]);
  });

  it('no way back: an outage for ping and tcp, no RTT for udp', async () => {
    const samples = await run([{ id: 'p' }, { id: 't', kind: 'tcp' }, { id: 'u', kind: 'udp', rate_mbps: 5 }], [tick(0, WAY)]);
    expect(samples.map(({ rttMs, oneWayDelayMs, lossPct, goodputMbps }) => [rttMs, oneWayDelayMs, lossPct, goodputMbps])).toEqual([
      [null, null, 100, null],
      [null, null, 100, 0],
      [null, 17, 0, 5],
    ]);
  });

  it('a flow that is cut off takes no share from the others', async () => {
    const samples = await run(
      [
        { id: 'a', kind: 'tcp' },
        { id: 'b', kind: 'tcp', to: 'S2' },
      ],
      [tick(0, [WAY[0]!, WAY[1]!, ...BACK])],
    );
    expect(samples.map(({ goodputMbps }) => goodputMbps)).toEqual([0, 100]);
  });

  it('a way that comes back is used again; its hash follows the nodes', async () => {
    const around = [link('oslo', 'S2', 50)];
    const samples = await run([{ id: 'p' }], [tick(0, [...WAY, ...BACK, ...around]), tick(1, [], ['gsl:oslo>S1']), tick(2, [WAY[0]!])]);
    expect(samples.map(({ path }) => path?.join('>'))).toEqual(['oslo>S1>S2>singapore', 'oslo>S2>singapore', 'oslo>S1>S2>singapore']);
    expect(samples[0]!.pathHash).toBe(samples[2]!.pathHash);
    expect(samples[0]!.pathHash).not.toBe(samples[1]!.pathHash);
  });

  it.each([
    ['a ping at every tick', {}, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['a ping every 3 s', { every: '3s' }, [0, 3, 6]],
    ['a ping every 2.5 s: the first tick at or after its time', { every: '2500ms' }, [0, 3, 5]],
    ['a ping oftener than ticks', { every: '100ms' }, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['from start', { start: '2s', every: '4s' }, [2, 6]],
    ['start between ticks', { start: '1500ms', every: '3s' }, [2, 5]],
    ['to before stop', { start: '2s', stop: '5s' }, [2, 3, 4]],
    ['tcp at every tick', { kind: 'tcp', start: '6s' }, [6, 7]],
  ])('samples %s', async (_, flow, expected) => {
    const ticks = [tick(0, [...WAY, ...BACK]), ...Array.from({ length: 7 }, (_unused, index) => tick(index + 1))];
    const samples = await run([{ id: 'f', ...flow }], ticks);
    expect(samples.map(({ simTimeMs }) => (simTimeMs - T0) / 1000)).toEqual(expected);
  });

  it('a ping whose tick was skipped is sampled at the next one', async () => {
    const samples = await run([{ id: 'p', every: '3s' }], [tick(0, [...WAY, ...BACK]), tick(2), tick(4), tick(5), tick(6)]);
    expect(samples.map(({ simTimeMs }) => (simTimeMs - T0) / 1000)).toEqual([0, 4, 6]);
  });

  it('record_paths: false leaves the node ids out, the hash stays', async () => {
    const [sample] = await run([{ id: 'p' }], [tick(0, [...WAY, ...BACK])], { record_paths: false });
    expect(sample).not.toHaveProperty('path');
    expect(sample!.pathHash).not.toBeNull();
  });

  it('refuses a tick before prepare and after finalize, rejects when aborted; finalize is safe at any time', async () => {
    const { flowLane } = lane([]);
    await flowLane.finalize();
    await expect(flowLane.applyTick(tick(0), SIGNAL)).rejects.toMatchObject({ code: 'LANE_FAILED', lane: 'flow', tickIndex: 0 });
    await expect(flowLane.prepare(AbortSignal.abort())).rejects.toThrow();
    await flowLane.prepare(SIGNAL);
    await expect(flowLane.applyTick(tick(0), AbortSignal.abort())).rejects.toThrow();
    await flowLane.finalize();
    await flowLane.finalize();
    await expect(flowLane.applyTick(tick(0), SIGNAL)).rejects.toMatchObject({ code: 'LANE_FAILED' });
  });

  it('a sink that fails fails the tick', async () => {
    const { samples, flowLane } = lane([{ id: 'p' }]);
    samples.push = () => {
      throw new Error('sink is full');
    };
    await flowLane.prepare(SIGNAL);
    await expect(flowLane.applyTick(tick(0, [...WAY]), SIGNAL)).rejects.toThrow('sink is full');
  });

  it('tells the links in force', async () => {
    const { flowLane } = lane([]);
    await flowLane.prepare(SIGNAL);
    await flowLane.applyTick(tick(0, [WAY[0]!, WAY[1]!]), SIGNAL);
    await flowLane.applyTick(tick(1, [{ ...WAY[1]!, up: false }], [WAY[0]!.linkId]), SIGNAL);
    expect(flowLane.links()).toEqual([{ ...WAY[1]!, up: false }]);
  });
});

describe('the plugin', () => {
  it('contributes what its manifest says', () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['lane', 'flow']]);
  });

  it('has paths recorded by default, and refuses what it does not know', () => {
    expect(configSchema.parse(undefined)).toEqual({ record_paths: true });
    expect(configSchema.safeParse({ record_path: true }).success).toBe(false);
  });
});
