import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { SelectionPolicy } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { chooseOver } from '../testing/visible.test-helper.js';
import { CALM, OFTEN, POLICIES, changes, runs, satellitesOf, times, worldOf } from '../testing/worlds.test-helper.js';
import { needsEverySite } from './chooser.js';
import { Schedule } from './schedule.js';

const { MAX_ELEVATION, LONGEST_VISIBLE, LEAST_LOADED, SCHEDULED } = SelectionPolicy;

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
    const instants = Array.from({ length: 200 }, (_, i) => START_MS + 12_000 + i * 15_000);
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
    expect(choices).toBeGreaterThan(1000);
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

describe('longest_visible', () => {
  it('takes the one that sets last, over a moving terminal and a horizon too, and keeps it until it sets', () => {
    const ticks = chooseOver(worldOf({ ...CALM, selection: LONGEST_VISIBLE }), times(240, 10_000));
    const setsAt = (site: number, satellite: number, from: number): number => {
      let k = from;
      while (k < ticks.length && ticks[k].visible[site].has(satellite)) k++;
      return k;
    };
    let choices = 0;
    for (const { k, site, tick, before, now } of changes(ticks)) {
      if (before.length === 1 && tick.visible[site].has(before[0])) expect(now).toEqual(before);
      else if (now.length === 1 && setsAt(site, now[0], k) < ticks.length && ++choices)
        expect(setsAt(site, now[0], k)).toBe(Math.max(...[...tick.visible[site].keys()].map((satellite) => setsAt(site, satellite, k))));
    }
    expect(choices).toBeGreaterThan(20);
  });
});

describe('least_loaded', () => {
  const crowd = (terminals: number, hysteresisDeg = 0) =>
    chooseOver(
      compileScenario(
        specOf([...shell({ planes: 24, perPlane: 20, phasing: 3 }), ...Array.from({ length: terminals }, (_, i) => ground(`t${i}`, 45, i / 1000))], {
          gsl: { selection: LEAST_LOADED, minElevationDeg: 10, hysteresisDeg },
        }),
      ),
      times(40, 15_000),
    );
  const loads = (tick: ReturnType<typeof crowd>[number]): number[] => {
    const counts = new Map([...tick.visible[0].keys()].map((satellite) => [satellite, 0]));
    for (const [one] of tick.chosen) counts.set(one.satellite, (counts.get(one.satellite) ?? 0) + 1);
    return [...counts.values()];
  };

  it('spreads terminals that see the same satellites evenly at first', () => {
    for (const terminals of [3, 20, 50]) {
      const [first] = crowd(terminals);
      expect(Math.max(...loads(first)) - Math.min(...loads(first))).toBeLessThanOrEqual(1);
      expect(loads(first).reduce((sum, each) => sum + each)).toBe(terminals);
    }
  });

  it('takes the highest of those that are as good, as every policy does', () => {
    const [{ visible, chosen }] = crowd(1);
    const [highest] = [...visible[0]].toSorted((p, q) => q[1] - p[1])[0];
    expect([visible[0].size > 3, chosen[0][0].satellite]).toEqual([true, highest]);
  });

  it('gives one that comes free the satellite with the fewest, counting those that stay', () => {
    let choices = 0;
    const ticks = crowd(30);
    for (const { k, site, now, gained } of changes(ticks)) {
      if (gained.length === 0) continue;
      // Sites have their turn in order: those before have chosen, those after still use what they keep.
      const usedBy = (satellite: number): number =>
        ticks[k].chosen.filter(
          ([one], other) => other !== site && one.satellite === satellite && (other < site || satellitesOf(ticks[k - 1], other).includes(satellite)),
        ).length;
      expect(usedBy(now[0])).toBe(Math.min(...[...ticks[k].visible[site].keys()].map(usedBy)));
      choices++;
    }
    expect(choices).toBeGreaterThan(10);
  });

  it('with a hysteresis gives up a satellite for one that stands higher only where that makes loads more even', () => {
    let given = 0;
    const ticks = crowd(60, 5);
    for (let k = 1; k < ticks.length; k++) {
      const { visible, chosen } = ticks[k];
      const counts = new Map<number, number>();
      const count = (satellite: number, more: number): number => counts.set(satellite, (counts.get(satellite) ?? 0) + more).get(satellite)!;
      const stays = chosen.map((_, site) => satellitesOf(ticks[k - 1], site).filter((each) => visible[site].has(each)));
      for (const [satellite] of stays) if (satellite !== undefined) count(satellite, 1);
      chosen.forEach(([{ satellite: to }], site) => {
        const [from] = stays[site];
        if (from === to) return;
        if (from !== undefined && ++given) expect(count(to, 0) + 1).toBeLessThan(count(from, 0));
        if (from !== undefined) count(from, -1);
        count(to, 1);
      });
    }
    expect(given).toBeGreaterThan(2);
  });
});
