import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Fault, FaultSchema } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { ActiveFaults } from './active-faults.js';

type FaultInit = Exclude<MessageInitShape<typeof FaultSchema>, Fault>;
const NODES = ['W-1-1', 'W-1-2', 'W-1-3', 'a', 'b'];
const faultsOf = (faults: FaultInit[]): ActiveFaults =>
  new ActiveFaults(compileScenario(specOf([...shell({ planes: 1, perPlane: 3 }), ground('a', 0, 0), ground('b', 1, 1)], { faults })));
const node = (nodeId: string, atS: number, forS?: number, effect: FaultInit = {}): FaultInit => ({
  at: durationFromMs(atS * 1000),
  ...(forS === undefined ? {} : { for: durationFromMs(forS * 1000) }),
  what: { case: 'nodeId', value: nodeId },
  ...effect,
});
const link = (a: string, b: string, atS: number, forS: number, effect: FaultInit = {}): FaultInit => ({
  ...node('', atS, forS, effect),
  what: { case: 'link', value: { a, b } },
});
const DOWN = { down: true, lossRate: 0, capacityBps: Infinity, extraDelayS: 0 };

describe('declared faults', () => {
  it('hold from `at` on and before `at + for`, to the millisecond; without `for` to the end', () => {
    const faults = faultsOf([node('W-1-2', 60, 30), node('a', 100)]);
    const downAt = (ms: number): number[] => {
      faults.moveTo(START_MS + ms);
      return [...faults.nodeDown.keys()].filter((each) => faults.nodeDown[each] === 1);
    };
    expect([59_999, 60_000, 89_999, 90_000, 100_000, 86_399_999].map(downAt)).toEqual([[], [1], [1], [], [3], [3]]);
    expect(downAt(0)).toEqual([]);
    expect(faults.none).toBe(false);
  });

  it('of a node are those of all its links, of a link of that link alone, in both directions', () => {
    const faults = faultsOf([node('W-1-1', 0, 10), link('a', 'W-1-2', 0, 10)]);
    faults.moveTo(START_MS);
    for (let other = 1; other < 5; other++) {
      expect(faults.effectOn(0, other)).toEqual(DOWN);
      expect(faults.effectOn(other, 0)).toEqual(DOWN);
    }
    expect([faults.effectOn(3, 1), faults.effectOn(1, 3)]).toEqual([DOWN, DOWN]);
    expect([faults.effectOn(3, 2), faults.effectOn(4, 1)]).toEqual([null, null]);
    expect([...faults.nodeDown]).toEqual([1, 0, 0, 0, 0]);
    faults.moveTo(START_MS + 10_000);
    expect(faults.effectOn(0, 1)).toBeNull();
  });

  it('that degrade leave the link up: loss adds up as independent losses do, the lowest capacity holds, delays add', () => {
    const faults = faultsOf([
      node('a', 0, 100, { lossRate: 0.2, extraDelayS: 0.01 }),
      node('W-1-1', 0, 100, { capacityBps: 5e6 }),
      link('W-1-1', 'a', 0, 100, { lossRate: 0.5, capacityBps: 7e6, extraDelayS: 0.02 }),
      link('a', 'W-1-1', 50, 10),
    ]);
    faults.moveTo(START_MS);
    const degraded = { down: false, lossRate: 0.6, capacityBps: 5e6, extraDelayS: 0.03 };
    expect(faults.effectOn(3, 0)).toEqual(degraded);
    expect(faults.effectOn(3, 2)).toMatchObject({ down: false, lossRate: 0.2, capacityBps: Infinity, extraDelayS: 0.01 });
    expect([...faults.nodeDown]).toEqual([0, 0, 0, 0, 0]);
    faults.moveTo(START_MS + 50_000);
    expect(faults.effectOn(0, 3)).toEqual({ ...degraded, down: true });
    faults.moveTo(START_MS + 60_000);
    expect(faults.effectOn(0, 3)).toEqual(degraded);
  });

  it('are a function of the instant alone, and alike in both directions', () => {
    const id = fc.constantFrom(...NODES);
    const effect = fc.constantFrom<FaultInit>({}, { lossRate: 0.3 }, { capacityBps: 1e6 }, { extraDelayS: 0.1, lossRate: 0.1 });
    const fault = fc.record({ a: id, b: id, whole: fc.boolean(), at: fc.nat(20), for: fc.integer({ min: 1, max: 20 }), effect });
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 6 }), fc.array(fc.nat(45), { minLength: 1, maxLength: 10 }), (list, seconds) => {
        const declared = list.map((each) =>
          each.whole || each.a === each.b ? node(each.a, each.at, each.for, each.effect) : link(each.a, each.b, each.at, each.for, each.effect),
        );
        const [used, fresh] = [faultsOf(declared), faultsOf(declared)];
        for (const second of seconds) used.moveTo(START_MS + second * 1000);
        fresh.moveTo(START_MS + seconds.at(-1)! * 1000);
        const active = list.filter((each) => seconds.at(-1)! >= each.at && seconds.at(-1)! < each.at + each.for);
        for (let p = 0; p < 5; p++) {
          for (let q = 0; q < 5; q++) {
            if (p === q) continue;
            expect(used.effectOn(p, q)).toEqual(fresh.effectOn(p, q));
            expect(used.effectOn(q, p)).toEqual(used.effectOn(p, q));
            const hits = active.filter(({ a, b, whole }) =>
              whole || a === b ? [NODES[p], NODES[q]].includes(a) : [NODES[p], NODES[q]].toSorted().join() === [a, b].toSorted().join(),
            );
            expect(used.effectOn(p, q) === null).toBe(hits.length === 0);
            expect(used.effectOn(p, q)?.down ?? false).toBe(hits.some((each) => Object.keys(each.effect).length === 0));
            const kept = hits.reduce((share, each) => share * (1 - (each.effect.lossRate ?? 0)), 1);
            expect(used.effectOn(p, q)?.lossRate ?? 0).toBeCloseTo(1 - kept, 12);
          }
        }
        expect(used.nodeDown).toEqual(fresh.nodeDown);
        expect(used.none).toBe(list.length === 0);
      }),
    );
  });
});
