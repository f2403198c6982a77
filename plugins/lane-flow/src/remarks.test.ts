import { scenarioSchema } from '@satsim/core';
import { expect, it } from 'vitest';
import { remarks } from './remarks.js';

const told = (flow: object) =>
  remarks(scenarioSchema.parse({ name: 's', time: { t0: '2026-11-20T00:00:00Z', duration: '1m' }, traffic: [{ id: 'f', from: 'a', to: 'b', ...flow }] })).map(
    ({ level, path, message }) => `${level} ${path.join('.')} ${message}`,
  );
const NO_PACKETS = 'no effect, as it reckons with mean rates and not with packets';

it('tells of each key that is about how packets are sent, where it asks for something', () => {
  expect(told({ kind: 'udp', rate_mbps: 1, packet_bytes: 200, pattern: 'poisson', dscp: 46 })).toEqual(
    ['pattern', 'dscp'].map((key) => `warning traffic.0.${key} ${NO_PACKETS}`),
  );
  expect(told({ kind: 'tcp', congestion: 'bbr' })).toEqual([`warning traffic.0.congestion ${NO_PACKETS}`]);
  expect(told({ kind: 'udp', pattern: 'constant', dscp: 0, start: '1s', stop: '2s' })).toEqual([]);
});

it('tells of pings oftener than ticks', () => {
  expect(told({ every: '100ms' })).toEqual(['warning traffic.0.every one sample a tick (1s), as nothing changes within one']);
  expect(told({ every: '1s' })).toEqual([]);
});
