import { create } from '@bufbuild/protobuf';
import { TerminalSchema } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { Adaptation, OUTAGE } from './adaptation.js';
import { DVB_S2X } from './dvb-s2x.js';
import { LinkBudgets, ROLL_OFF, freeSpaceLossDb, symbolRate } from './link-budget.js';

const satellite = create(TerminalSchema, { eirpDbw: 38, gOverTDbPerK: 8, frequencyHz: 11.7e9, bandwidthHz: 250e6 });
const terminal = create(TerminalSchema, { eirpDbw: 33, gOverTDbPerK: 9, frequencyHz: 14e9, bandwidthHz: 62.5e6 });

describe('link budget', () => {
  it('has the free-space loss of the textbook: 92.45 dB + 20 lg GHz + 20 lg km', () => {
    expect(freeSpaceLossDb(35_786, 12e9)).toBeCloseTo(92.4478 + 20 * Math.log10(12) + 20 * Math.log10(35_786), 3);
  });

  it('is of the sender and the receiver of each direction: its EIRP, frequency and bandwidth, the other one’s G/T', () => {
    const budgets = new LinkBudgets([satellite, terminal]);
    const down = 38 - freeSpaceLossDb(800, 11.7e9) + 9 + 228.599 - 10 * Math.log10(250e6 / 1.2);
    const up = 33 - freeSpaceLossDb(800, 14e9) + 8 + 228.599 - 10 * Math.log10(62.5e6 / 1.2);
    expect(budgets.snrDb(0, 1, 800, Number.NaN)).toBeCloseTo(down, 3);
    expect(budgets.snrDb(1, 0, 800, Number.NaN)).toBeCloseTo(up, 3);
    expect(symbolRate(120e6) * (1 + ROLL_OFF)).toBe(120e6);
  });
});

describe('DVB-S2X table', () => {
  it('rises in threshold and efficiency, and stays below the Shannon limit', () => {
    DVB_S2X.forEach((step, i) => {
      expect(step.spectralEfficiency).toBeLessThan(Math.log2(1 + 10 ** (step.minSnrDb / 10)));
      if (i > 0) expect(step.minSnrDb).toBeGreaterThan(DVB_S2X[i - 1].minSnrDb);
      if (i > 0) expect(step.spectralEfficiency).toBeGreaterThan(DVB_S2X[i - 1].spectralEfficiency);
    });
    expect(new Adaptation(DVB_S2X, 0, 0).steps).toHaveLength(DVB_S2X.length);
  });

  it('has the efficiencies that follow from the frame: bits of a BBFRAME without its header, over the symbols of a PLFRAME', () => {
    const bitsPerSymbol: Record<string, number> = { QPSK: 2, '8PSK': 3, '8APSK': 3, '16APSK': 4, '32APSK': 5, '64APSK': 6, '256APSK': 8 };
    // DVB-S2's own codes of these rates correct 10 errors with 160 bits of BCH; all others here 12 with 192.
    const tenErrors = new Set(['QPSK 2/3', '16APSK 2/3', '16APSK 5/6']);
    for (const { name, spectralEfficiency } of DVB_S2X) {
      const [, modulation, numerator, denominator] = /^(\d*[A-Z]+) (\d+)\/(\d+)(?:-L)?$/.exec(name)!;
      const information = (64_800 * Number(numerator)) / Number(denominator) - (tenErrors.has(name) ? 160 : 192) - 80;
      const slots = 64_800 / bitsPerSymbol[modulation] / 90;
      expect(spectralEfficiency, name).toBeCloseTo(information / (90 * (slots + 1)), 6);
    }
  });

  it('leaves out no MODCOD that nothing beats: 16APSK 2/3', () => {
    expect(DVB_S2X.find((step) => step.name === '16APSK 2/3')).toMatchObject({ minSnrDb: 8.97, spectralEfficiency: 2.637201 });
  });

  it('has the figures of EN 302 307: QPSK 1/4 at −2.35 dB, 16APSK 3/4 at 10.21 dB, 256APSK 3/4 at 19.57 dB', () => {
    const find = (name: string) => DVB_S2X.find((step) => step.name === name);
    expect(find('QPSK 1/4')).toMatchObject({ minSnrDb: -2.35, spectralEfficiency: 0.490243 });
    expect(find('16APSK 3/4')).toMatchObject({ minSnrDb: 10.21, spectralEfficiency: 2.966728 });
    expect(find('256APSK 3/4')).toMatchObject({ minSnrDb: 19.57, spectralEfficiency: 5.900855 });
  });
});

describe('adaptation', () => {
  const steps = [
    { name: 'high', minSnrDb: 10, spectralEfficiency: 3 },
    { name: 'low', minSnrDb: 0, spectralEfficiency: 1 },
    { name: 'useless', minSnrDb: 11, spectralEfficiency: 2 },
  ];

  it('takes the highest MODCOD that the SNR exceeds by the margin; below the lowest the link is down', () => {
    const { steps: used } = new Adaptation(steps, 2, 0);
    expect(used.map((step) => step.name)).toEqual(['low', 'high']);
    const adaptation = new Adaptation(steps, 2, 0);
    expect(adaptation.choose(12, null)).toBe(1);
    expect(adaptation.choose(11.99, null)).toBe(0);
    expect(adaptation.choose(0, null)).toBe(0);
    expect(adaptation.choose(-0.01, null)).toBe(OUTAGE);
  });

  it('steps down at once, and up only past the hysteresis', () => {
    const adaptation = new Adaptation(steps, 0, 1);
    expect(adaptation.choose(10.5, 0)).toBe(0);
    expect(adaptation.choose(11, 0)).toBe(1);
    expect(adaptation.choose(10, 1)).toBe(1);
    expect(adaptation.choose(9.9, 1)).toBe(0);
    expect(adaptation.choose(0.5, OUTAGE)).toBe(OUTAGE);
    expect(adaptation.choose(1, OUTAGE)).toBe(0);
  });

  it('keeps what it has exactly where a new link would have it, or a better one lies within the hysteresis', () => {
    const adaptation = new Adaptation(DVB_S2X, 1.5, 0.7);
    for (let snrDb = -5; snrDb < 24; snrDb += 0.05) {
      const fresh = adaptation.choose(snrDb, null);
      const careful = adaptation.choose(snrDb - 0.7, null);
      for (let current = OUTAGE; current < DVB_S2X.length; current++)
        expect(adaptation.choose(snrDb, current)).toBe(fresh <= current ? fresh : Math.max(current, careful));
    }
    expect(adaptation.choose(Number.NaN, null)).toBe(OUTAGE);
  });

  it('loses nothing with the whole margin, and everything at the bare threshold', () => {
    const adaptation = new Adaptation(steps, 2, 0);
    expect(adaptation.lossOf(2)).toBe(0);
    expect(adaptation.lossOf(1)).toBeCloseTo(10 ** -2.5, 12);
    expect(adaptation.lossOf(0)).toBe(1);
    expect(new Adaptation(steps, 0, 0).lossOf(0)).toBe(0);
  });
});
