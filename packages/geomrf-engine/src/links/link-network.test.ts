import { create } from '@bufbuild/protobuf';
import { LinkSelectorSchema, LinkType, SelectionPolicy } from '@satsim/geomrf-proto';
import type { LinkSelector } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { LIGHT_KM_PER_S, LineOfSight } from '../geometry/line-of-sight.js';
import { GroundSites } from '../geometry/sites.js';
import { gmst, temeToEcef } from '../orbit/frames.js';
import { newStateVectors } from '../orbit/propagator.js';
import { compileScenario } from '../scenario/compiled.js';
import { FoldedLinks } from '../testing/folded-links.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { instantOfMs } from '../time.js';

const cities = (maxLinks = 1) => CITIES.map(([id, lat, lon]) => ground(id, lat, lon, { maxLinks }));
const scenario = (extra: Parameters<typeof specOf>[1] = {}, maxLinks = 1) =>
  compileScenario(specOf([...shell({ planes: 24, perPlane: 20, phasing: 3 }), ...cities(maxLinks)], extra));

/** Runs ticks of a minute and looks at each. */
function run(
  compiled: ReturnType<typeof compileScenario>,
  ticks: number,
  look: (model: FoldedLinks, k: number) => void,
  selector: LinkSelector = ALL_LINKS,
  dtMs = 60_000,
): void {
  const model = new FoldedLinks(compiled, selector, { dtMs });
  for (let k = 0; k < ticks; k++) {
    model.moveTo(START_MS + k * dtMs);
    look(model, k);
  }
}

describe('links', () => {
  it('that are up: between satellites clear of the Earth, to the ground above the mask; delay × c is the range, untruncated, at the speed of light', () => {
    const compiled = scenario();
    const places = new GroundSites(compiled.sites);
    const sight = new LineOfSight(79.999);
    let [isls, gsls] = [0, 0];
    run(compiled, 30, (model, k) => {
      const at = instantOfMs(START_MS + k * 60_000);
      const states = newStateVectors(480, false);
      compiled.propagator.propagate(at, states);
      temeToEcef(states, gmst(at));
      const place = (node: number): [number, number, number] =>
        node < 480 ? [states.x[node], states.y[node], states.z[node]] : [places.x[node - 480], places.y[node - 480], places.z[node - 480]];
      for (const { type, source, target, up, rangeKm, delayS, elevationDeg } of model.rows) {
        const [a, b] = [place(source), place(target)];
        const range = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(Math.abs(rangeKm - range)).toBeLessThan(2e-7);
        expect(delayS * LIGHT_KM_PER_S).toBeCloseTo(rangeKm, 9);
        expect(Number.isInteger(rangeKm)).toBe(false);
        if (type === LinkType.ISL && up === 1 && ++isls) expect(sight.clear(...a, ...b)).toBe(true);
        if (type === LinkType.SAT_UT && ++gsls) expect(elevationDeg).toBeGreaterThanOrEqual(25);
      }
    });
    expect(isls).toBeGreaterThan(25_000);
    expect(gsls).toBeGreaterThan(100);
  });

  it('come in both directions, which agree in geometry; each ground direction has its own budget', () => {
    run(scenario(), 3, (model) => {
      for (const { type, source, target, ...link } of model.rows) {
        const back = model.links.get(`${type} ${target} ${source}`)!;
        expect(back).toMatchObject({ delayS: link.delayS, rangeKm: link.rangeKm, up: link.up });
        if (type === LinkType.SAT_UT) expect(back.snrDb).not.toBe(link.snrDb);
        else expect(link.capacityBps).toBe(1e10);
      }
    });
  });

  it('are the same in two networks, and come in their order: between satellites by plan, to the ground by site and satellite, up before down', () => {
    const compiled = scenario({ terrestrial: [{ a: 'tokyo', b: 'london', oneWayDelayS: 0.08, capacityBps: 1e9 }] });
    const seen: string[][] = [[], []];
    for (const list of seen)
      run(compiled, 10, (model, k) => {
        list.push(...model.rows.map(({ key, delayS, capacityBps }) => `${key} ${delayS} ${capacityBps}`));
        const isls = compiled.isls.pairs.flatMap(([a, b]) => [`3 ${a} ${b}`, `3 ${b} ${a}`]);
        const gsls = compiled.sites.flatMap(({ node }) =>
          model.rows
            .filter(({ type, source }) => type === LinkType.SAT_UT && source === node)
            .flatMap(({ target }) => [`2 ${node} ${target}`, `2 ${target} ${node}`]),
        );
        const [tokyo, london] = [480, 482];
        expect(model.updated).toEqual([...isls, ...gsls, ...(k === 0 ? [`4 ${tokyo} ${london}`, `4 ${london} ${tokyo}`] : [])]);
      });
    expect(seen[0]).toEqual(seen[1]);
  });

  it('can be selected by type, node and key; what is selected is what it is among all links', () => {
    const compiled = scenario();
    const selectors: Parameters<typeof create<typeof LinkSelectorSchema>>[1][] = [
      { linkTypes: [LinkType.ISL] },
      { linkTypes: [LinkType.SAT_UT] },
      { nodeIds: ['tokyo', 'W-3-4'] },
      { nodeIds: ['tokyo'], linkTypes: [LinkType.SAT_UT], links: [{ src: 'W-1-1', dst: 'W-1-2', linkType: LinkType.ISL }] },
    ];
    for (const init of selectors) {
      const selector = create(LinkSelectorSchema, init);
      const wanted: string[][] = [];
      run(compiled, 5, (model) =>
        wanted.push(
          model.rows
            .filter(({ type, source, target }) => {
              const ids = [compiled.nodeIds[source], compiled.nodeIds[target]];
              const lists =
                selector.linkTypes.length + selector.nodeIds.length > 0 &&
                (selector.linkTypes.length === 0 || selector.linkTypes.includes(type)) &&
                (selector.nodeIds.length === 0 || selector.nodeIds.some((id) => ids.includes(id)));
              return lists || selector.links.some((link) => link.src === ids[0] && link.dst === ids[1] && link.linkType === type);
            })
            .map(({ key, delayS }) => `${key} ${delayS}`),
        ),
      );
      expect(wanted.flat().length).toBeGreaterThan(0);
      run(compiled, 5, (model, k) => expect(model.rows.map(({ key, delayS }) => `${key} ${delayS}`)).toEqual(wanted[k]), selector);
    }
  });

  it('on the ground are constant and up, whatever their ends are called', () => {
    const compiled = scenario({ terrestrial: [{ a: 'london', b: 'tokyo', oneWayDelayS: 0.08, capacityBps: 1e9, lossRate: 0.01 }] });
    run(compiled, 2, (model) => {
      const found = model.rows.filter(({ type }) => type === LinkType.TERRESTRIAL);
      expect(found).toHaveLength(2);
      for (const link of found) expect(link).toMatchObject({ up: 1, delayS: 0.08, capacityBps: 1e9, lossRate: 0.01 });
    });
  });
});

