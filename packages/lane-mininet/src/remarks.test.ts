import { scenarioSchema } from '@satsim/core';
import { expect, test } from 'vitest';
import { remarksOn } from './remarks.js';

test('a flow that iperf3 cannot send is a fault of its field before anything is built', () => {
  const flow = { from: 'a', to: 'b', kind: 'udp' };
  const traffic = [
    { ...flow, id: 'even' },
    { ...flow, id: 'bursty', pattern: 'poisson' },
    { id: 'ping', from: 'a', to: 'b' },
  ];
  const scenario = scenarioSchema.parse({ name: 'x', time: { t0: '2026-11-20T00:00:00Z', duration: '1m' }, traffic });
  expect(remarksOn(scenario)).toEqual([expect.objectContaining({ level: 'fault', path: ['traffic', 1, 'pattern'] })]);
});
