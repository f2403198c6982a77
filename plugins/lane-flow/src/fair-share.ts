import type { LinkId, LinkState } from '@satsim/core';

export interface Demand {
  /** Links from source to destination. */
  readonly links: readonly LinkState[];
  /** Mbit/s; infinite for a flow that takes what it gets. */
  readonly demandMbps: number;
}

export interface Share {
  /** Mbit/s; infinite only for a flow without links and without limit. */
  readonly rateMbps: number;
  /** The link that keeps the flow from more; null when it has all it asked for. */
  readonly bottleneck: LinkId | null;
}

interface LinkLoad {
  readonly id: LinkId;
  /** Mbit/s that flows with a final rate leave. */
  left: number;
  /** Flows whose rate still grows. */
  growing: number;
}

/**
 * Max-min fair rates on directed links by progressive filling (Bertsekas & Gallager, Data Networks, 2nd ed., 6.5.2): the
 * rates of all flows grow together; a flow stops at its demand, or with all others of a link when that link is full. Of
 * several links that fill up at once the first on the flow's way is its bottleneck.
 * @throws RangeError when a capacity or demand is NaN, which no filling would ever reach
 */
export function maxMinFair(demands: readonly Demand[]): Share[] {
  const loads = new Map<LinkId, LinkLoad>();
  const growing = new Set<{ readonly index: number; readonly demandMbps: number; readonly loads: readonly LinkLoad[] }>();
  demands.forEach(({ links, demandMbps }, index) => {
    const own = links.map((link) => {
      let load = loads.get(link.linkId);
      if (!load) loads.set(link.linkId, (load = { id: link.linkId, left: link.capacityMbps, growing: 0 }));
      load.growing++;
      return load;
    });
    growing.add({ index, demandMbps, loads: own });
  });

  const shares: Share[] = Array.from({ length: demands.length });
  const level = (load: LinkLoad) => Math.max(load.left, 0) / load.growing;
  while (growing.size > 0) {
    let fill = Number.POSITIVE_INFINITY;
    for (const flow of growing) fill = Math.min(fill, flow.demandMbps);
    for (const load of loads.values()) if (load.growing > 0) fill = Math.min(fill, level(load));
    if (Number.isNaN(fill)) throw new RangeError('a capacity or a demand is not a number');
    // Which links are full is settled before any flow leaves them, or rounding could decide.
    const full = new Set([...loads.values()].filter((load) => load.growing > 0 && level(load) === fill));
    for (const flow of growing) {
      const bottleneck = flow.demandMbps === fill ? undefined : flow.loads.find((load) => full.has(load));
      if (flow.demandMbps !== fill && !bottleneck) continue;
      shares[flow.index] = { rateMbps: fill, bottleneck: bottleneck?.id ?? null };
      growing.delete(flow);
      for (const load of flow.loads) {
        load.left -= fill;
        load.growing--;
      }
    }
  }
  return shares;
}
