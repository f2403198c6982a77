import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TERMINAL_DEFAULTS } from './terminal-defaults.js';
import type { RadioProfile } from './terminal-defaults.js';

const EARTH_KM = 6_378.135;
/** Slant range at an elevation, spherical Earth. */
function slantKm(altitudeKm: number, elevationDeg: number): number {
  const sin = Math.sin((elevationDeg * Math.PI) / 180);
  return Math.sqrt((EARTH_KM + altitudeKm) ** 2 - EARTH_KM ** 2 * (1 - sin ** 2)) - EARTH_KM * sin;
}
const snrDb = (from: RadioProfile, to: RadioProfile, km: number): number =>
  from.eirp_dbw +
  to.g_over_t_db_per_k +
  228.6 -
  (92.45 + 20 * Math.log10(from.frequency_ghz) + 20 * Math.log10(km)) -
  10 * Math.log10(from.bandwidth_mhz * 1e6);

const { satellite, ground_station, user_terminal } = TERMINAL_DEFAULTS;

test.each([
  ['user terminal to satellite', user_terminal, satellite, 11.1, 6.3],
  ['satellite to user terminal', satellite, user_terminal, 12.6, 7.9],
  ['ground station to satellite', ground_station, satellite, 26.0, 21.2],
  ['satellite to ground station', satellite, ground_station, 28.6, 23.9],
])('%s closes at 10° with the SNR that the comment tells', (_direction, from, to, at550, at1200) => {
  expect(snrDb(from, to, slantKm(550, 10))).toBeCloseTo(at550, 0);
  expect(snrDb(from, to, slantKm(1200, 10))).toBeCloseTo(at1200, 0);
});

test('docs/scenario.md has these figures', () => {
  const page = readFileSync(new URL('../../../../docs/scenario.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(satellite|ground_station|user_terminal)` \| (.*) \|$/gm)].map(([, role, cells]) => [role, cells!.split(' | ')]);
  const figures = Object.entries(TERMINAL_DEFAULTS).map(([role, { frequency_ghz, bandwidth_mhz, eirp_dbw, g_over_t_db_per_k, antennas }]) => [
    role,
    [frequency_ghz, bandwidth_mhz, eirp_dbw, g_over_t_db_per_k, antennas ?? '–'].map(String),
  ]);
  expect(rows).toEqual(figures);
});
