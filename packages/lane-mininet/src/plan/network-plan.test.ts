import type { NetworkNode } from '@satsim/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { ipv4Of, linkLocalOf } from './addresses.js';
import { MAX_INTERFACE_NAME, runPrefix } from './names.js';
import { NetworkPlan } from './network-plan.js';

const NODES: readonly NetworkNode[] = [
  { id: 'IR-1-1', role: 'satellite', relay: true },
  { id: 'IR-1-2', role: 'satellite', relay: true },
  { id: 'oslo', role: 'ground_station', relay: false },
  { id: 'hub', role: 'ground_station', relay: true },
];
const planOf = (topo: object = {}, nodes = NODES, runId = 'run-1') => new NetworkPlan(nodes, configSchema.parse({ topo }).topo, runId);

describe('what a run makes has names, numbers and addresses that follow from the scenario', () => {
  test('satellites forward as routers; ground nodes are hosts, and forward only when they relay', () => {
    const { prefix, nodes } = planOf();
    expect(nodes.map(({ name, kind, forwards, ipv4, ipv6 }) => ({ name, kind, forwards, ipv4, ipv6 }))).toEqual([
      { name: `${prefix}1`, kind: 'router', forwards: true, ipv4: '10.0.0.1', ipv6: 'fd5a:7351:0:1::1' },
      { name: `${prefix}2`, kind: 'router', forwards: true, ipv4: '10.0.0.2', ipv6: 'fd5a:7351:0:1::2' },
      { name: `${prefix}3`, kind: 'host', forwards: false, ipv4: '10.0.0.3', ipv6: 'fd5a:7351:0:1::3' },
      { name: `${prefix}4`, kind: 'host', forwards: true, ipv4: '10.0.0.4', ipv6: 'fd5a:7351:0:1::4' },
    ]);
  });

  test('satellites as switches have no address, as hosts they do not forward', () => {
    expect(planOf({ satellites: 'switch' }).node('IR-1-1')).toMatchObject({ kind: 'switch', forwards: false, ipv4: null, ipv6: null });
    const [one, other] = ['run-1', 'run-2'].map((runId) => planOf({ satellites: 'switch' }, NODES, runId).nodes.map(({ dpid }) => dpid)) as [
      string[],
      string[],
    ];
    for (const dpid of [...one.slice(0, 2), ...other.slice(0, 2)]) expect(dpid).toMatch(/^[0-9a-f]{16}$/);
    // Two runs may share a controller, which knows switches by nothing else.
    expect(new Set([...one.slice(0, 2), ...other.slice(0, 2)]).size).toBe(4);
    expect(one.slice(2)).toEqual([null, null]);
    expect(planOf({ satellites: 'host' }).node('IR-1-1')).toMatchObject({ kind: 'host', forwards: false, ipv4: '10.0.0.1' });
  });

  test('a pair of nodes has one link, whichever is named first, and keeps its ports', () => {
    const plan = planOf();
    const link = plan.link('isl', 'IR-1-2', 'IR-1-1');
    expect(plan.link('isl', 'IR-1-1', 'IR-1-2')).toBe(link);
    expect(plan.find('oslo', 'IR-1-1')).toBeNull();
    const uplink = plan.link('gsl', 'oslo', 'IR-1-1');
    expect(plan.find('IR-1-1', 'oslo')).toBe(uplink);
    expect([link.a, link.b, uplink.a, uplink.b].map((end) => [end.node.id, end.port, end.interface, end.mac])).toEqual([
      ['IR-1-1', 1, `${plan.prefix}1-1`, '02:5a:00:01:00:01'],
      ['IR-1-2', 1, `${plan.prefix}2-1`, '02:5a:00:02:00:01'],
      ['IR-1-1', 2, `${plan.prefix}1-2`, '02:5a:00:01:00:02'],
      ['oslo', 1, `${plan.prefix}3-1`, '02:5a:00:03:00:00'],
    ]);
    expect(plan.egress(uplink, 'oslo')).toBe(uplink.b);
    expect(plan.egress(uplink, 'IR-1-1')).toBe(uplink.a);
    expect(() => plan.link('isl', 'IR-1-1', 'IR-9-9')).toThrow('IR-9-9');
  });

  test('names are short enough for the kernel and differ from run to run', () => {
    const many = Array.from({ length: 60_000 }, (_, i): NetworkNode => ({ id: `S-${i}`, role: 'satellite', relay: true }));
    const plan = planOf({}, many);
    const { a, b } = plan.link('isl', 'S-59998', 'S-59999');
    for (const { interface: name } of [a, b]) expect(name.length).toBeLessThanOrEqual(MAX_INTERFACE_NAME);
    fc.assert(
      fc.property(fc.string(), (runId) => {
        expect(runPrefix(runId)).toMatch(/^[a-z][0-9a-z]{3}$/);
      }),
    );
    expect(new Set(Array.from({ length: 500 }, (_, i) => runPrefix(`run-${i}`))).size).toBeGreaterThan(495);
  });

  test('addresses carry over from byte to byte; the link-local one is the EUI-64 of the MAC', () => {
    expect(['10.0.0.0', '10.1.255.254'].map((base) => ipv4Of(base, 300))).toEqual(['10.0.1.44', '10.2.1.42']);
    expect(linkLocalOf('02:5a:00:01:00:0a')).toBe('fe80::5a:ff:fe01:a');
  });
});
