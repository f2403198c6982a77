import { EventType, LinkType } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { FoldedLinks } from '../testing/folded-links.test-helper.js';
import type { FoldedLink } from '../testing/folded-links.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { EventSteps } from './event-steps.js';

const nodes = [...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
const network = {
  gsl: { selection: 1, minElevationDeg: 10, fixedCapacityBps: 1e8, fixedLossRate: 0.1 },
  terrestrial: [{ a: 'tokyo', b: 'london', oneWayDelayS: 0.08, capacityBps: 1e9 }],
};
const minute = (from: number) => ({ at: { seconds: BigInt(60 * from) }, for: { seconds: 60n } });
const faulty = compileScenario(
  specOf(nodes, {
    ...network,
    faults: [
      { ...minute(1), what: { case: 'nodeId', value: 'W-1-1' } },
      { ...minute(2), what: { case: 'nodeId', value: 'tokyo' } },
      { ...minute(3), what: { case: 'link', value: { a: 'W-2-1', b: 'W-2-2' } } },
      { ...minute(4), what: { case: 'nodeId', value: 'london' }, lossRate: 0.5, capacityBps: 5e7, extraDelayS: 0.01 },
      { ...minute(5), what: { case: 'nodeId', value: 'tokyo' }, capacityBps: 0 },
    ],
  }),
);
const sound = compileScenario(specOf(nodes, network));
const nodeOf = (id: string): number => faulty.indexOf.get(id)!;

describe('declared faults', () => {
  const [broken, whole] = [faulty, sound].map((each) => new FoldedLinks(each, ALL_LINKS, { dtMs: 10_000 }));
  const values = ({ up, delayS, capacityBps, lossRate }: FoldedLink) => ({ up, delayS, capacityBps, lossRate });
  const touches = ({ source, target }: FoldedLink, ...ids: string[]): boolean => ids.some((id) => [source, target].includes(nodeOf(id)));

  it('change the links that they name, for their time, in both directions, and no other', () => {
    let [down, degraded, withoutCapacity] = [0, 0, 0];
    for (let k = 0; k < 36; k++) {
      broken.moveTo(START_MS + k * 10_000);
      whole.moveTo(START_MS + k * 10_000);
      const at = Math.floor(k / 6);
      expect([...broken.links.keys()].toSorted()).toEqual([...whole.links.keys()].toSorted());
      for (const link of broken.rows) {
        const was = values(whole.links.get(link.key)!);
        const isDown =
          (at === 1 && touches(link, 'W-1-1')) || (at === 2 && touches(link, 'tokyo')) || (at === 3 && touches(link, 'W-2-1') && touches(link, 'W-2-2'));
        const isDegraded = at === 4 && touches(link, 'london');
        const isWithoutCapacity = at === 5 && touches(link, 'tokyo');
        if (isWithoutCapacity) expect(values(link)).toEqual({ ...was, up: 0, capacityBps: 0 });
        else if (isDown) expect(values(link)).toEqual({ ...was, up: 0 });
        else if (isDegraded)
          expect(values(link)).toEqual({
            up: was.up,
            delayS: was.delayS + 0.01,
            capacityBps: Math.min(was.capacityBps, 5e7),
            lossRate: 1 - (1 - was.lossRate) * (1 - 0.5),
          });
        else expect(values(link)).toEqual(was);
        if (isDown && was.up === 1) down++;
        if (isDegraded) degraded++;
        if (isWithoutCapacity && was.up === 1) withoutCapacity++;
      }
    }
    expect(down).toBeGreaterThan(60);
    expect(degraded).toBeGreaterThan(20);
    expect(withoutCapacity).toBeGreaterThan(10);
  });

  it('are told as events when they begin and when they end', () => {
    const events = new EventSteps(faulty, ALL_LINKS, [EventType.LINK_DOWN, EventType.LINK_UP], 10_000);
    const told = Array.from({ length: 36 }, (_, k) => events.next(k, START_MS + k * 10_000));
    const ofIsl = (k: number) =>
      told[k].filter(({ link }) => link!.linkType === LinkType.ISL).map(({ type, link }) => `${EventType[type]} ${link!.src}>${link!.dst}`);
    expect(ofIsl(18)).toEqual(['LINK_DOWN W-2-1>W-2-2', 'LINK_DOWN W-2-2>W-2-1']);
    expect(ofIsl(24)).toEqual(['LINK_UP W-2-1>W-2-2', 'LINK_UP W-2-2>W-2-1']);
    expect(ofIsl(6)).toHaveLength(8);
    expect(told[30].filter(({ type, link }) => type === EventType.LINK_DOWN && link!.linkType === LinkType.TERRESTRIAL)).toHaveLength(2);
    expect(told[12].filter(({ link }) => link!.linkType === LinkType.TERRESTRIAL)).toHaveLength(2);
  });
});
