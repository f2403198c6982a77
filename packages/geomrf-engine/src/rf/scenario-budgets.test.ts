import { create } from '@bufbuild/protobuf';
import { TrackSchema } from '@satsim/geomrf-proto';
import { expect, it, vi } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { gasSpecificAttenuation } from './gas-specific-attenuation.js';
import { budgetsOf } from './scenario-budgets.js';
import type { LinkBudgets } from './link-budget.js';

vi.mock('./gas-specific-attenuation.js', { spy: true });

const SATELLITE = 0;
const [OSLO, PLANE] = [1, 2];
const plane = ground('plane', 0, 0);
plane.position = {
  case: 'track',
  value: create(TrackSchema, {
    waypoints: [
      { at: { seconds: 0n }, site: { latDeg: 60, lonDeg: 10, altM: 0 } },
      { at: { seconds: 1_800n }, site: { latDeg: 50, lonDeg: 10, altM: 10_000 } },
    ],
  }),
};
const nodes = [...shell({ planes: 1, perPlane: 1 }), ground('oslo', 59.9, 10.75), plane];
const budgetsWith = (extra: Parameters<typeof specOf>[1], timeMs: number): LinkBudgets => {
  const budgets = budgetsOf(compileScenario(specOf(nodes, extra)));
  budgets.moveTo(timeMs);
  return budgets;
};
const gsl = { selection: 2, minElevationDeg: 25, gases: true };
const lossUp = (site: number, extra: Parameters<typeof specOf>[1], timeMs = START_MS): number =>
  budgetsWith({}, timeMs).snrDb(site, SATELLITE, 800, 0.5) - budgetsWith(extra, timeMs).snrDb(site, SATELLITE, 800, 0.5);

it('has gases where the policy has them, at every site', () => {
  expect(lossUp(OSLO, { gsl })).toBeGreaterThan(0.1);
  expect(lossUp(OSLO, {})).toBe(0);
});

it('has weather at the sites that it is given for, with the rain height given', () => {
  const rain = (rainHeightM?: number) => ({
    weather: [{ nodeId: 'oslo', rain: { case: 'rainMmPerH' as const, value: 20 }, ...(rainHeightM !== undefined && { rainHeightM }) }],
  });
  expect(lossUp(OSLO, rain())).toBeGreaterThan(2);
  expect(lossUp(OSLO, rain(1_000))).toBeLessThan(lossUp(OSLO, rain()));
  expect(lossUp(PLANE, rain())).toBe(0);
  expect(lossUp(OSLO, { weather: [{ nodeId: 'oslo', cloudLiquidWaterKgPerM2: 1 }] })).toBeGreaterThan(0.2);
});

it('takes a terminal that moves where it is: less air above a climbing plane, and in the end no rain', () => {
  const weather = { gsl, weather: [{ nodeId: 'plane', rain: { case: 'rainMmPerH' as const, value: 20 } }] };
  const [onGround, inFlight] = [lossUp(PLANE, weather), lossUp(PLANE, weather, START_MS + 1_800_000)];
  expect(onGround).toBeGreaterThan(2);
  expect(inFlight).toBeGreaterThan(0);
  expect(inFlight).toBeLessThan(0.05);
});

it('depends on the seed where it rains at random, and on nothing else', () => {
  const process = { probability: 1, medianMmPerH: 10, sigma: 1, correlationTimeS: 600 };
  const extra = (seed: bigint) => ({ seed, weather: [{ nodeId: 'oslo', rain: { case: 'process' as const, value: process } }] });
  expect(lossUp(OSLO, extra(1n))).toBe(lossUp(OSLO, extra(1n)));
  expect(lossUp(OSLO, extra(1n))).not.toBe(lossUp(OSLO, extra(2n)));
});

it('makes the tables of gases once for each frequency of a scenario, however many streams there are', () => {
  const scenario = compileScenario(specOf(nodes, { gsl }));
  const perStream = [1, 2, 3].map(() => {
    vi.mocked(gasSpecificAttenuation).mockClear();
    const budgets = budgetsOf(scenario);
    for (const site of [OSLO, PLANE])
      for (const [from, to] of [
        [site, SATELLITE],
        [SATELLITE, site],
      ] as const)
        budgets.snrDb(from, to, 800, 0.5);
    return new Set(vi.mocked(gasSpecificAttenuation).mock.calls.map(([frequencyGHz]) => frequencyGHz)).size;
  });
  expect(perStream).toEqual([2, 0, 0]);
});
