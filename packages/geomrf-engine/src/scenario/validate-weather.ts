import { NodeRole } from '@satsim/geomrf-proto';
import type { NodeSpec, RainProcess, RainSeries, ScenarioSpec } from '@satsim/geomrf-proto';
import type { Faults } from './faults.js';
import { HIGHEST_HZ } from '../rf/atmosphere.js';
import { durationMs } from './ground-places.js';
import { checkSpan } from './validate-time.js';

/** Weather at ground nodes. */
export function checkWeather(spec: ScenarioSpec, nodes: ReadonlyMap<string, NodeSpec>, faults: Faults): void {
  const seen = new Set<string>();
  spec.weather.forEach(({ nodeId, rain, rainHeightM, cloudLiquidWaterKgPerM2 }, i) => {
    const path = `weather[${i}]`;
    const node = nodes.get(nodeId);
    if (faults.check(node !== undefined, `${path}.node_id`, `there is no node '${nodeId}'`))
      faults.check(node!.role !== NodeRole.SATELLITE, `${path}.node_id`, `'${nodeId}' is not on the ground`);
    faults.check(!seen.has(nodeId), `${path}.node_id`, `'${nodeId}' has weather already`);
    seen.add(nodeId);
    if (rain.case === 'rainMmPerH') faults.nonNegative(rain.value, `${path}.rain_mm_per_h`);
    if (rain.case === 'series') checkSeries(rain.value, `${path}.series`, faults);
    if (rain.case === 'process') checkProcess(rain.value, `${path}.process`, faults);
    if (rainHeightM !== undefined) faults.range(rainHeightM, 0, 20_000, `${path}.rain_height_m`, ' m');
    faults.nonNegative(cloudLiquidWaterKgPerM2, `${path}.cloud_liquid_water_kg_per_m2`);
  });
  if (spec.gsl !== undefined && spec.gsl.fixedCapacityBps === undefined && (spec.gsl.gases || spec.weather.length > 0)) checkFrequencies(spec.nodes, faults);
}

function checkFrequencies(nodes: readonly NodeSpec[], faults: Faults): void {
  nodes.forEach(({ terminal }, i) => {
    const fits = terminal === undefined || !(terminal.frequencyHz > HIGHEST_HZ);
    faults.check(
      fits,
      `nodes[${i}].terminal.frequency_hz`,
      `${terminal?.frequencyHz} Hz: gases and weather are known up to ${HIGHEST_HZ} Hz (leave out gsl.gases and weather)`,
    );
  });
}

function checkSeries({ samples }: RainSeries, path: string, faults: Faults): void {
  faults.check(samples.length > 0, `${path}.samples`, 'is empty');
  let before = -Infinity;
  samples.forEach(({ at, rainMmPerH }, i) => {
    if (checkSpan(at, `${path}.samples[${i}].at`, faults)) {
      faults.check(durationMs(at) > before, `${path}.samples[${i}].at`, 'is not after the sample before it');
      before = durationMs(at);
    }
    faults.nonNegative(rainMmPerH, `${path}.samples[${i}].rain_mm_per_h`);
  });
}

function checkProcess({ probability, medianMmPerH, sigma, correlationTimeS }: RainProcess, path: string, faults: Faults): void {
  faults.range(probability, 0, 1, `${path}.probability`);
  faults.positive(medianMmPerH, `${path}.median_mm_per_h`);
  faults.nonNegative(sigma, `${path}.sigma`);
  faults.positive(correlationTimeS, `${path}.correlation_time_s`);
}
