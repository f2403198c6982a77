import type { FlowSample } from '@satsim/core';
import { expect, test } from 'vitest';
import { FlowMetrics } from './flow-metrics.js';

const SAMPLE: FlowSample = { lane: 'flow', flow: 'f', simTimeMs: 0, rttMs: 83, oneWayDelayMs: 41.5, lossPct: 3, goodputMbps: 1.4, hops: 5, pathHash: 'a' };
const OUTAGE: FlowSample = {
  lane: 'flow',
  flow: 'f',
  simTimeMs: 0,
  rttMs: null,
  oneWayDelayMs: null,
  lossPct: 100,
  goodputMbps: null,
  hops: null,
  pathHash: null,
};
const gauges = (metrics: FlowMetrics, sample: FlowSample) => Object.fromEntries([...metrics.gauges(sample)].map(([{ name }, value]) => [name, value]));

test('quantities in base units', () => {
  expect(gauges(new FlowMetrics(), SAMPLE)).toEqual({
    satsim_flow_rtt_seconds: 0.083,
    satsim_flow_one_way_delay_seconds: 0.0415,
    satsim_flow_loss_ratio: 0.03,
    satsim_flow_goodput_bytes_per_second: 175_000,
    satsim_flow_hops: 5,
  });
});

test('zero is a value', () => {
  expect(gauges(new FlowMetrics(), { ...SAMPLE, rttMs: 0, lossPct: 0, goodputMbps: 0, hops: 0 })).toMatchObject({
    satsim_flow_rtt_seconds: 0,
    satsim_flow_loss_ratio: 0,
    satsim_flow_goodput_bytes_per_second: 0,
    satsim_flow_hops: 0,
  });
});

test('what never applied is not there; what does not apply any more is NaN until it does again', () => {
  const metrics = new FlowMetrics();
  expect(gauges(metrics, OUTAGE)).toEqual({ satsim_flow_loss_ratio: 1 });
  expect(gauges(metrics, { ...SAMPLE, goodputMbps: null })).not.toHaveProperty('satsim_flow_goodput_bytes_per_second');
  expect(gauges(metrics, OUTAGE)).toEqual({
    satsim_flow_rtt_seconds: NaN,
    satsim_flow_one_way_delay_seconds: NaN,
    satsim_flow_loss_ratio: 1,
    satsim_flow_hops: NaN,
  });
  expect(gauges(metrics, SAMPLE)).toMatchObject({ satsim_flow_rtt_seconds: 0.083 });
});

test('a path change is another path than in the sample before; an outage between is none', () => {
  const metrics = new FlowMetrics();
  const changes = ['a', 'a', 'b', null, 'c', 'a'].map((pathHash) => metrics.pathChange({ ...SAMPLE, pathHash }));
  expect(changes).toEqual([0, 0, 1, 0, 0, 1]);
});
