import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { durationMs } from '@satsim/core';
import type { Scenario } from '@satsim/core';
import type { WeatherSchema } from '@satsim/geomrf-proto';
import type { CompileContext } from './compile-context.js';
import { durationOf } from './duration-of.js';
import type { NodeList } from './node-list.js';
import { parseRainSeries } from './rain-series.js';

type WeatherItem = NonNullable<Scenario['weather']>[number];
type WeatherInit = MessageInitShape<typeof WeatherSchema>;

/** Weather of ground nodes, in the order of the file. */
export async function compileWeather(items: readonly WeatherItem[], nodes: NodeList, context: CompileContext): Promise<WeatherInit[]> {
  const weather: WeatherInit[] = [];
  // One after the other, so that faults and input files come in the order of the scenario.
  for (const [index, item] of items.entries()) {
    const path = ['weather', index, 'site'];
    const node = nodes.resolve(path, item.site);
    if (node?.role === 'satellite') context.fault(path, `${item.site} is a satellite`, 'there is weather at ground nodes only');
    weather.push({
      nodeId: item.site,
      rain: await rainOf(item, index, context),
      ...(item.rain_height_km === undefined ? {} : { rainHeightM: item.rain_height_km * 1e3 }),
      cloudLiquidWaterKgPerM2: item.cloud_liquid_kg_per_m2 ?? 0,
    });
  }
  return weather;
}

async function rainOf(item: WeatherItem, index: number, context: CompileContext): Promise<NonNullable<WeatherInit['rain']>> {
  if ('series' in item) {
    const samples = item.series.map(({ at, rain_mm_per_h: rainMmPerH }) => ({ at: durationOf(at), rainMmPerH }));
    return { case: 'series', value: { samples } };
  }
  if ('process' in item) {
    const { probability, median_mm_per_h: medianMmPerH, sigma, correlation_time: correlation } = item.process;
    return { case: 'process', value: { probability, medianMmPerH, sigma, correlationTimeS: durationMs(correlation) / 1e3 } };
  }
  if ('rain_mm_per_h' in item) return { case: 'rainMmPerH', value: item.rain_mm_per_h };
  const field = ['weather', index, 'csv', 'file'];
  const input = await context.read(field, item.csv.file);
  if (input === null) return { case: undefined };
  const { samples, faults } = parseRainSeries(input.content, item.csv.columns);
  context.faultsInFile(field, input.path, faults);
  return { case: 'series', value: { samples: samples.map(({ atMs, rainMmPerH }) => ({ at: durationFromMs(atMs), rainMmPerH })) } };
}
