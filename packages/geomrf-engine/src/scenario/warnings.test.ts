import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { NodeSpec } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { START_MS, shell, specOf } from '../testing/specs.test-helper.js';
import { compileScenario } from './compiled.js';
import { satelliteWarnings } from './warnings.js';

/** Satellites whose elements are changed one by one. */
function fleet(change: (elements: Extract<NodeSpec['position'], { case: 'elements' }>['value'], i: number) => void): NodeSpec[] {
  const nodes = shell({ planes: 1, perPlane: 15, altitudeKm: 300 });
  nodes.forEach(({ position }, i) => {
    if (position.case === 'elements') change(position.value, i);
  });
  return nodes;
}
const warningsOf = (nodes: NodeSpec[], days = 1): readonly string[] =>
  satelliteWarnings(compileScenario(specOf(nodes, { tEnd: timestampFromMs(START_MS + days * 86_400_000) })));

describe('warnings about satellites', () => {
  it('are none for satellites in order', () => {
    expect(warningsOf(fleet(() => undefined))).toEqual([]);
  });

  it('name three that have decayed in one line, and count the others', () => {
    const [decayed, ...rest] = warningsOf(fleet((elements) => (elements.meanMotion = 17.3)));
    expect(decayed).toBe('15 satellites have decayed before the start, their links stay down: W-1-1, W-1-2, W-1-3 and 12 more');
    expect(rest).toEqual([]);
  });

  it('tell those that decay during the scenario from those that have, and one from several', () => {
    const nodes = fleet((elements, i) => {
      if (i === 4) elements.meanMotion = 17.3;
      if (i > 12) elements.bstar = 0.02;
    });
    expect(warningsOf(nodes, 30)).toEqual([
      '1 satellite has decayed before the start, its links stay down: W-1-5',
      '2 satellites decay before the end, their links go down then: W-1-14, W-1-15',
    ]);
    expect(warningsOf(nodes, 0.1)).toEqual(['1 satellite has decayed before the start, its links stay down: W-1-5']);
  });

  it('say why another one has no position, and how old old elements are', () => {
    const nodes = fleet((elements, i) => {
      if (i === 0) elements.epoch!.seconds -= 86_400n * 20n;
      if (i === 1) elements.eccentricity = 0.9999;
    });
    expect(warningsOf(nodes)).toEqual([
      expect.stringMatching(/^1 satellite has no position at the start \(.+\), its links stay down: W-1-2$/),
      '1 of 15 element sets are more than 14 days away from the start (W-1-1: 20.0 days); SGP4 loses about 1 to 3 km a day',
    ]);
  });
});
