import { describe, expect, test } from 'vitest';
import { TEST_SCENARIO } from '@satsim/core/testing';
import { capturedInterfaces, configSchema } from './config.js';

const faultsOf = (block: object): string[] => (configSchema.safeParse(block).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the block mininet', () => {
  test('is optional, and so is everything in it', () => {
    expect(configSchema.parse(undefined)).toEqual({
      python: '/usr/bin/python3',
      topo: { satellites: 'router', datapath: 'kernel', gsl_links: 'lazy', ipv4_base: '10.0.0.0', ipv6_prefix: 'fd5a:7351:0:1' },
      shaping: { delay: 'netem', down: 'carrier', read_back_every: 60 },
      controller: { type: 'builtin', addr: null, protocols: ['OpenFlow13'], version_args: ['--version'] },
      routing: 'builtin',
      capture: { interfaces: 'none', snap_bytes: 2_048 },
      exec: [],
    });
  });

  test.each([
    [
      { controller: { type: 'external' }, topo: { satellites: 'switch' } },
      'controller.addr: an external controller needs an address, such as tcp:127.0.0.1:6653',
    ],
    [{ controller: { type: 'launched' }, topo: { satellites: 'switch' } }, 'controller.command: a launched controller needs a command'],
    [{ controller: { type: 'external', addr: 'tcp:127.0.0.1:6653' } }, 'controller.type: only switches have a controller: topo.satellites is not switch'],
    [{ routing: 'bird', topo: { satellites: 'switch' } }, 'routing: only routers route: topo.satellites is not router'],
    [{ shaping: { delay: 'none', rate: 'netem' } }, 'shaping.rate: netem limits no rate when shaping.delay is none'],
    [{ python: 'python3' }, 'python: an absolute path'],
    [{ capture: { interfaces: ['oslo'] } }, 'capture.interfaces.0: NODE:NEIGHBOUR'],
    [{ capture: { rotate_every: 'soon' } }, 'capture.rotate_every: a duration is a number and a unit: 100ms, 1s, 10m'],
    [{ topo: { ipv6_prefix: '2001:db8::' } }, 'topo.ipv6_prefix: four groups, such as fd5a:7351:0:1'],
    [{ exec: [{ node: 'oslo', command: [] }] }, 'exec.0.command: '],
    [{ shapping: {} }, ': Unrecognized key: "shapping"'],
  ])('%j is a fault', (block, fault) => {
    const faults = faultsOf(block);
    expect(faults).toHaveLength(1);
    expect(faults[0]!.startsWith(fault), faults[0]).toBe(true);
  });
});

test.each([
  ['none', false, 'none'],
  ['none', true, 'ground'],
  ['all', true, 'all'],
  [['a:b'], true, ['a:b']],
  ['ground', false, 'ground'],
])('whose packets are captured: %s in the block, execution.record_pcap %s: %s', (interfaces, record_pcap, captured) => {
  const scenario = { ...TEST_SCENARIO, execution: { ...TEST_SCENARIO.execution, record_pcap } };
  expect(capturedInterfaces(configSchema.parse({ capture: { interfaces } }), scenario)).toEqual(captured);
  expect(capturedInterfaces(configSchema.parse({ capture: { interfaces } }), null)).toEqual(interfaces);
});
