import type { RainSeries, Weather } from '@satsim/geomrf-proto';
import { RainProcess } from './rain-process.js';

/** Rain at one place: mm/h, a function of time alone (milliseconds since the Unix epoch). */
export type RainRate = (timeMs: number) => number;

/**
 * @param weather checked
 * @param startMs of the scenario; series count from it
 * @param seed of the scenario; processes depend on it and on the place's id
 */
export function rainRateOf({ nodeId, rain }: Weather, startMs: number, seed: bigint): RainRate {
  switch (rain.case) {
    case 'series':
      return seriesRate(rain.value, startMs);
    case 'process': {
      const { probability, medianMmPerH, sigma, correlationTimeS } = rain.value;
      const process = new RainProcess({ probability, medianMmPerH, sigma, correlationTimeS }, seed, nodeId);
      return (timeMs) => process.rateAt(timeMs);
    }
    default: {
      const rate = rain.value ?? 0;
      return () => rate;
    }
  }
}

/** Linear between samples, constant outside. */
function seriesRate({ samples }: RainSeries, startMs: number): RainRate {
  const at = Float64Array.from(samples, (sample) => startMs + Number(sample.at!.seconds) * 1000 + sample.at!.nanos / 1e6);
  const rate = Float64Array.from(samples, (sample) => sample.rainMmPerH);
  return (timeMs) => {
    let [from, to] = [0, at.length - 1];
    if (timeMs <= at[from]) return rate[from];
    if (timeMs >= at[to]) return rate[to];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (at[middle] <= timeMs) from = middle;
      else to = middle;
    }
    return rate[from] + ((timeMs - at[from]) / (at[to] - at[from])) * (rate[to] - rate[from]);
  };
}
