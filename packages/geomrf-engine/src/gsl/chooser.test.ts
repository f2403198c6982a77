import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { FaultSchema, SelectionPolicy } from '@satsim/geomrf-proto';
import type { NodeSpec } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { ground, shell, specOf } from '../testing/specs.test-helper.js';
import { chooseOver } from '../testing/visible.test-helper.js';
import type { ChooserTick } from '../testing/visible.test-helper.js';
import { CALM, OFTEN, POLICIES, changes, runs, satellitesOf, times, worldOf } from '../testing/worlds.test-helper.js';
import { needsEverySite } from './chooser.js';

const { MAX_ELEVATION, MAX_SNR, SCHEDULED } = SelectionPolicy;
const isDown = (scenario: CompiledScenario, { faults }: ChooserTick, site: number, satellite: number): boolean =>
  faults.effectOn(scenario.sites[site].node, scenario.satelliteNodes[satellite])?.down === true;

describe('what a terminal uses', () => {
  it('is visible, no more than its antennas, no more in a beam than fit, ascending; all in a beam know how many they are', () => {
    fc.assert(
      fc.property(runs, ({ world, dtMs }) => {
        const scenario = worldOf(world);
        const capacity = world.beams * Math.max(1, world.perBeam);
        for (const { visible, chosen } of chooseOver(scenario, times(12, dtMs))) {
          const users = new Map<number, number[]>();
          chosen.forEach((list, site) => {
            const satellites = list.map(({ satellite }) => satellite);
            expect(satellites).toEqual([...new Set(satellites)].toSorted((p, q) => p - q));
            if (world.maxLinks > 0) expect(list.length).toBeLessThanOrEqual(world.maxLinks);
            for (const { satellite, sharers } of list) {
              expect(visible[site].has(satellite)).toBe(true);
              users.set(satellite, [...(users.get(satellite) ?? []), sharers]);
            }
            // Without a limit anywhere, all places are taken that can be.
            if (world.beams === 0 && world.faults.length === 0 && world.selection !== SCHEDULED)
              expect(list.length).toBe(Math.min(world.maxLinks || Infinity, visible[site].size));
          });
          for (const sharers of users.values()) {
            if (world.beams === 0) expect(new Set(sharers)).toEqual(new Set([1]));
            else {
              expect(sharers.length).toBeLessThanOrEqual(capacity);
              expect(Math.max(...sharers)).toBeLessThanOrEqual(Math.max(1, world.perBeam));
              // n terminals that say n make whole beams.
              const beams = sharers.reduce((sum, each) => sum + 1 / each, 0);
              expect(Math.abs(beams - Math.round(beams))).toBeLessThan(1e-9);
              expect(Math.round(beams)).toBeLessThanOrEqual(world.beams);
            }
          }
        }
      }),
      OFTEN,
    );
  });

  it('is the same for the same ticks, and for sites in any order where none depends on another', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 11 }), ({ world, dtMs }, shift) => {
        const scenario = worldOf(world);
        const all = chooseOver(scenario, times(10, dtMs)).map(({ chosen }) => chosen);
        expect(chooseOver(scenario, times(10, dtMs)).map(({ chosen }) => chosen)).toEqual(all);
        if (needsEverySite(scenario, scenario.spec.gsl!)) return;
        const sites = scenario.sites.map((_, s) => s);
        const turned = sites.map((s) => (s * 5 + shift) % sites.length);
        if (new Set(turned).size < sites.length) return;
        expect(chooseOver(scenario, times(10, dtMs), turned).map(({ chosen }) => chosen)).toEqual(all);
      }),
      OFTEN,
    );
  });

  it('changes for a better one only by more than the hysteresis; without one longest_visible and least_loaded keep what they have', () => {
    fc.assert(
      fc.property(runs, ({ world, dtMs }) => {
        fc.pre(world.selection !== SCHEDULED);
        const scenario = worldOf({ ...world, maxLinks: 1 });
        for (const { tick, site, lost, gained } of changes(chooseOver(scenario, times(20, dtMs)))) {
          if (lost.length === 0 || !tick.visible[site].has(lost[0]) || isDown(scenario, tick, site, lost[0])) continue;
          expect(gained).toHaveLength(1);
          const [from, to] = [tick.visible[site].get(lost[0])!, tick.visible[site].get(gained[0])!];
          expect(world.hysteresisDeg > 0 || [MAX_ELEVATION, MAX_SNR].includes(world.selection)).toBe(true);
          if (world.hysteresisDeg > 0) expect(to).toBeGreaterThan(from + world.hysteresisDeg);
        }
      }),
      OFTEN,
    );
  });

  it('is never newly a satellite or a link that is down, and one that goes down is given up at once for any other that can be had', () => {
    fc.assert(
      fc.property(runs, ({ world, dtMs }) => {
        const scenario = worldOf({ ...world, beams: 0 });
        for (const { tick, site, now, gained } of changes(chooseOver(scenario, times(20, dtMs)))) {
          for (const satellite of gained) expect(isDown(scenario, tick, site, satellite)).toBe(false);
          const others = [...tick.visible[site].keys()].filter((each) => !now.includes(each) && !isDown(scenario, tick, site, each));
          if (world.selection !== SCHEDULED && others.length > 0) for (const satellite of now) expect(isDown(scenario, tick, site, satellite)).toBe(false);
        }
      }),
      OFTEN,
    );
  });

  it('stays, though it is down, when there is no other; and is not given up because the terminal itself is down', () => {
    const all = Array.from({ length: 48 }, (_, satellite) => ({ satellite, site: null, atS: 60, forS: 60 }));
    for (const selection of POLICIES) {
      const scenario = worldOf({ ...CALM, selection, hysteresisDeg: 90, faults: all });
      const [before, during] = chooseOver(scenario, times(2, 60_000));
      for (let site = 0; site < scenario.sites.length; site++)
        for (const satellite of satellitesOf(before, site)) if (during.visible[site].has(satellite)) expect(satellitesOf(during, site)).toEqual([satellite]);
    }
    const spec = specOf([...shell({ planes: 24, perPlane: 20 }), ground('g', 45, 0)], {
      gsl: { selection: MAX_ELEVATION, minElevationDeg: 10 },
      faults: [{ at: durationFromMs(0), what: { case: 'nodeId', value: 'g' } }],
    });
    const down = chooseOver(compileScenario(spec), times(10, 30_000)).map(({ chosen }) => chosen);
    spec.faults = [];
    expect(down).toEqual(chooseOver(compileScenario(spec), times(10, 30_000)).map(({ chosen }) => chosen));
    expect(down.flat(2).length).toBe(10);
    // One that is down is not chosen for that either.
    const [above] = down[0].map(([one]) => one.satellite);
    spec.faults = ['g', spec.nodes[above].id].map((value) => create(FaultSchema, { at: durationFromMs(0), what: { case: 'nodeId', value } }));
    expect(satellitesOf(chooseOver(compileScenario(spec), times(1, 1))[0], 0)).not.toContain(above);
  });
});

