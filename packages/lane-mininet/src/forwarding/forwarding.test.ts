import { type LinkId, linkId, type LinkState, type NetworkNode, type NodeId, type TickUpdate } from '@satsim/core';
import { testTick } from '@satsim/core/testing';
import { Router } from '@satsim/routing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import { birdConfig } from './bird-config.js';
import { frrConfig } from './frr-config.js';
import { HostRoutes, upLines } from './host-routes.js';
import { SwitchFlows } from './switch-flows.js';

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
        const routes = new HostRoutes(plan, router, GROUND);
        const tables = new Tables();
        const expected = new Map<string, string>();
        for (const tick of all) {
          applied(plan, router, tick);
          const changes = routes.changes();
          for (const { node, commands } of changes) for (const { line } of commands) tables.obey(node.id, line);
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
          // Two lines each: one for each version of IP.
          expect(changes.reduce((sum, { commands }) => sum + commands.length, 0)).toBe(2 * different);
          expect(routes.changes()).toEqual([]);
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
    const changes = new HostRoutes(plan, router, GROUND).changes();
    expect(changes.map(({ node, commands }) => [node.id, commands.map(({ line }) => line)])).toEqual([
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

describe('flows of switches', () => {
  test('property: after every tick each switch sends as the router says; only what changed is said again', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const plan = new NetworkPlan(NODES, configSchema.parse({ topo: { satellites: 'switch' } }).topo, 'run');
        const router = new Router(NODES);
        const flows = new SwitchFlows(plan, router, GROUND);
        const table = new Map<string, string>();
        for (const tick of all) {
          applied(plan, router, tick);
          let changed = 0;
          for (const { node, flows: said } of flows.changes()) {
            for (const line of said) {
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
              const actions = hop ? `output:${plan.egress(plan.find(hop.source, hop.target)!, satellite).port}` : null;
              for (const match of [`ip,nw_dst=${ipv4}`, `ipv6,ipv6_dst=${ipv6}`]) {
                const found = table.get(`${satellite} ${match}`);
                if (actions === null) expect([undefined, 'drop']).toContain(found);
                else expect(found).toBe(actions);
              }
            }
          }
          expect(flows.changes()).toEqual([]);
          expect(changed % 2).toBe(0);
        }
      }),
    );
  });
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
    expect(frrConfig(plan.node('east'), []).ospfd).toContain('max-metric router-lsa administrative');
  });
});
