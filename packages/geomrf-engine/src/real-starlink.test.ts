import { readFileSync } from 'node:fs';
import { parseElements } from '@satsim/elements';
import { LinkType } from '@satsim/geomrf-proto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, it } from 'vitest';
import { LIGHT_KM_PER_S } from './geometry/line-of-sight.js';
import { compileScenario } from './scenario/compiled.js';
import type { CompiledScenario } from './scenario/compiled.js';
import { satelliteWarnings } from './scenario/warnings.js';
import { FoldedLinks } from './testing/folded-links.test-helper.js';
import type { FoldedLink } from './testing/folded-links.test-helper.js';
import { ALL_LINKS, CITIES, ground, satellite, sharedData, skipWithoutSharedData, specOf } from './testing/specs.test-helper.js';

const START_MS = Date.parse('2024-10-21T12:00:00Z');

type Edges = Map<number, { readonly to: number; readonly delayS: number }[]>;

function edgesOf({ rows }: FoldedLinks, take: (link: FoldedLink) => boolean): Edges {
  const edges: Edges = new Map();
  for (const link of rows) {
    if (link.up === 0 || !take(link)) continue;
    const from = edges.get(link.source) ?? [];
    edges.set(link.source, from);
    from.push({ to: link.target, delayS: link.delayS });
  }
  return edges;
}

/** Dijkstra over satellites; one way, seconds. Ground nodes are ends only. */
function delayBetween(edges: Edges, satellites: number, from: number, to: number): number {
  const best = new Map([[from, 0]]);
  const open = new Map([[from, 0]]);
  while (open.size > 0) {
    const [node, delay] = [...open].reduce((least, each) => (each[1] < least[1] ? each : least));
    if (node === to) return delay;
    open.delete(node);
    if (node >= satellites && node !== from) continue;
    for (const edge of edges.get(node) ?? []) {
      const reached = delay + edge.delayS;
      if (reached >= (best.get(edge.to) ?? Infinity)) continue;
      best.set(edge.to, reached);
      open.set(edge.to, reached);
    }
  }
  return Infinity;
}

function greatCircleRttS([, la1, lo1]: (typeof CITIES)[number], [, la2, lo2]: (typeof CITIES)[number]): number {
  const [p, q, d] = [la1, la2, lo2 - lo1].map((deg) => (deg * Math.PI) / 180);
  return (2 * 6371.0088 * Math.acos(Math.sin(p) * Math.sin(q) + Math.cos(p) * Math.cos(q) * Math.cos(d))) / LIGHT_KM_PER_S;
}

describe.skipIf(skipWithoutSharedData)('+Grid of 6,469 real Starlink satellites', () => {
  let compiled: CompiledScenario;
  beforeAll(() => {
    const { elements } = parseElements(readFileSync(sharedData('starlink-2024-10-21.tle')), 'starlink.tle');
    const nodes = [...elements.map((set) => satellite(`S${set.noradCatId}`, set)), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
    compiled = compileScenario(specOf(nodes, { tStart: timestampFromMs(START_MS), tEnd: timestampFromMs(START_MS + 86_400_000) }));
  });

  it('names the satellite that has decayed', () => {
    expect(compiled.propagator.size).toBe(6469);
    expect(satelliteWarnings(compiled)).toEqual(['1 satellite has decayed before the start, its links stay down: S48118']);
  });

  it('connects all but a few in one piece, with four links at most each', () => {
    const model = new FoldedLinks(compiled, ALL_LINKS, { dtMs: 60_000 });
    model.moveTo(START_MS);
    const edges = edgesOf(model, ({ type }) => type === LinkType.ISL);
    for (const neighbours of edges.values()) expect(neighbours.length).toBeLessThanOrEqual(4);
    const reached = new Set([0]);
    for (const node of reached) for (const { to } of edges.get(node) ?? []) reached.add(to);
    expect(reached.size).toBeGreaterThan(6450);
  });

  it(
    'reaches Delhi from Tokyo and New York from London at every tick, in 1.0 to 2.5 times the great circle at c, with one antenna',
    { timeout: 60_000 },
    () => {
      const model = new FoldedLinks(compiled, ALL_LINKS, { dtMs: 60_000 });
      const find = (id: string): number => CITIES.findIndex(([each]) => each === id);
      for (let k = 0; k < 20; k++) {
        model.moveTo(START_MS + k * 60_000);
        const edges = edgesOf(model, () => true);
        for (const [a, b] of [
          ['tokyo', 'delhi'],
          ['london', 'new-york'],
        ]) {
          const [p, q] = [find(a), find(b)];
          const ratio = (2 * delayBetween(edges, 6469, 6469 + p, 6469 + q)) / greatCircleRttS(CITIES[p], CITIES[q]);
          expect(ratio).toBeGreaterThan(1);
          expect(ratio).toBeLessThan(2.5);
        }
      }
    },
  );
});