describe('choice of satellites', () => {
  const policy = (selection: SelectionPolicy, extra = {}) => ({ gsl: { selection, minElevationDeg: 10, ...extra } });
  const chosen = (model: FoldedLinks, node: number): number[] => model.rows.filter(({ source }) => source === node).map(({ target }) => target);

  it('takes the highest, never one below the horizon, one for each antenna', () => {
    for (const maxLinks of [1, 2])
      run(scenario(policy(SelectionPolicy.MAX_ELEVATION), maxLinks), 20, (model) => {
        const { visibility, sites } = model.gsl;
        sites.forEach(({ node }, s) => {
          const seen = [...visibility.satellite.subarray(visibility.start[s], visibility.start[s + 1])];
          const elevation = [...visibility.sinElevation.subarray(visibility.start[s], visibility.start[s + 1])];
          const best = seen
            .map((satellite, i) => ({ satellite, elevation: elevation[i] }))
            .toSorted((p, q) => q.elevation - p.elevation)
            .slice(0, maxLinks)
            .map(({ satellite }) => satellite);
          expect(chosen(model, node)).toEqual(best.toSorted((p, q) => p - q));
          expect(Math.min(1, ...elevation)).toBeGreaterThanOrEqual(Math.sin((10 * Math.PI) / 180));
        });
      });
  });

  it('takes all of them for all_visible, however many antennas there are', () => {
    run(scenario(policy(SelectionPolicy.ALL_VISIBLE)), 3, (model) => {
      const { visibility, sites } = model.gsl;
      sites.forEach(({ node }, s) => expect(chosen(model, node)).toEqual([...visibility.satellite.subarray(visibility.start[s], visibility.start[s + 1])]));
    });
  });

  it('hands over less often the larger the hysteresis, and says from where to where', () => {
    const handovers = [0, 5, 20].map((hysteresisDeg) => {
      let count = 0;
      let before = new Map<number, number[]>();
      run(
        scenario(policy(SelectionPolicy.MAX_ELEVATION, { hysteresisDeg })),
        240,
        (model) => {
          const now = new Map(model.gsl.sites.map(({ node }) => [node, chosen(model, node)]));
          const { handovers } = model.gsl.out.events!;
          for (let row = 0; row < handovers.count; row++) {
            const [site, from, to] = handovers.values.subarray(3 * row);
            expect(before.get(site)).toEqual([from]);
            expect(now.get(site)).toEqual([to]);
            count++;
          }
          before = now;
        },
        create(LinkSelectorSchema, { linkTypes: [LinkType.SAT_UT] }),
        15_000,
      );
      return count;
    });
    expect(handovers[0]).toBeGreaterThan(handovers[1]);
    expect(handovers[1]).toBeGreaterThan(handovers[2]);
    expect(handovers[2]).toBeGreaterThan(0);
  });

  it('by longest_visible takes the one that sets last, and keeps it until it sets', () => {
    const compiled = scenario(policy(SelectionPolicy.LONGEST_VISIBLE));
    const history: Map<number, number[]>[] = [];
    const visible: Set<string>[] = [];
    run(
      compiled,
      120,
      (model) => {
        history.push(new Map(model.gsl.sites.map(({ node }) => [node, chosen(model, node)])));
        const { visibility, sites } = model.gsl;
        visible.push(
          new Set(
            sites.flatMap(({ node }, s) =>
              [...visibility.satellite.subarray(visibility.start[s], visibility.start[s + 1])].map((satellite) => `${node} ${satellite}`),
            ),
          ),
        );
      },
      ALL_LINKS,
      10_000,
    );
    const setsAt = (node: number, satellite: number, from: number): number => {
      let k = from;
      while (k < visible.length && visible[k].has(`${node} ${satellite}`)) k++;
      return k;
    };
    let choices = 0;
    for (let k = 1; k < 60; k++)
      for (const [node, [satellite]] of history[k]) {
        const before = history[k - 1].get(node)![0];
        if (before !== undefined && visible[k].has(`${node} ${before}`)) expect(satellite).toBe(before);
        else if (satellite !== undefined && ++choices) {
          const others = [...visible[k]].filter((key) => key.startsWith(`${node} `)).map((key) => setsAt(node, Number(key.split(' ')[1]), k));
          expect(setsAt(node, satellite, k)).toBe(Math.max(...others));
        }
      }
    expect(choices).toBeGreaterThan(5);
  });

  it('by least_loaded spreads terminals that see the same satellites', () => {
    const crowd = Array.from({ length: 6 }, (_, i) => ground(`t${i}`, 45, i / 1000));
    const compiled = compileScenario(specOf([...shell({ planes: 24, perPlane: 20, phasing: 3 }), ...crowd], policy(SelectionPolicy.LEAST_LOADED)));
    run(compiled, 1, (model) => {
      const all = model.gsl.sites.flatMap(({ node }) => chosen(model, node));
      const seen = model.gsl.visibility.start[1];
      expect(all).toHaveLength(6);
      expect(new Set(all).size).toBe(Math.min(6, seen));
      expect(seen).toBeGreaterThan(2);
    });
  });

  it('by max_snr takes the best signal at the terminal: the nearest, as satellites are alike', () => {
    run(scenario(policy(SelectionPolicy.MAX_SNR)), 5, (model) => {
      const { visibility, sites } = model.gsl;
      sites.forEach(({ node }, s) => {
        const ranges = [...visibility.rangeKm.subarray(visibility.start[s], visibility.start[s + 1])];
        const nearest = ranges.indexOf(Math.min(...ranges));
        expect(chosen(model, node)).toEqual(nearest < 0 ? [] : [visibility.satellite[visibility.start[s] + nearest]]);
      });
    });
  });

  it('without a budget has the fixed capacity and loss; with one, an outage is a link that is down', () => {
    run(scenario(policy(SelectionPolicy.MAX_ELEVATION, { fixedCapacityBps: 5e6, fixedLossRate: 0.02 })), 1, (model) => {
      const found = model.rows.filter(({ type }) => type === LinkType.SAT_UT);
      expect(found.length).toBeGreaterThan(4);
      for (const link of found) expect(link).toMatchObject({ up: 1, capacityBps: 5e6, lossRate: 0.02 });
    });
    run(
      scenario({ ...policy(SelectionPolicy.MAX_ELEVATION), adaptation: { modcods: [{ name: 'only', minSnrDb: 90, spectralEfficiency: 1 }] } }),
      1,
      (model) => {
        const found = model.rows.filter(({ type }) => type === LinkType.SAT_UT);
        expect(found.length).toBeGreaterThan(4);
        for (const link of found) expect(link).toMatchObject({ up: 0, capacityBps: 0 });
      },
    );
  });
});
