import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { MaskPointSchema, NodePairSchema, SelectionPolicy, TrackSchema } from '@satsim/geomrf-proto';
import type { NodeSpec } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { chooseOver } from '../testing/visible.test-helper.js';
import type { ChooserTick } from '../testing/visible.test-helper.js';
import { needsEverySite } from './chooser.js';
import { Schedule } from './schedule.js';

const { MAX_ELEVATION, MAX_SNR, LONGEST_VISIBLE, LEAST_LOADED, SCHEDULED } = SelectionPolicy;
const TICK_BY_TICK = [MAX_ELEVATION, MAX_SNR, LONGEST_VISIBLE, LEAST_LOADED];
const POLICIES = [...TICK_BY_TICK, SCHEDULED];

interface World {
  readonly selection: SelectionPolicy;
  readonly hysteresisDeg: number;
  readonly outageS: number;
  readonly maxLinks: number;
  readonly beams: number;
  readonly perBeam: number;
  /** Sites near each other that compete for beams, beside the cities; the first is on its way and has a horizon. */
  readonly crowd: number;
  readonly faults: readonly { readonly satellite: number; readonly site: number | null; readonly atS: number; readonly forS: number }[];
}
const CALM: World = { selection: MAX_ELEVATION, hysteresisDeg: 0, outageS: 0, maxLinks: 1, beams: 0, perBeam: 0, crowd: 4, faults: [] };

function worldOf(world: World): CompiledScenario {
  const satellites = shell({ planes: 6, perPlane: 8, altitudeKm: 1200, phasing: 2 });
  for (const { terminal } of satellites) Object.assign(terminal!, { beams: world.beams, terminalsPerBeam: world.perBeam });
  const crowd = Array.from({ length: world.crowd }, (_, i) => ground(`t${i}`, 45, i / 10, world));
  if (world.crowd > 0) {
    crowd[0].elevationMask = [
      create(MaskPointSchema, { azimuthDeg: 0, minElevationDeg: 5 }),
      create(MaskPointSchema, { azimuthDeg: 180, minElevationDeg: 50 }),
    ];
    const waypoints = [0, 600].map((seconds) => ({ at: durationFromMs(seconds * 1000), site: { latDeg: 45 + seconds / 600, lonDeg: 0, altM: 9000 } }));
    crowd[0].position = { case: 'track', value: create(TrackSchema, { waypoints }) };
  }
  const sites = [...crowd, ...CITIES.slice(0, 4).map(([id, lat, lon]) => ground(id, lat, lon, world))];
  const gsl = { selection: world.selection, minElevationDeg: 10, hysteresisDeg: world.hysteresisDeg, handoverOutageS: world.outageS };
  const faults = world.faults.map(({ satellite, site, atS, forS }) => ({
    at: durationFromMs(atS * 1000),
    for: durationFromMs(forS * 1000),
    what:
      site === null
        ? { case: 'nodeId' as const, value: satellites[satellite].id }
        : { case: 'link' as const, value: create(NodePairSchema, { a: sites[site % sites.length].id, b: satellites[satellite].id }) },
  }));
  return compileScenario(specOf([...satellites, ...sites], { gsl, faults }));
}

const times = (count: number, dtMs: number): number[] => Array.from({ length: count }, (_, k) => START_MS + k * dtMs);
const satellitesOf = (tick: ChooserTick, site: number): number[] => tick.chosen[site].map(({ satellite }) => satellite);

/** A satellite that a site no longer uses, and one that it uses now, with what is known of both. */
function* changes(ticks: readonly ChooserTick[]) {
  for (let k = 1; k < ticks.length; k++) {
    for (let site = 0; site < ticks[k].chosen.length; site++) {
      const [before, now] = [satellitesOf(ticks[k - 1], site), satellitesOf(ticks[k], site)];
      yield { k, site, tick: ticks[k], before, now, lost: before.filter((each) => !now.includes(each)), gained: now.filter((each) => !before.includes(each)) };
    }
  }
}
const isDown = (scenario: CompiledScenario, { faults }: ChooserTick, site: number, satellite: number): boolean =>
  faults.effectOn(scenario.sites[site].node, scenario.satelliteNodes[satellite])?.down === true;

const worlds: fc.Arbitrary<World> = fc.record({
  selection: fc.constantFrom(...POLICIES),
  hysteresisDeg: fc.constantFrom(0, 3, 15),
  outageS: fc.constantFrom(0, 0.5, 25),
  maxLinks: fc.constantFrom(0, 1, 2, 3),
  beams: fc.constantFrom(0, 1, 2, 3),
  perBeam: fc.constantFrom(0, 1, 2),
  crowd: fc.integer({ min: 0, max: 8 }),
  faults: fc.array(fc.record({ satellite: fc.nat(47), site: fc.option(fc.nat(11)), atS: fc.nat(300), forS: fc.integer({ min: 1, max: 200 }) }), {
    maxLength: 12,
  }),
});
const runs = fc.record({ world: worlds, dtMs: fc.constantFrom(5_000, 15_000, 40_000) });
const OFTEN = { numRuns: 60 };

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
    const scenario = worldOf({ ...CALM, hysteresisDeg: 90, faults: all });
    const [before, during] = chooseOver(scenario, times(2, 60_000));
    for (let site = 0; site < scenario.sites.length; site++)
      for (const satellite of satellitesOf(before, site)) if (during.visible[site].has(satellite)) expect(satellitesOf(during, site)).toEqual([satellite]);
    const spec = specOf([...shell({ planes: 24, perPlane: 20 }), ground('g', 45, 0)], {
      gsl: { selection: MAX_ELEVATION, minElevationDeg: 10 },
      faults: [{ at: durationFromMs(0), what: { case: 'nodeId', value: 'g' } }],
    });
    const down = chooseOver(compileScenario(spec), times(10, 30_000)).map(({ chosen }) => chosen);
    spec.faults = [];
    expect(down).toEqual(chooseOver(compileScenario(spec), times(10, 30_000)).map(({ chosen }) => chosen));
    expect(down.flat(2).length).toBe(10);
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

