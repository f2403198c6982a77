import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { TerminalSchema } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { Adaptation } from './adaptation.js';
import { Atmosphere } from './atmosphere.js';
import { cloudMassAbsorption } from './cloud-attenuation.js';
import { DVB_S2X } from './dvb-s2x.js';
import { GasTables, gasLayerAt } from './gas-attenuation.js';
import { LinkBudgets, freeSpaceLossDb, symbolRate } from './link-budget.js';
import { rainCoefficients, rainSpecificAttenuation } from './rain-specific-attenuation.js';

/**
 * docs/engine.md works a budget by hand. Its every number is computed here: the steps by the formulas that the page writes
 * beside them, what comes out of several steps (marked *) by the engine itself, so that page and engine cannot part.
 */
const page = readFileSync(new URL('../../../../docs/engine.md', import.meta.url), 'utf8');

/** The cells of the row of a table that begins with a cell. */
function row(first: string): readonly string[] {
  const line = page.split('\n').find((each) => each.startsWith(`| ${first} |`));
  expect(line, `docs/engine.md has no row '${first}'`).toBeDefined();
  return line!
    .split('|')
    .map((cell) => cell.trim())
    .slice(2, -1);
}

const RANGE_KM = 812;
const SIN = Math.sin((40 * Math.PI) / 180);
const COS = Math.cos((40 * Math.PI) / 180);
const RAIN = 8;
const RAIN_HEIGHT_KM = 3;
const CLOUD = 0.3;
const NOISE_K = 150;
const MARGIN_DB = 1;

const [SATELLITE, TERMINAL] = [0, 1];
const terminals = [
  create(TerminalSchema, { eirpDbw: 36, gOverTDbPerK: 9, frequencyHz: 20e9, bandwidthHz: 250e6, polarizationTiltDeg: 45 }),
  create(TerminalSchema, { eirpDbw: 40, gOverTDbPerK: 11, frequencyHz: 30e9, bandwidthHz: 62.5e6, polarizationTiltDeg: 45, noiseTemperatureK: NOISE_K }),
];
const place = { latDeg: 48, altKm: 0 };
const clear = new LinkBudgets(terminals, new Atmosphere(terminals, [{ node: TERMINAL, place, cloudLiquid: 0 }], new GasTables()));
const rainy = new LinkBudgets(
  terminals,
  new Atmosphere(terminals, [{ node: TERMINAL, place, rain: () => RAIN, rainHeightKm: RAIN_HEIGHT_KM, cloudLiquid: CLOUD }], new GasTables()),
);
rainy.moveTo(0);
const adaptation = new Adaptation(DVB_S2X, MARGIN_DB, 0);

function direction(source: number, target: number) {
  const sender = terminals[source];
  const f = sender.frequencyHz / 1e9;
  const { kH, kV, alphaH, alphaV } = rainCoefficients(f);
  const k = (kH + kV) / 2;
  const alpha = (kH * alphaH + kV * alphaV) / (2 * k);
  const specific = k * RAIN ** alpha;
  const slant = RAIN_HEIGHT_KM / SIN;
  const ground = slant * COS;
  const r = 1 / (1 + 0.78 * Math.sqrt((ground * specific) / f) - 0.38 * (1 - Math.exp(-2 * ground)));
  const steeper = Math.atan(RAIN_HEIGHT_KM / (ground * r)) > Math.asin(SIN);
  const inRain = steeper ? (ground * r) / COS : slant;
  const v = 1 / (1 + Math.sqrt(SIN) * ((31 * (1 - Math.exp(-40)) * Math.sqrt(inRain * specific)) / (f * f) - 0.45));
  const gas = new GasTables().at(sender.frequencyHz);
  const gases = gas.zenithDb(gasLayerAt(0)) / SIN;
  const clouds = (CLOUD * cloudMassAbsorption(f)) / SIN;
  const rain = specific * inRain * v;
  const noise = target === TERMINAL ? 10 * Math.log10((NOISE_K + 275 * (10 ** (-gases / 10) - 10 ** (-(gases + rain + clouds) / 10))) / NOISE_K) : 0;
  const loss = freeSpaceLossDb(RANGE_KM, sender.frequencyHz);
  const rate = symbolRate(sender.bandwidthHz);
  const vacuum = sender.eirpDbw - loss + terminals[target].gOverTDbPerK + 228.599 - 10 * Math.log10(rate);
  const [snrClear, snrRain] = [clear, rainy].map((budgets) => budgets.snrDb(source, target, RANGE_KM, SIN));
  const [modcodClear, modcodRain] = [snrClear, snrRain].map((snr) => adaptation.steps[adaptation.choose(snr, null)]);
  return {
    f,
    k,
    alpha,
    kH,
    kV,
    alphaH,
    alphaV,
    specific,
    slant,
    ground,
    r,
    inRain,
    v,
    gas,
    gases,
    clouds,
    rain,
    noise,
    loss,
    rate,
    vacuum,
    snrClear,
    snrRain,
    modcodClear,
    modcodRain,
  };
}

const down = direction(SATELLITE, TERMINAL);
const up = direction(TERMINAL, SATELLITE);
type Direction = typeof down;

