import { toNodeId } from '@satsim/core';
import { mostPopulous } from './cities-file.js';

export interface CitySite {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
}

/**
 * GeoNames feature codes that are no cities of their own: districts of another city (PPLX), and places that are
 * abandoned, historical, destroyed or no longer a capital of anything (https://www.geonames.org/export/codes.html).
 */
const NO_CITY = new Set(['PPLX', 'PPLQ', 'PPLH', 'PPLW', 'PPLCH']);

/** GeoNames' official names where everybody says another; by GeoNames id. */
const COMMON_NAMES: Readonly<Record<number, string>> = { 5128581: 'New York' };

/**
 * The n most populous cities (populations within city limits, as GeoNames has them), most populous first; equal
 * populations in the order of GeoNames ids. Cities of the same name get their country as a suffix: all but the first.
 */
export function topCities(n: number): CitySite[] {
  const top = mostPopulous(n, (featureCode) => !NO_CITY.has(featureCode));
  const used = new Set<string>();
  return top.map((city) => {
    const name = COMMON_NAMES[city.cityId] ?? city.name;
    const plain = toNodeId(name.replaceAll(/['’‘ʻʼ`]/g, '')).toLowerCase();
    const id = [plain, `${plain}-${city.country.toLowerCase()}`].find((candidate) => candidate !== '' && !used.has(candidate)) ?? `${plain}-${city.cityId}`;
    used.add(id);
    return { id, lat: city.lat, lon: city.lon };
  });
}
