import { create } from '@bufbuild/protobuf';
import { WeatherSchema } from '@satsim/geomrf-proto';
import { expect, it } from 'vitest';
import { RainProcess } from './rain-process.js';
import { rainRateOf } from './rain.js';

const START_MS = Date.parse('2026-11-20T00:00:00Z');

it('is constant where a rate is given, and nothing where none is', () => {
  expect(rainRateOf(create(WeatherSchema, { nodeId: 'a', rain: { case: 'rainMmPerH', value: 12 } }), START_MS, 0n)(START_MS)).toBe(12);
  expect(rainRateOf(create(WeatherSchema, { nodeId: 'a' }), START_MS, 0n)(START_MS)).toBe(0);
});

it('is linear between the samples of a series, and constant outside', () => {
  const samples = [
    { at: { seconds: 60n }, rainMmPerH: 2 },
    { at: { seconds: 120n, nanos: 500_000_000 }, rainMmPerH: 14.1 },
    { at: { seconds: 240n }, rainMmPerH: 0 },
  ];
  const rate = rainRateOf(create(WeatherSchema, { nodeId: 'a', rain: { case: 'series', value: { samples } } }), START_MS, 0n);
  const at = (seconds: number): number => rate(START_MS + seconds * 1000);
  expect([-100, 0, 60, 240, 1e6].map(at)).toEqual([2, 2, 2, 0, 0]);
  expect(at(90)).toBeCloseTo(2 + (12.1 * 30) / 60.5, 12);
  expect(at(120.5)).toBeCloseTo(14.1, 12);
  expect(at(180.25)).toBeCloseTo(7.05, 12);
});

it('is the process of the seed and the node where there is one', () => {
  const value = { probability: 0.5, medianMmPerH: 3, sigma: 1, correlationTimeS: 600 };
  const rate = rainRateOf(create(WeatherSchema, { nodeId: 'oslo', rain: { case: 'process', value } }), START_MS, 42n);
  const process = new RainProcess(value, 42n, 'oslo');
  for (let k = 0; k < 50; k++) expect(rate(START_MS + k * 100_000)).toBe(process.rateAt(START_MS + k * 100_000));
});
