import { scenarioSchema } from '@satsim/core';
import { expect, it } from 'vitest';
import { remarks } from './remarks.js';

const TIME = { t0: '2026-11-20T00:00:00Z', duration: '1m' };
const told = (flow: object, execution: object = {}) =>
  remarks(scenarioSchema.parse({ name: 's', time: TIME, execution, traffic: [{ id: 'f', from: 'a', to: 'b', ...flow }] })).map(
    ({ level, path, message }) => `${level} ${path.join('.')} ${message}`,
  );

it('tells what it does in another way, and what leaves no room for data', () => {
  expect(told({ kind: 'tcp', congestion: 'cubic' })).toEqual(['warning traffic.0.congestion simulated as newreno, its only congestion control']);
  expect(told({ kind: 'udp', dscp: 46 })).toEqual(['warning traffic.0.dscp no effect: its queues treat all packets alike']);
  expect(told({ kind: 'udp', packet_bytes: 28 })).toEqual(['fault traffic.0.packet_bytes leaves no payload: the headers of udp take 28 bytes']);
  expect(told({ kind: 'tcp', packet_bytes: 52 })).toEqual(['fault traffic.0.packet_bytes leaves no payload: the headers of tcp take 52 bytes']);
});

it('records no packets', () => {
  expect(told({}, { record_pcap: true })).toEqual(['warning execution.record_pcap no effect: its packets have sizes, but no bytes']);
});

it('has nothing to say of the rest', () => {
  expect(told({ kind: 'ping', packet_bytes: 28 })).toEqual([]);
  expect(told({ kind: 'udp', pattern: 'poisson', packet_bytes: 29, dscp: 0 })).toEqual([]);
  expect(told({ kind: 'tcp', congestion: 'newreno', packet_bytes: 53, rate_mbps: 3 })).toEqual([]);
});
