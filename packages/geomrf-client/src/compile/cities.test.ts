import { expect, test } from 'vitest';
import { topCities } from './cities.js';

test('ids are lower-case names without accents', () => {
  const cities = topCities(200);
  const ids = cities.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['tokyo', 'new-york', 'sao-paulo', 'xian', 'london', 'mexico-city', 'singapore']));
  expect(ids.every((id) => /^[a-z0-9][a-z0-9-]*$/.test(id))).toBe(true);
  const { lat, lon } = cities[ids.indexOf('tokyo')]!;
  expect([lat, lon]).toEqual([35.6895, 139.69171]);
});

test('ids stay unique: cities of the same name get their country, then their GeoNames id', () => {
  const ids = topCities(5_000).map(({ id }) => id);
  expect(new Set(ids).size).toBe(5_000);
  expect(ids).toContain('hyderabad');
  expect(ids).toContain('hyderabad-pk');
});

test('the n largest are a prefix of the n + 1 largest', () => {
  const [few, more] = [topCities(50), topCities(51)];
  expect(more.slice(0, 50)).toEqual(few);
});

test('districts of a city are not counted beside it', () => {
  const ids = topCities(200).map(({ id }) => id);
  // Districts (PPLX) of more than a million people in the data.
  expect(ids).not.toContain('navi-mumbai');
});
