import { describe, expect, it } from 'vitest';
import { normalQuantile, normalTail } from './normal-distribution.js';
import { RainProcess } from './rain-process.js';
import { SeededNormal } from './seeded-normal.js';

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
const START_MS = Date.parse('2026-11-20T00:00:00Z');
const statistics = { probability: 0.1, medianMmPerH: 2, sigma: 1.2, correlationTimeS: 5_000 };

describe('normal distribution', () => {
  // Abramowitz & Stegun, Handbook of Mathematical Functions, tables 26.1 and 26.5.
  it('has the quantiles and tails of the tables', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167813, 13);
    expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825301131, 10);
    expect(normalTail(1)).toBeCloseTo(0.15865525393145707, 15);
    expect(normalTail(-2)).toBeCloseTo(0.9772498680518208, 15);
    expect(normalTail(8) / 6.22096057427178e-16).toBeCloseTo(1, 7);
  });

  it('turns back what it turned: quantile of tail', () => {
    for (let x = -6; x <= 7.5; x += 0.25) expect(normalQuantile(normalTail(x))).toBeCloseTo(-x, x < 0 ? 6 : 8);
  });
});

describe('seeded normal numbers', () => {
  it('have mean 0 and variance 1, over indices and over levels', () => {
    const numbers = new SeededNormal(42n, 'oslo');
    for (const level of [0, 5]) {
      const values = Array.from({ length: 20_000 }, (_, index) => numbers.at(level, index));
      expect(Math.abs(mean(values))).toBeLessThan(0.03);
      expect(Math.abs(mean(values.map((each) => each * each)) - 1)).toBeLessThan(0.04);
    }
  });

  it('are others for another seed, name, level or index, up to 53 bits of it', () => {
    const all = [
      new SeededNormal(42n, 'oslo').at(1, 7),
      new SeededNormal(43n, 'oslo').at(1, 7),
      new SeededNormal(42n + (1n << 40n), 'oslo').at(1, 7),
      new SeededNormal(42n, 'olso').at(1, 7),
      new SeededNormal(42n, 'oslo').at(2, 7),
      new SeededNormal(42n, 'oslo').at(1, 8),
      new SeededNormal(42n, 'oslo').at(1, 7 + 2 ** 40),
      new SeededNormal(42n, 'oslo').at(1, -7),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(new SeededNormal(42n, 'oslo').at(1, 7)).toBe(all[0]);
  });
});

describe('rain process', () => {
  it('gives the same value at an instant, whatever was asked before', () => {
    const unbroken = new RainProcess(statistics, 42n, 'oslo');
    const forward = Array.from({ length: 3_000 }, (_, k) => unbroken.rateAt(START_MS + k * 60_000));
    const resumed = new RainProcess(statistics, 42n, 'oslo');
    for (let k = 2_999; k >= 0; k -= 7) expect(resumed.rateAt(START_MS + k * 60_000)).toBe(forward[k]);
    for (const k of [17, 2_500, 16]) expect(new RainProcess(statistics, 42n, 'oslo').rateAt(START_MS + k * 60_000)).toBe(forward[k]);
    expect(new RainProcess(statistics, 43n, 'oslo').gaussianAt(START_MS)).not.toBe(unbroken.gaussianAt(START_MS));
    expect(new RainProcess(statistics, 42n, 'bergen').gaussianAt(START_MS)).not.toBe(unbroken.gaussianAt(START_MS));
  });

  it('is continuous, across intervals and across roots of its grid too', () => {
    // 25 s in steps of a 4,000th of the correlation time; a root comes every 16 s, a grid point every 1/128 s. Steps of a line
    // between grid points have a standard deviation of 0.125/31.
    const process = new RainProcess({ ...statistics, correlationTimeS: 1 }, 42n, 'oslo');
    let before = process.gaussianAt(START_MS);
    for (let k = 1; k < 100_000; k++) {
      const now = process.gaussianAt(START_MS + k / 4);
      expect(Math.abs(now - before)).toBeLessThan(0.03);
      before = now;
    }
  });

  it('has mean 0, variance 1, and a correlation that falls as e^(−Δt/τ)', () => {
    const correlationTimeS = 100;
    const process = new RainProcess({ ...statistics, correlationTimeS }, 7n, 'x');
    const step = (correlationTimeS * 1000) / 4;
    const values = Array.from({ length: 80_000 }, (_, k) => process.gaussianAt(START_MS + k * step));
    // 20,000 correlation times: the standard error of these means is about 0.01.
    expect(Math.abs(mean(values))).toBeLessThan(0.04);
    expect(Math.abs(mean(values.map((each) => each * each)) - 1)).toBeLessThan(0.05);
    for (const lag of [1, 2, 4, 8, 16, 64]) {
      const product = mean(values.slice(lag).map((each, k) => each * values[k]));
      expect(Math.abs(product - Math.exp(-lag / 4)), `lag ${lag}`).toBeLessThan(0.05);
    }
  });

  it('rains for the share of time that it is said to, and then lognormally', () => {
    const process = new RainProcess({ ...statistics, correlationTimeS: 60 }, 1n, 'x');
    const rates = Array.from({ length: 60_000 }, (_, k) => process.rateAt(START_MS + k * 60_000));
    const wet = rates.filter((rate) => rate > 0).toSorted((a, b) => a - b);
    expect(Math.abs(wet.length / rates.length - statistics.probability)).toBeLessThan(0.01);
    expect(Math.abs(Math.log(wet[wet.length >> 1] / statistics.medianMmPerH))).toBeLessThan(0.08);
    const logs = wet.map((rate) => Math.log(rate));
    expect(Math.abs(Math.sqrt(mean(logs.map((each) => (each - mean(logs)) ** 2))) - statistics.sigma)).toBeLessThan(0.05);
  });

  it('never rains with probability 0, and always with 1', () => {
    const times = Array.from({ length: 500 }, (_, k) => START_MS + k * 600_000);
    const never = new RainProcess({ ...statistics, probability: 0 }, 1n, 'x');
    const always = new RainProcess({ ...statistics, probability: 1 }, 1n, 'x');
    expect(times.every((at) => never.rateAt(at) === 0)).toBe(true);
    expect(times.every((at) => always.rateAt(at) > 0)).toBe(true);
    const steady = new RainProcess({ ...statistics, probability: 1, sigma: 0 }, 1n, 'x');
    expect(times.every((at) => Math.abs(steady.rateAt(at) - 2) < 1e-12)).toBe(true);
  });
});
