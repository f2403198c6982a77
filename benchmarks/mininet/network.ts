import { type LaneAdapter, type LaneDefinition, type LinkState, linkId, type NetworkNode, type TickUpdate } from '@satsim/core';
import { testLaneDeps, testTick } from '@satsim/core/testing';
import plugin from '@satsim/lane-mininet';

/** A network for the lane, without orbits: nodes, and pairs of them. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly pairs: readonly (readonly [string, string])[];
}

/** Planes of satellites, each linked to two neighbours in its plane and one in each plane beside it; terminals, each at one satellite. */
export function grid(planes: number, perPlane: number, terminals = 0): Network {
  const name = (plane: number, slot: number): string => `s-${plane % planes}-${slot % perPlane}`;
  const all = Array.from({ length: planes * perPlane }, (_, i) => [Math.floor(i / perPlane), i % perPlane] as const);
  const isls = all.flatMap(([plane, slot]) => [[name(plane, slot), name(plane, slot + 1)] as const, [name(plane, slot), name(plane + 1, slot)] as const]);
  const grounds = Array.from({ length: terminals }, (_, i) => `t-${i}`);
  return {
    nodes: [
      ...all.map(([plane, slot]) => ({ id: name(plane, slot), role: 'satellite' as const, relay: true })),
      ...grounds.map((id) => ({ id, role: 'user_terminal' as const, relay: false })),
    ],
    pairs: [...isls, ...grounds.map((id, i) => [id, name(i, 0)] as const)],
  };
}

/** So many pairs among so few satellites: each satellite costs a switch seconds, a pair costs little. */
export function mesh(satellites: number, pairs: number): Network {
  const names = Array.from({ length: satellites }, (_, i) => `s-${i}`);
  const all = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const));
  return { nodes: names.map((id) => ({ id, role: 'satellite', relay: true })), pairs: all.slice(0, pairs) };
}

/** A tick that names all links in both directions, with values of its own. */
export function tickOf({ pairs }: Network, tickIndex: number): TickUpdate {
  const updates = pairs.flatMap(([a, b]) =>
    [
      [a, b],
      [b, a],
    ].map(([source, target]): LinkState => {
      const kind = source!.startsWith('t') || target!.startsWith('t') ? 'gsl' : 'isl';
      const values = { up: true, oneWayDelayMs: 5 + tickIndex, capacityMbps: 10 + tickIndex, lossPct: 0 };
      return { linkId: linkId(kind, source!, target!), source: source!, target: target!, kind, ...values };
    }),
  );
  return testTick(tickIndex, { snapshot: tickIndex === 0, updates });
}

let lanes = 0;

/** A lane over the network on this machine, not yet prepared; taken away at the end, whatever happens. */
export async function withLane<T>(network: Network, block: object, use: (lane: LaneAdapter) => Promise<T>): Promise<T> {
  const [definition] = plugin.definitions as readonly LaneDefinition[];
  const config = ((await definition!.config['~standard'].validate(block)) as { readonly value: unknown }).value;
  const { deps, dispose } = await testLaneDeps();
  const run = { ...deps.run, runId: `bench-${process.pid}-${(lanes += 1)}` };
  const lane = definition!.create({ ...deps, run, config, nodes: network.nodes, scenario: { ...deps.scenario, traffic: [] } });
  try {
    return await use(lane);
  } finally {
    await lane.finalize();
    await dispose();
  }
}
