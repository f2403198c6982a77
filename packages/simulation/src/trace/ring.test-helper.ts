import { linkId, type NetworkNode, type TickUpdate } from '@satsim/core';
import { testTick } from '@satsim/core/testing';

/** Ticks in columns over a ring of `pairs` duplex links, of which every tick changes a share. */
export function ring(pairs: number, count: number, share: number): { nodes: NetworkNode[]; ticks: () => Iterable<TickUpdate> } {
  const nodes = Array.from({ length: pairs }, (_, i): NetworkNode => ({ id: `n${i}`, role: 'satellite', relay: true }));
  const links = nodes.flatMap(({ id }, i) => {
    const next = nodes[(i + 1) % pairs]!.id;
    return [
      [id, next],
      [next, id],
    ].map(([source, target]) => ({ linkId: linkId('isl', source!, target!), source: source!, target: target!, kind: 'isl' as const }));
  });
  const ticks = function* (): Iterable<TickUpdate> {
    for (let k = 0; k < count; k++) {
      const n = k === 0 ? links.length : Math.round(links.length * share);
      const link = Int32Array.from({ length: n }, (_, i) => (k === 0 ? i : (i * 7 + k * 131) % links.length));
      const columns = {
        links,
        removals: new Int32Array(0),
        link,
        up: new Uint8Array(n).fill(1),
        oneWayDelayMs: Float64Array.from(link, (number) => 5 + ((number * 31 + k * 17) % 1_000) / 997),
        capacityMbps: new Float64Array(n).fill(1_000),
        lossPct: new Float64Array(n),
      };
      yield Object.defineProperty({ ...testTick(k, { snapshot: k === 0 }) }, 'columns', { value: columns });
    }
  };
  return { nodes, ticks };
}
