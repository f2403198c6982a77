import { create } from '@bufbuild/protobuf';
import { TerminalSchema } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { GasTables } from './gas-attenuation.js';
import { Atmosphere } from './atmosphere.js';
import type { GroundSky } from './atmosphere.js';
import { LinkBudgets, noiseRiseDb } from './link-budget.js';

const sin = (deg: number): number => Math.sin((deg * Math.PI) / 180);
/** Nodes: a satellite that sends at 28 GHz, a terminal that sends at 29 GHz. */
const terminals = [
  create(TerminalSchema, { eirpDbw: 40, gOverTDbPerK: 8, frequencyHz: 28e9, bandwidthHz: 100e6 }),
  create(TerminalSchema, { eirpDbw: 45, gOverTDbPerK: 16, frequencyHz: 29e9, bandwidthHz: 100e6, noiseTemperatureK: 200 }),
];
const place = { latDeg: 51.5, altKm: 0.031382983999999 };
const dry = { node: 1, place, cloudLiquid: 0 };
const budgetsUnder = (sky: GroundSky, gases: boolean, of = terminals): LinkBudgets =>
  new LinkBudgets(of, new Atmosphere(of, [sky], gases ? new GasTables() : null));
const vacuum = new LinkBudgets(terminals);

describe('atmosphere in the budget', () => {
  it('is not there between satellites, nor without gases and weather', () => {
    expect(budgetsUnder({ ...dry, rain: () => 50 }, true).snrDb(0, 0, 3_000, Number.NaN)).toBe(vacuum.snrDb(0, 0, 3_000, Number.NaN));
    const budgets = budgetsUnder(dry, false);
    budgets.moveTo(0);
    expect(budgets.snrDb(0, 1, 800, sin(30))).toBe(vacuum.snrDb(0, 1, 800, sin(30)));
  });

  it('takes the gases at the frequency of each direction: 0.47 dB of 28 GHz at 30° from sea level (P.676-13), G/T as it is', () => {
    const budgets = budgetsUnder({ ...dry, place: { latDeg: 0, altKm: 0 } }, true);
    expect(vacuum.snrDb(0, 1, 800, sin(30)) - budgets.snrDb(0, 1, 800, sin(30))).toBeCloseTo(0.47081173, 5);
    const up = vacuum.snrDb(1, 0, 800, sin(30)) - budgets.snrDb(1, 0, 800, sin(30));
    expect(up).toBeGreaterThan(0.44);
    expect(up).not.toBeCloseTo(0.47081173, 3);
  });

  it('takes rain at the frequency and polarisation of each direction: 23.44 dB upwards at 29 GHz (P.618-14 A_Rain)', () => {
    const budgets = budgetsUnder({ ...dry, rain: () => 26.48052, rainHeightKm: 2.45273333333333 }, false);
    budgets.moveTo(0);
    const elevation = sin(31.076991235657);
    expect(vacuum.snrDb(1, 0, 800, elevation) - budgets.snrDb(1, 0, 800, elevation)).toBeCloseTo(23.4444452333889, 9);
    const vertical = terminals.map((each) => create(TerminalSchema, { ...each, polarizationTiltDeg: 90 }));
    const other = budgetsUnder({ ...dry, rain: () => 26.48052, rainHeightKm: 2.45273333333333 }, false, vertical);
    other.moveTo(0);
    expect(vacuum.snrDb(1, 0, 800, elevation) - other.snrDb(1, 0, 800, elevation)).toBeLessThan(22);
  });

  it('raises the noise of a terminal whose noise temperature is known, of the satellite never', () => {
    const of = (noiseTemperatureK: number): number => {
      const known = [create(TerminalSchema, { ...terminals[0], noiseTemperatureK: 200 }), create(TerminalSchema, { ...terminals[1], noiseTemperatureK })];
      const budgets = budgetsUnder({ ...dry, rain: () => 10 }, false, known);
      budgets.moveTo(0);
      return budgets.snrDb(0, 1, 800, sin(40));
    };
    const rain = vacuum.snrDb(0, 1, 800, sin(40)) - of(0);
    // By hand: 275 K·(1 − 10^(−A/10)) on top of 200 K.
    expect(of(0) - of(200)).toBeCloseTo(10 * Math.log10((200 + 275 * (1 - 10 ** (-rain / 10))) / 200), 10);
    const upKnown = budgetsUnder({ ...dry, rain: () => 10 }, false, [create(TerminalSchema, { ...terminals[0], noiseTemperatureK: 200 }), terminals[1]]);
    const up = budgetsUnder({ ...dry, rain: () => 10 }, false);
    upKnown.moveTo(0);
    up.moveTo(0);
    expect(upKnown.snrDb(1, 0, 800, sin(40))).toBe(up.snrDb(1, 0, 800, sin(40)));
  });

  it('counts what the clear sky radiates once: 3 dB of rain behind 1 dB of gases add 275 K·(10^−0.1 − 10^−0.4)', () => {
    expect(noiseRiseDb(150, 1, 3)).toBeCloseTo(10 * Math.log10((150 + 275 * (10 ** -0.1 - 10 ** -0.4)) / 150), 12);
    expect(noiseRiseDb(150, 1, 0)).toBe(0);
    expect(noiseRiseDb(0, 1, 3)).toBe(0);
  });

  it('takes clouds: 0.5 kg/m² at 28 GHz and 30° are about 0.6 dB', () => {
    const budgets = budgetsUnder({ ...dry, cloudLiquid: 0.5 }, false, [terminals[0], create(TerminalSchema, { ...terminals[1], noiseTemperatureK: 0 })]);
    const loss = vacuum.snrDb(0, 1, 800, sin(30)) - budgets.snrDb(0, 1, 800, sin(30));
    expect(loss).toBeGreaterThan(0.6);
    expect(loss).toBeLessThan(0.65);
  });

  it.each([137e6, 435e6, 0.9e9])('lets rain and clouds do next to nothing below 1 GHz: %d Hz', (frequencyHz) => {
    const low = terminals.map((each) => create(TerminalSchema, { ...each, frequencyHz, polarizationTiltDeg: 90, noiseTemperatureK: 0 }));
    const budgets = budgetsUnder({ ...dry, rain: () => 50, cloudLiquid: 1 }, false, low);
    budgets.moveTo(0);
    const loss = new LinkBudgets(low).snrDb(0, 1, 800, sin(20)) - budgets.snrDb(0, 1, 800, sin(20));
    expect(loss).toBeGreaterThanOrEqual(0);
    expect(loss).toBeLessThan(0.03);
  });

  it('lets clouds attenuate beyond 200 GHz as at 200 GHz', () => {
    const lossAt = (frequencyHz: number): number => {
      const high = terminals.map((each) => create(TerminalSchema, { ...each, frequencyHz, noiseTemperatureK: 0 }));
      return new LinkBudgets(high).snrDb(0, 1, 800, 1) - budgetsUnder({ ...dry, cloudLiquid: 1 }, false, high).snrDb(0, 1, 800, 1);
    };
    expect(lossAt(900e9)).toBeCloseTo(lossAt(200e9), 9);
    expect(lossAt(200e9)).toBeCloseTo(10.014392829743453, 9);
  });

  it('follows the weather and the place of the instant it was moved to', () => {
    const climbing = { ...dry, place: (timeMs: number) => ({ latDeg: 51.5, altKm: timeMs / 1000 }), rain: (timeMs: number) => (timeMs < 5_000 ? 20 : 0) };
    const budgets = budgetsUnder(climbing, true);
    const lossAt = (timeMs: number): number => {
      budgets.moveTo(timeMs);
      return vacuum.snrDb(1, 0, 800, sin(30)) - budgets.snrDb(1, 0, 800, sin(30));
    };
    const ground = lossAt(0);
    expect(lossAt(2_000)).toBeLessThan(ground / 1.5);
    expect(lossAt(4_000)).toBeLessThan(0.2); // above the rain
    expect(lossAt(10_000)).toBeLessThan(0.05);
    expect(lossAt(0)).toBe(ground);
  });
});
