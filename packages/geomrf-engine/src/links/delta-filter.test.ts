import { DeltaThresholdsSchema } from '@satsim/geomrf-proto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { DeltaFilter } from './delta-filter.js';
import { LinkModel } from './link-model.js';

interface State {
  readonly up: number;
  readonly delayS: number;
  readonly capacityBps: number;
  readonly lossRate: number;
}

describe('delta thresholds', () => {
  const compiled = compileScenario(
    specOf([...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))], {
      gsl: { selection: 2, minElevationDeg: 10 },
    }),
  );

  for (const thresholds of [
    { delayS: 0, capacityBps: 0, lossRate: 0 },
    { delayS: 2e-4, capacityBps: 2e7, lossRate: 0.01 },
  ]) {
    it(`of ${JSON.stringify(thresholds)}: the deltas folded upon the snapshot are the full state within them, and nothing is sent without need`, () => {
      const model = new LinkModel(compiled, ALL_LINKS);
      const filter = new DeltaFilter(create(DeltaThresholdsSchema, thresholds));
      const folded = new Map<string, State>();
      let [sent, left, total] = [0, 0, 0];
      for (let k = 0; k < 200; k++) {
        model.moveTo(START_MS + k * 20_000);
        const { table } = model;
        const key = (slot: number): string => `${table.type[slot]} ${table.source[slot]} ${table.target[slot]}`;
        const state = (slot: number): State => ({
          up: table.up[slot],
          delayS: table.delayS[slot],
          capacityBps: table.capacityBps[slot],
          lossRate: table.lossRate[slot],
        });
        const within = (p: State, q: State): boolean =>
          p.up === q.up &&
          Math.abs(p.delayS - q.delayS) <= thresholds.delayS &&
          Math.abs(p.capacityBps - q.capacityBps) <= thresholds.capacityBps &&
          Math.abs(p.lossRate - q.lossRate) <= thresholds.lossRate;
        const { removals, updates } = filter.next(table);
        for (const slot of removals) expect(folded.delete(key(slot))).toBe(true);
        for (const slot of updates) {
          const known = folded.get(key(slot));
          if (known !== undefined) expect(within(known, state(slot))).toBe(false);
          folded.set(key(slot), state(slot));
        }
        const now = [...table.live].filter((slot) => !table.hasLeft(slot));
        expect(folded.size).toBe(now.length);
        for (const slot of now) expect(within(folded.get(key(slot))!, state(slot))).toBe(true);
        [sent, left, total] = [sent + updates.length, left + removals.length, total + now.length];
        table.endTick();
      }
      expect(left).toBeGreaterThan(10);
      expect(sent).toBeGreaterThan(600);
      if (thresholds.delayS > 0) expect(sent).toBeLessThan(total / 2);
    });
  }
});
