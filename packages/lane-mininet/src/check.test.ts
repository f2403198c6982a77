import { TEST_NODES, TEST_SCENARIO } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { check } from './check.js';
import { configSchema } from './config.js';

const told = async (block: object, traffic: (typeof TEST_SCENARIO)['traffic'] = []) =>
  (await check(configSchema.parse(block), { scenario: { ...TEST_SCENARIO, traffic }, nodes: TEST_NODES, baseDir: '/' })).map(
    ({ level, path, message, hint }) => `${level} ${path.join('.')}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
const { id: SATELLITE } = TEST_NODES.find(({ role }) => role === 'satellite')!;
const { id: GROUND } = TEST_NODES.find(({ role }) => role !== 'satellite')!;

test('nodes that are there are fine', async () => {
  const exec = [GROUND, SATELLITE].map((node) => ({ node, command: ['true'] }));
  expect(await told({ exec, capture: { interfaces: [`${GROUND}:${SATELLITE}`] } }, TEST_SCENARIO.traffic)).toEqual([]);
  expect(await told({ topo: { satellites: 'switch' }, exec: exec.slice(0, 1), capture: { interfaces: 'all' } })).toEqual([]);
});

test('names of nobody are faults, with the one that may be meant', async () => {
  const block = { exec: [{ node: `${SATELLITE}x`, command: ['true'] }], capture: { interfaces: [`${GROUND}:${SATELLITE}`, `somewhere-else:${SATELLITE}`] } };
  expect(await told(block)).toEqual([
    expect.stringMatching(new RegExp(`^fault mininet.exec.0.node: there is no node ${SATELLITE}x \\(did you mean \\S+\\?\\)$`)),
    expect.stringMatching(/^fault mininet\.capture\.interfaces\.1: there is no node somewhere-else \(/),
  ]);
});

test('a switch neither sends, nor answers, nor runs a command', async () => {
  const flow = { ...TEST_SCENARIO.traffic[0]!, from: GROUND, to: SATELLITE };
  expect(await told({ topo: { satellites: 'switch' }, exec: [{ node: SATELLITE, command: ['true'] }] }, [flow])).toEqual([
    `fault traffic.0.to: ${SATELLITE} is a switch, which neither sends nor answers (ground nodes as ends of flows, or mininet.topo.satellites: router)`,
    expect.stringContaining(`fault mininet.exec.0.node: ${SATELLITE} is a switch, which is in the machine's own namespace`),
  ]);
});

test('a command that is due when the last tick is over is never started, and that is told', async () => {
  expect(await told({ exec: [{ node: GROUND, at: '100h', command: ['true'] }] })).toEqual([
    'warning mininet.exec.0.at: the run has no tick then: the command is never started',
  ]);
});
