import { type LinkId, linkId, type LinkState, type NetworkNode, type NodeId, type TickUpdate } from '@satsim/core';
import { testLaneDeps, testTick } from '@satsim/core/testing';
import { Router } from '@satsim/routing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { macOf } from '../plan/addresses.js';
import { NetworkPlan, type PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { birdConfig } from './bird-config.js';
import { frrConfig } from './frr-config.js';
import { routeLines, upLines } from './host-routes.js';
import { type HopChange, NextHops } from './next-hops.js';
import { RoutingDaemons } from './routing-daemons.js';
import { flowsOf } from './switch-flows.js';

const SATELLITES = ['S-1', 'S-2', 'S-3', 'S-4', 'S-5'];
const GROUND = ['east', 'hub', 'west'];
const NODES: readonly NetworkNode[] = [
  ...SATELLITES.map((id): NetworkNode => ({ id, role: 'satellite', relay: true })),
  ...GROUND.map((id): NetworkNode => ({ id, role: 'ground_station', relay: id === 'hub' })),
];
const PAIRS = [
  ...SATELLITES.flatMap((a, i) => SATELLITES.slice(i + 1).map((b) => ['isl', a, b] as const)),
  ...GROUND.flatMap((a) => SATELLITES.map((b) => ['gsl', a, b] as const)),
];

/** Ticks over a network of five satellites and three ground nodes, whose links come, go, fail and change their delay as they like. */
const ticks: fc.Arbitrary<readonly TickUpdate[]> = fc
  .array(
    fc.record({
      snapshot: fc.constantFrom(false, false, true),
      changes: fc.array(
        fc.record({
          pair: fc.nat(PAIRS.length - 1),
          back: fc.boolean(),
          remove: fc.boolean(),
          up: fc.boolean(),
          oneWayDelayMs: fc.integer({ min: 1, max: 9 }),
        }),
        {
          maxLength: 25,
        },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((intents) => {
    let present = new Set<LinkId>();
    return intents.map(({ snapshot, changes }, index) => {
      const updates = new Map<LinkId, LinkState>();
      const removals = new Set<LinkId>();
      const whole = snapshot || index === 0;
      if (whole) present = new Set();
      for (const { pair, back, remove, up, oneWayDelayMs } of changes) {
        const [kind, a, b] = PAIRS[pair]!;
        const [source, target] = back ? [b, a] : [a, b];
        const id = linkId(kind, source, target);
        if (remove && present.has(id) && !updates.has(id)) removals.add(id);
        else if (!removals.has(id)) updates.set(id, { linkId: id, source, target, kind, up, oneWayDelayMs, capacityMbps: 10, lossPct: 0 });
      }
      for (const id of removals) present.delete(id);
      for (const id of updates.keys()) present.add(id);
      return testTick(index, { snapshot: whole, removals: [...removals], updates: [...updates.values()] });
    });
  });

/** The plan knows a link from the moment at which a tick names it. */
function applied(plan: NetworkPlan, router: Router, tick: TickUpdate): void {
  for (const { kind, source, target } of tick.updates) plan.link(kind, source, target);
  router.apply(tick);
}

/** A routing table by node, as `ip` keeps it: what was replaced last. */
class Tables {
  readonly #tables = new Map<string, string>();
  obey(node: string, line: string): void {
    const route = /^route replace (unreachable )?(\S+)\/(32|128)(.*)$/.exec(line);
    if (route) this.#tables.set(`${node} ${route[2]}`, route[1] ? 'unreachable' : route[4]!.trim());
  }
  get(node: string, address: string): string | null {
    return this.#tables.get(`${node} ${address}`) ?? null;
  }
}

describe('routes of hosts and routers', () => {
  test('property: after every tick each node sends as the router says, in IPv4 and IPv6; only what changed is said again', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const plan = new NetworkPlan(NODES, configSchema.parse({}).topo, 'run');
        const router = new Router(NODES);
        const hops = new NextHops(plan, router, plan.nodes, GROUND);
        const tables = new Tables();
        const expected = new Map<string, string>();
        for (const tick of all) {
          applied(plan, router, tick);
          const changes = hops.steps().flat();
          for (const change of changes) for (const line of routeLines(plan, change)) tables.obey(change.node.id, line);
          let different = 0;
          for (const { id } of NODES) {
            for (const destination of GROUND) {
              const hop = router.nextHop(id, destination);
              const [to, key] = [plan.node(destination), `${id} ${destination}`];
              const link = hop && plan.find(hop.source, hop.target)!;
              const device = link && plan.egress(link, id).interface;
              // Nothing said and nothing known: there has never been a way.
              const before = expected.get(key) ?? 'none';
              expected.set(key, hop ? `${hop.source}>${hop.target}` : 'none');
              if (expected.get(key) !== before) different += 1;
              for (const address of [to.ipv4!, to.ipv6!]) {
                const route = tables.get(id, address);
                if (!hop) expect([null, 'unreachable']).toContain(route);
                else expect(route).toMatch(new RegExp(`^via \\S+ dev ${device}( onlink)? src `));
              }
              if (hop) {
                expect(tables.get(id, to.ipv4!)).toContain(`via ${plan.node(hop.target).ipv4} dev`);
                expect(tables.get(id, to.ipv6!)).toContain(`via ${plan.egress(link!, hop.target).linkLocal} dev`);
              }
            }
          }
          expect(changes).toHaveLength(different);
          expect(hops.steps()).toEqual([]);
        }
      }),
    );
  });

  test('behind a switch a destination is a neighbour, with its one address', () => {
    const plan = new NetworkPlan(NODES, configSchema.parse({ topo: { satellites: 'switch' } }).topo, 'run');
    const router = new Router(NODES);
    const link = (source: NodeId, target: NodeId): LinkState => ({
      linkId: linkId('gsl', source, target),
      source,
      target,
      kind: 'gsl',
      up: true,
      oneWayDelayMs: 1,
      capacityMbps: 1,
      lossPct: 0,
    });
    applied(plan, router, testTick(0, { snapshot: true, updates: [link('west', 'S-1'), link('S-1', 'east')] }));
    const hosts = plan.nodes.filter(({ kind }) => kind === 'host');
    const changes = new NextHops(plan, router, hosts, GROUND).steps().flat();
    expect(changes.map((change) => [change.node.id, routeLines(plan, change)])).toEqual([
      [
        'west',
        [
          `neigh replace 10.0.0.6 lladdr 02:5a:00:06:00:00 dev ${plan.prefix}8-1 nud permanent`,
          `neigh replace fd5a:7351:0:1::6 lladdr 02:5a:00:06:00:00 dev ${plan.prefix}8-1 nud permanent`,
          `route replace 10.0.0.6/32 dev ${plan.prefix}8-1 src 10.0.0.8`,
          `route replace fd5a:7351:0:1::6/128 dev ${plan.prefix}8-1 src fd5a:7351:0:1::8`,
        ],
      ],
    ]);
  });

  test('an interface that comes up knows its neighbour', () => {
    const plan = new NetworkPlan(NODES, configSchema.parse({}).topo, 'run');
    const { a, b } = plan.link('isl', 'S-1', 'S-2');
    expect(upLines(a, b)).toEqual([
      `link set dev ${a.interface} up gso_max_segs 1`,
      `neigh replace 10.0.0.2 lladdr ${b.mac} dev ${a.interface} nud permanent`,
      `neigh replace ${b.linkLocal} lladdr ${b.mac} dev ${a.interface} nud permanent`,
    ]);
    expect(upLines(a, b, true)[0]).toBe(`address replace 10.0.0.1 peer 10.0.0.2/32 dev ${a.interface}`);
  });
});

/** What nodes were told so far: for a destination, by node, whom it sends to. */
class Told {
  readonly #hops = new Map<string, NodeId>();

  obey({ node, destination, hop }: HopChange): void {
    const key = `${destination.id} ${node.id}`;
    if (hop === null) this.#hops.delete(key);
    else this.#hops.set(key, hop.target);
  }

  /** Where packets for the destination end that are at the node: there, nowhere, or never. */
  fate(from: NodeId, destination: NodeId): 'arrives' | 'is lost' | 'goes round' {
    const seen = new Set<NodeId>();
    for (let at: NodeId | undefined = from; at !== undefined; at = this.#hops.get(`${destination} ${at}`)) {
      if (at === destination) return 'arrives';
      if (seen.has(at)) return 'goes round';
      seen.add(at);
    }
    return 'is lost';
  }
}

describe('steps in which nodes are told of new ways', () => {
  const shuffled = <T>(items: readonly T[], random: () => number): readonly T[] =>
    items
      .map((item) => [random(), item] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, item]) => item);
  const everywhere = NODES.flatMap(({ id }) => GROUND.filter((destination) => destination !== id).map((destination) => [id, destination] as const));
  const fates = (told: Told): readonly string[] => everywhere.map(([from, to]) => told.fate(from, to));

  /** All steps of all ticks, each change by itself, those of a step in any order. @param look at what was before the tick, is now, and will be after it */
  const follow = (
    all: readonly TickUpdate[],
    random: () => number,
    look: (before: readonly string[], now: readonly string[], after: readonly string[]) => void,
    order: (steps: readonly (readonly HopChange[])[]) => readonly (readonly HopChange[])[] = (steps) => steps,
  ): void => {
    const plan = new NetworkPlan(NODES, configSchema.parse({}).topo, 'run');
    const router = new Router(NODES);
    const hops = new NextHops(plan, router, plan.nodes, GROUND);
    const [told, ahead] = [new Told(), new Told()];
    for (const tick of all) {
      applied(plan, router, tick);
      const before = fates(told);
      const steps = hops.steps();
      for (const change of steps.flat()) ahead.obey(change);
      const after = fates(ahead);
      for (const step of order(steps)) {
        for (const change of shuffled(step, random)) {
          told.obey(change);
          look(before, fates(told), after);
        }
      }
    }
  };

  test('property: at no moment do packets go round in circles', () => {
    fc.assert(
      fc.property(ticks, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (all, random) => {
        follow(
          all,
          () => random.next().value,
          (_before, now) => expect(now).not.toContain('goes round'),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('property: who had a way and keeps one has one all the time', () => {
    fc.assert(
      fc.property(ticks, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (all, random) => {
        follow(
          all,
          () => random.next().value,
          (before, now, after) => {
            now.forEach((fate, i) => (before[i] === 'arrives' && after[i] === 'arrives' ? expect(fate).toBe('arrives') : null));
          },
        );
      }),
      { numRuns: 300 },
    );
  });

  test('any other order would not do: the steps turned round make loops', () => {
    let loops = 0;
    const counting = (): void =>
      fc.assert(
        fc.property(ticks, (all) => {
          follow(
            all,
            () => 0,
            (_before, now) => void (loops += now.includes('goes round') ? 1 : 0),
            (steps) => steps.toReversed(),
          );
        }),
        { numRuns: 300, seed: 1 },
      );
    counting();
    expect(loops).toBeGreaterThan(0);
  });

  test('a chain that turns round takes as many steps as nodes turn; one step is enough for nodes that have told nobody of a way', () => {
    const plan = new NetworkPlan(NODES, configSchema.parse({}).topo, 'run');
    const router = new Router(NODES);
    const hops = new NextHops(plan, router, plan.nodes, ['west']);
    const link = (source: NodeId, target: NodeId, oneWayDelayMs = 1): LinkState => {
      const kind = target === 'west' ? 'gsl' : 'isl';
      return { linkId: linkId(kind, source, target), source, target, kind, up: true, oneWayDelayMs, capacityMbps: 1, lossPct: 0 };
    };
    const both = (a: NodeId, b: NodeId): LinkState[] => [link(a, b), link(b, a)];
    const chain = [...both('S-1', 'S-2'), ...both('S-2', 'S-3'), ...both('S-3', 'S-4')];
    applied(plan, router, testTick(0, { snapshot: true, updates: [...chain, link('S-1', 'west'), link('S-4', 'west', 90)] }));
    expect(hops.steps().map((step) => step.length)).toEqual([4]);
    applied(plan, router, testTick(1, { updates: [link('S-1', 'west', 90), link('S-4', 'west', 1)] }));
    expect(hops.steps().map((step) => step.map(({ node }) => node.id))).toEqual([['S-4'], ['S-3'], ['S-2'], ['S-1']]);
  });
});

describe('flows of switches', () => {
  test('property: after every tick each switch sends as the router says; only what changed is said again', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const plan = new NetworkPlan(NODES, configSchema.parse({ topo: { satellites: 'switch' } }).topo, 'run');
        const router = new Router(NODES);
        const switches = plan.nodes.filter(({ kind }) => kind === 'switch');
        const hops = new NextHops(plan, router, switches, GROUND);
        const table = new Map<string, string>();
        for (const tick of all) {
          applied(plan, router, tick);
          let changed = 0;
          for (const change of hops.steps().flat()) {
            const { node } = change;
            for (const line of flowsOf(plan, change)) {
              const [, match, actions] = /^priority=100,(.*),actions=(.*)$/.exec(line)!;
              // A switch is told nothing that it knows already.
              expect(table.get(`${node.id} ${match}`)).not.toBe(actions);
              table.set(`${node.id} ${match}`, actions!);
              changed += 1;
            }
          }
          for (const satellite of SATELLITES) {
            for (const destination of GROUND) {
              const hop = router.nextHop(satellite, destination);
              const { ipv4, ipv6 } = plan.node(destination);
              const output = hop && `output:${plan.egress(plan.find(hop.source, hop.target)!, satellite).port}`;
              const relay = hop?.target === 'hub' && destination !== 'hub';
              const actions = relay ? `mod_dl_dst:${macOf(plan.node('hub').number, 0)},${output}` : output;
              for (const match of [`ip,nw_dst=${ipv4}`, `ipv6,ipv6_dst=${ipv6}`]) {
                const found = table.get(`${satellite} ${match}`);
                if (actions === null) expect([undefined, 'drop']).toContain(found);
                else expect(found).toBe(actions);
              }
            }
          }
          expect(hops.steps()).toEqual([]);
          expect(changed % 2).toBe(0);
        }
      }),
    );
  });
});

test('a ground node that relays between switches gets frames that are addressed to it', () => {
  const plan = new NetworkPlan(NODES, configSchema.parse({ topo: { satellites: 'switch' } }).topo, 'run');
  const [S1, hub, west] = ['S-1', 'hub', 'west'].map((id) => plan.node(id)) as [PlannedNode, PlannedNode, PlannedNode];
  for (const [source, target] of [
    ['S-1', 'hub'],
    ['S-1', 'S-2'],
  ] as const)
    plan.link(target === 'hub' ? 'gsl' : 'isl', source, target);
  const by = (target: string, destination: PlannedNode): string[] =>
    flowsOf(plan, { node: S1, destination, hop: { linkId: '', kind: target === 'hub' ? 'gsl' : 'isl', source: 'S-1', target } }).map(
      (line) => /actions=(.*)$/.exec(line)![1]!,
    );
  expect(by('hub', west)).toEqual(['mod_dl_dst:02:5a:00:07:00:00,output:1', 'mod_dl_dst:02:5a:00:07:00:00,output:1']);
  expect(by('hub', hub)).toEqual(['output:1', 'output:1']);
  expect(by('S-2', west)).toEqual(['output:2', 'output:2']);
});

describe('configurations of routing daemons', () => {
  const plan = new NetworkPlan(NODES, configSchema.parse({}).topo, 'run');

  test('BIRD: OSPF on all interfaces of the run; who does not relay is a stub', () => {
    const router = birdConfig(plan.node('S-1'), plan.prefix);
    expect(router).toContain('router id 10.0.0.1;');
    expect(router.match(new RegExp(`interface "${plan.prefix}\\*" \\{ type ptp; hello 1; dead 4; \\}`, 'g'))).toHaveLength(2);
    expect(router).not.toContain('stub router');
    expect(birdConfig(plan.node('west'), plan.prefix).match(/stub router yes;/g)).toHaveLength(2);
    expect(birdConfig(plan.node('hub'), plan.prefix)).not.toContain('stub router');
  });

  test('FRR: each interface by its name; who does not relay has the greatest metric', () => {
    const { zebra, ospfd } = frrConfig(plan.node('S-1'), ['x-1', 'x-2']);
    expect(zebra).toBe(`hostname ${plan.prefix}1\nip forwarding\n`);
    expect(ospfd.match(/^interface (\S+)$/gm)).toEqual(['interface x-1', 'interface x-2', 'interface lo']);
    expect(ospfd).toContain('ospf router-id 10.0.0.1');
    expect(ospfd).not.toContain('max-metric');
    const stub = frrConfig(plan.node('east'), []);
    expect(stub.ospfd).toContain('max-metric router-lsa administrative');
    // The metric keeps others from crossing it; that it forwards nothing is the kernel's to know, and zebra tells it.
    expect(stub.zebra).toContain('\nno ip forwarding\n');
    expect(frrConfig(plan.node('hub'), []).zebra).toContain('\nip forwarding\n');
  });

  test('FRR: a node with more links than are configured is refused, and not left without OSPF; BIRD needs none for each', async () => {
    const { deps, dispose } = await testLaneDeps();
    const satellites = Array.from({ length: 257 }, (_, i): NetworkNode => ({ id: `N-${i}`, role: 'satellite', relay: true }));
    const network = new NetworkPlan([...satellites, { id: 'hub', role: 'ground_station', relay: true }], configSchema.parse({}).topo, 'run');
    const links = satellites.map(({ id }) => network.link('gsl', 'hub', id));
    const daemons = (routing: string) => new RoutingDaemons({ ...deps, config: configSchema.parse({ routing }) }, network, {} as NodePrograms);
    daemons('frr').accept(links.slice(0, 256));
    expect(() => daemons('frr').accept(links.slice(256))).toThrow('hub has had links with more than 256 nodes, for which FRR has no configuration');
    daemons('bird').accept(links);
    await dispose();
  });
});