describe('beams', () => {
  it('are taken in turn, fewest terminals first, and kept: a third terminal shares, a seventh finds no place', () => {
    const crowd = Array.from({ length: 7 }, (_, i) => ground(`t${i}`, 0, i / 100));
    const [above] = shell({ planes: 1, perPlane: 1, inclinationDeg: 0, altitudeKm: 1200 });
    Object.assign(above.terminal!, { beams: 2, terminalsPerBeam: 3 });
    const sharersOf = (terminals: number): number[] => {
      const scenario = compileScenario(specOf([above, ...crowd.slice(0, terminals)], { gsl: { selection: MAX_ELEVATION } }));
      for (const { chosen, visible } of chooseOver(scenario, times(140, 60_000)))
        if (visible.every((each) => each.size === 1)) return chosen.map(([one]) => one?.sharers ?? 0);
      throw new Error('never visible');
    };
    expect([1, 2, 3, 5, 6, 7].map(sharersOf)).toEqual([[1], [1, 1], [2, 1, 2], [3, 2, 3, 2, 3], [3, 3, 3, 3, 3, 3], [3, 3, 3, 3, 3, 3, 0]]);
  });

  it('make every site count, as loads do; without them a site can be looked at alone', () => {
    const needs = (selection: SelectionPolicy, beams: number): boolean => {
      const scenario = worldOf({ ...CALM, selection, beams });
      return needsEverySite(scenario, scenario.spec.gsl!);
    };
    expect([...POLICIES, SelectionPolicy.ALL_VISIBLE].map((each) => needs(each, 0))).toEqual([false, false, false, true, false, false]);
    expect([...POLICIES, SelectionPolicy.ALL_VISIBLE].map((each) => needs(each, 4))).toEqual([true, true, true, true, true, false]);
  });
});

describe('scheduled', () => {
  it('has its instants at 12, 27, 42 and 57 s of every minute, or where it is told', () => {
    const usual = new Schedule({});
    const instants = [0];
    while (instants.length < 9) instants.push(usual.nextAfter(START_MS + instants.at(-1)!) - START_MS);
    expect(instants.slice(1)).toEqual([12, 27, 42, 57, 72, 87, 102, 117].map((s) => s * 1000));
    expect(usual.periodOf(START_MS + 12_000)).toBe(usual.periodOf(START_MS + 11_999) + 1);
    const own = new Schedule({ schedulePeriod: durationFromMs(20_000), scheduleOffset: durationFromMs(65_000) });
    expect([0, 5_000, 24_999].map((ms) => own.nextAfter(START_MS + ms) - START_MS)).toEqual([5_000, 25_000, 25_000]);
  });

  it('changes nothing in between but that a satellite that sets is removed', () => {
    const schedule = new Schedule({});
    fc.assert(
      fc.property(runs, fc.constantFrom(1_000, 4_000, 7_000), ({ world }, dtMs) => {
        const ticks = chooseOver(worldOf({ ...world, selection: SCHEDULED }), times(30, dtMs));
        for (const { k, tick, site, before, now } of changes(ticks)) {
          if (schedule.periodOf(tick.timeMs) === schedule.periodOf(ticks[k - 1].timeMs))
            expect(now).toEqual(before.filter((each) => tick.visible[site].has(each)));
        }
      }),
      OFTEN,
    );
  });

  it('assigns at its instants those that stay above the mask until the next one, the highest at that time', () => {
    const scenario = worldOf({ ...CALM, selection: SCHEDULED });
    const instants = Array.from({ length: 40 }, (_, i) => START_MS + 12_000 + i * 15_000);
    const ticks = chooseOver(scenario, instants);
    let [choices, highest] = [0, 0];
    for (let i = 0; i + 1 < ticks.length; i++) {
      ticks[i].chosen.forEach((list, site) => {
        const ahead = [...ticks[i].visible[site].keys()]
          .map((satellite) => ({ satellite, elevation: ticks[i + 1].visible[site].get(satellite) ?? -1 }))
          .toSorted((p, q) => q.elevation - p.elevation);
        if (ahead.length === 0 || ahead[0].elevation < 0) return;
        expect(list.map(({ satellite }) => satellite)).toEqual([ahead[0].satellite]);
        choices++;
        if ([...ticks[i].visible[site]].toSorted((p, q) => q[1] - p[1])[0][0] === ahead[0].satellite) highest++;
      });
    }
    expect(choices).toBeGreaterThan(200);
    // Looking ahead is another thing than looking up.
    expect(highest).toBeLessThan(choices);
  });

  it('hands over at most once in 15 s, less often the larger the hysteresis, and all terminals in the same ticks', () => {
    const handovers = [0, 5, 20].map((hysteresisDeg) => {
      const ticks = chooseOver(worldOf({ ...CALM, selection: SCHEDULED, hysteresisDeg }), times(900, 1_000));
      for (const { timeMs, handovers: told } of ticks) if (told.length > 0) expect((timeMs - START_MS) % 15_000).toBe(12_000);
      return ticks.reduce((sum, each) => sum + each.handovers.length, 0);
    });
    expect(handovers[0]).toBeGreaterThan(handovers[1]);
    expect(handovers[1]).toBeGreaterThan(handovers[2]);
    expect(handovers[2]).toBeGreaterThan(0);
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