describe('a handover', () => {
  it('is a satellite lost and one gained in one tick; the new link is in outage for as long as it says, and no other link is', () => {
    fc.assert(
      fc.property(runs, ({ world, dtMs }) => {
        const scenario = worldOf(world);
        const ticks = chooseOver(scenario, times(16, dtMs));
        expect(ticks[0].handovers).toEqual([]);
        const since = new Map<string, number>();
        for (const { tick, site, lost, gained } of changes(ticks)) {
          const told = tick.handovers.filter((each) => each.site === scenario.sites[site]);
          expect(told.map(({ from }) => from)).toEqual(lost.slice(0, told.length));
          expect(told).toHaveLength(Math.min(lost.length, gained.length));
          for (const { to } of told) expect(gained).toContain(to);
          for (const satellite of gained) since.delete(`${site} ${satellite}`);
          for (const { to } of told) since.set(`${site} ${to}`, tick.timeMs);
          for (const { satellite, inOutage } of tick.chosen[site])
            expect(inOutage).toBe(tick.timeMs < (since.get(`${site} ${satellite}`) ?? -Infinity) + world.outageS * 1000);
        }
      }),
      OFTEN,
    );
  });
});

describe('an outage', () => {
  it('goes on over a reconfiguration that changes nothing', () => {
    const ticks = chooseOver(worldOf({ ...CALM, selection: SCHEDULED, outageS: 20 }), times(300, 1_000));
    let over = 0;
    for (const { k, site, tick, lost, gained } of changes(ticks)) {
      if (lost.length === 0 || gained.length === 0) continue;
      const later = ticks[k + 16]?.chosen[site][0];
      if (later?.satellite !== gained[0]) continue;
      expect([tick.chosen[site][0].inOutage, later.inOutage, ticks[k + 20]?.chosen[site][0]?.inOutage ?? false]).toEqual([true, true, false]);
      over++;
    }
    expect(over).toBeGreaterThan(2);
  });
});

describe('small constellations', () => {
  const sites = (): NodeSpec[] => [ground('equator', 0, 0), ground('pole', 89, 0, { maxLinks: 0 }), ground('both', 45, 90, { maxLinks: 2 })];
  it('of one satellite, one plane, one or two satellites a plane, or none in sight are no special case in any policy', () => {
    for (const [planes, perPlane] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [1, 7],
      [7, 1],
    ]) {
      for (const selection of POLICIES) {
        for (const hysteresisDeg of [0, 5]) {
          const scenario = compileScenario(
            specOf([...shell({ planes, perPlane, altitudeKm: 900 }), ...sites()], { gsl: { selection, hysteresisDeg, handoverOutageS: 1 } }),
          );
          const ticks = chooseOver(scenario, times(120, 60_000));
          const seen = ticks.flatMap(({ visible }) => visible).reduce((sum, each) => sum + each.size, 0);
          const used = ticks.flatMap(({ chosen }) => chosen).reduce((sum, each) => sum + each.length, 0);
          expect(seen).toBeGreaterThan(0);
          expect(used).toBeGreaterThan(0);
          expect(used).toBeLessThanOrEqual(seen);
        }
      }
    }
  });

  it('without a satellite or without a site nothing is chosen', () => {
    for (const selection of POLICIES) {
      expect(chooseOver(compileScenario(specOf(sites(), { gsl: { selection } })), times(3, 1000)).flatMap(({ chosen }) => chosen.flat())).toEqual([]);
      expect(
        chooseOver(compileScenario(specOf(shell({ planes: 1, perPlane: 1 }), { gsl: { selection } })), times(3, 1000)).map(({ chosen }) => chosen),
      ).toEqual([[], [], []]);
    }
  });
});