const ROWS: Record<string, (one: Direction) => string> = {
  'free-space loss, dB': ({ loss }) => loss.toFixed(2),
  'symbol rate, MBd': ({ rate }) => (rate / 1e6).toFixed(2),
  'Es/N0 in a vacuum, dB': ({ vacuum }) => vacuum.toFixed(2),
  'gases towards the zenith, dB': ({ gas }) => gas.zenithDb(gasLayerAt(0)).toFixed(3),
  'gases, dB': ({ gases }) => gases.toFixed(2),
  'Es/N0 in clear sky, dB *': ({ snrClear }) => snrClear.toFixed(2),
  'MODCOD in clear sky *': ({ modcodClear }) => modcodClear.name,
  'capacity in clear sky, Mbit/s *': ({ modcodClear, rate }) => ((modcodClear.spectralEfficiency * rate) / 1e6).toFixed(1),
  'clouds, dB per kg/m²': ({ f }) => cloudMassAbsorption(f).toFixed(3),
  'clouds, dB': ({ clouds }) => clouds.toFixed(2),
  'rain: kH, αH': ({ kH, alphaH }) => `${kH.toFixed(4)}, ${alphaH.toFixed(4)}`,
  'rain: kV, αV': ({ kV, alphaV }) => `${kV.toFixed(4)}, ${alphaV.toFixed(4)}`,
  'rain: k': ({ k }) => k.toFixed(4),
  'rain: α': ({ alpha }) => alpha.toFixed(4),
  'rain: γ, dB/km': ({ specific }) => specific.toFixed(3),
  'rain: L_S, km': ({ slant }) => slant.toFixed(3),
  'rain: L_G, km': ({ ground }) => ground.toFixed(3),
  'rain: r': ({ r }) => r.toFixed(3),
  'rain: L_R, km': ({ inRain }) => inRain.toFixed(3),
  'rain: v': ({ v }) => v.toFixed(3),
  'rain, dB': ({ rain }) => rain.toFixed(2),
  'noise, dB': ({ noise }) => noise.toFixed(2),
  'Es/N0 in rain, dB *': ({ snrRain }) => snrRain.toFixed(2),
  'MODCOD in rain *': ({ modcodRain }) => modcodRain.name,
  'capacity in rain, Mbit/s *': ({ modcodRain, rate }) => ((modcodRain.spectralEfficiency * rate) / 1e6).toFixed(1),
};

describe('the budget that docs/engine.md works by hand', () => {
  it.each(Object.entries(ROWS))('%s', (first, cell) => {
    expect(row(first).slice(1)).toEqual([cell(down), cell(up)]);
  });

  it('adds up to what the engine says, within the rounding of the gases', () => {
    for (const one of [down, up]) {
      expect(one.snrClear).toBeCloseTo(one.vacuum - one.gases, 2);
      expect(Math.abs(one.snrRain - (one.vacuum - one.gases - one.clouds - one.rain - one.noise))).toBeLessThan(0.005);
      expect(one.specific).toBeCloseTo(rainSpecificAttenuation(one, RAIN, 0, SIN), 12);
    }
  });

  it('has the givens of the text', () => {
    for (const [first, cells] of [
      ['EIRP of the sender, dBW', ['36', '40']],
      ['G/T of the receiver, dB/K', ['11', '9']],
      ['bandwidth, MHz', ['250', '62.5']],
    ] as const)
      expect(row(first).slice(1)).toEqual(cells);
  });
});

describe('the laser that docs/engine.md works by hand', () => {
  const PLANCK = 6.62607015e-34;
  const BOLTZMANN = 1.380649e-23;
  const FREQUENCY = 193.4e12;
  const gain = 20 * Math.log10((Math.PI * 0.08 * FREQUENCY) / 299_792_458);
  const eirp = 0 + gain - 3;
  const temperature = (PLANCK * FREQUENCY) / BOLTZMANN;
  const gOverT = gain - 3 - 3 - 10 * Math.log10(temperature);
  const laser = create(TerminalSchema, {
    eirpDbw: Number(eirp.toFixed(1)),
    gOverTDbPerK: Number(gOverT.toFixed(1)),
    frequencyHz: FREQUENCY,
    bandwidthHz: 12e9,
  });
  const snr = new LinkBudgets([laser]).snrDb(0, 0, 2_000, Number.NaN);

  const cells: Record<string, string> = {
    'telescope gain, dBi': gain.toFixed(1),
    'EIRP, dBW': eirp.toFixed(1),
    'hν/k, K': temperature.toFixed(0),
    'G/T, dB/K': gOverT.toFixed(1),
    'free-space loss over 2,000 km, dB': freeSpaceLossDb(2_000, FREQUENCY).toFixed(1),
    'Es/N0, dB *': snr.toFixed(1),
  };

  it.each(Object.entries(cells))('%s', (first, cell) => expect(row(first).at(-1)).toBe(cell));

  it('has as many decibels as photons for each symbol', () => {
    const receivedW = 10 ** ((Number(eirp.toFixed(1)) - freeSpaceLossDb(2_000, FREQUENCY) + gain - 6) / 10);
    const photons = receivedW / symbolRate(12e9) / (PLANCK * FREQUENCY);
    expect(10 * Math.log10(photons)).toBeCloseTo(snr, 1);
  });
});
