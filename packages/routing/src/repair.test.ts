import { type LinkIdentity, linkId, type LinkKind, type LinkState, LinkTable, type NetworkNode, type TickColumns } from '@satsim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoutedTick } from './link-graph.js';
import { Router } from './router.js';

const RELAYS = Array.from({ length: 24 }, (_, i) => `S-${(i * 7) % 24}`);
const ENDS = ['city', 'ship', 'Z'];
/** Of this one nobody told before a link names it. */
const LATECOMER = 'balloon';
const NODES: readonly NetworkNode[] = [...ENDS, ...RELAYS].map((id) => ({ id, role: 'satellite', relay: RELAYS.includes(id) }));
const ALL = [...RELAYS, ...ENDS, LATECOMER];

/** Milliseconds: many ties, nothing at all, finer than a nanosecond, and longer than the rings of the queue. */
const DELAYS = [0, 1, 1, 2, 2, 3, 3.0000004, 3.000001, 7, 20, 400, 1_500];

const anyState = fc
  .record({
    source: fc.nat(ALL.length - 1),
    step: fc.integer({ min: 1, max: 5 }),
    delay: fc.constantFrom(...DELAYS),
    up: fc.nat(6),
    capacityMbps: fc.nat(9),
    kind: fc.nat(9),
  })
  .map(({ source: index, step, delay, up, capacityMbps, kind: number }): LinkState => {
    const source = ALL[index];
    const target = ALL[(index + step) % ALL.length];
    const kind: LinkKind = number === 0 ? 'terrestrial' : 'isl';
    return { linkId: linkId(kind, source, target), source, target, kind, up: up > 0, oneWayDelayMs: delay, capacityMbps, lossPct: 1 };
  });
const anyTick = fc.record({
  snapshot: fc.nat(7).map((value) => value === 0),
  removals: fc.array(
    anyState.map((state) => state.linkId),
    { maxLength: 12 },
  ),
  updates: fc.array(anyState, { maxLength: 12 }),
});
/** A full network first, so that later ticks change a part of it. */
const anyStream = fc
  .tuple(fc.array(anyState, { minLength: 60, maxLength: 120 }), fc.array(anyTick, { minLength: 3, maxLength: 8 }))
  .map(([updates, ticks]) => [{ snapshot: true, removals: [], updates }, ...ticks]);

/** Packs ticks as a stream does: numbers are given once, in the order in which links appear. */
class Packer {
  readonly #links: LinkIdentity[] = [];
  readonly #numbers = new Map<string, number>();

  pack(tick: RoutedTick): RoutedTick {
    const columns: TickColumns = {
      links: this.#links,
      link: Int32Array.from(tick.updates, (state) => this.#number(state)),
      removals: Int32Array.from(tick.removals.flatMap((id) => this.#numbers.get(id) ?? [])),
      up: Uint8Array.from(tick.updates, ({ up }) => (up ? 1 : 0)),
      oneWayDelayMs: Float64Array.from(tick.updates, (state) => state.oneWayDelayMs),
      capacityMbps: Float64Array.from(tick.updates, (state) => state.capacityMbps),
      lossPct: Float64Array.from(tick.updates, (state) => state.lossPct),
    };
    const unread = (): never => {
      throw new Error('objects were made of a tick that has columns');
    };
    return Object.defineProperties({ snapshot: tick.snapshot, columns } as RoutedTick, { removals: { get: unread }, updates: { get: unread } });
  }

  #number({ linkId: id, source, target, kind }: LinkState): number {
    let number = this.#numbers.get(id);
    if (number === undefined) this.#numbers.set(id, (number = this.#links.push({ linkId: id, source, target, kind }) - 1));
    return number;
  }
}

/** Dijkstra's algorithm as in the textbook, with (nanoseconds, hops) compared as pairs; shares nothing with the router. @returns next link by node */
function reference(states: readonly LinkState[], destination: string): Map<string, string> {
  const up = states.filter((state) => state.up && state.capacityMbps > 0);
  const relays = new Set(RELAYS);
  const nanoseconds = (state: LinkState) => Math.round(state.oneWayDelayMs * 1e6);
  const best = new Map<string, readonly [number, number]>([[destination, [0, 0]]]);
  const done = new Set<string>();
  const less = (a: readonly [number, number], b: readonly [number, number] | undefined) => !b || a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
  for (;;) {
    const open = [...best.keys()].filter((node) => !done.has(node));
    if (open.length === 0) break;
    const node = open.reduce((first, other) => (less(best.get(other)!, best.get(first)) ? other : first));
    done.add(node);
    if (node !== destination && !relays.has(node)) continue;
    const [delay, hops] = best.get(node)!;
    for (const state of up.filter(({ target }) => target === node)) {
      const offer = [delay + nanoseconds(state), hops + 1] as const;
      if (less(offer, best.get(state.source))) best.set(state.source, offer);
    }
  }
  const next = new Map<string, string>();
  for (const node of best.keys()) {
    if (node === destination) continue;
    const [delay, hops] = best.get(node)!;
    const leading = up.filter((state) => {
      const beyond = best.get(state.target);
      if (state.source !== node || !beyond || (state.target !== destination && !relays.has(state.target))) return false;
      return beyond[0] + nanoseconds(state) === delay && beyond[1] + 1 === hops;
    });
    const order = (state: LinkState): readonly [string, string] => [state.target, state.linkId];
    leading.sort((a, b) => (order(a)[0] === order(b)[0] ? (a.linkId < b.linkId ? -1 : 1) : a.target < b.target ? -1 : 1));
    next.set(node, leading[0].linkId);
  }
  return next;
}

/** Next link of every node to every destination asked for. */
const table = (router: Router, destinations: readonly string[]) =>
  destinations.map(
    (to) => new Map(ALL.flatMap((from) => router.nextHop(from, to)?.linkId ?? []).map((id) => [id.slice(id.indexOf(':') + 1, id.indexOf('>')), id])),
  );

describe('a router that follows the ticks', () => {
  it('tells what one tells that begins anew, and what a textbook search finds, however long nobody asked', () => {
    fc.assert(
      fc.property(anyStream, fc.infiniteStream(fc.subarray(ALL)), (ticks, questions) => {
        const follower = new Router(NODES);
        const links = new LinkTable();
        ticks.forEach((tick, k) => {
          follower.apply(tick);
          links.apply(tick);
          const asked: string[] = k === ticks.length - 1 ? ALL : questions.next().value;
          const fresh = new Router(NODES);
          fresh.apply({ snapshot: true, removals: [], updates: [...links.values()] });
          const told = table(follower, asked);
          expect(told).toEqual(table(fresh, asked));
          expect(told).toEqual(asked.map((to) => reference([...links.values()], to)));
        });
      }),
      { numRuns: 80 },
    );
  });

  it('tells the same of columns, of messages, and of both by turns', () => {
    fc.assert(
      fc.property(anyStream, fc.infiniteStream(fc.boolean()), (ticks, packs) => {
        const [byMessage, byColumn, mixed] = [new Router(NODES), new Router(NODES), new Router(NODES)];
        const [packer, mixedPacker] = [new Packer(), new Packer()];
        const byId = (router: Router) => new Map([...router.links()].map((state) => [state.linkId, state]));
        for (const tick of ticks) {
          byMessage.apply(tick);
          byColumn.apply(packer.pack(tick));
          const packed = mixedPacker.pack(tick);
          mixed.apply(packs.next().value ? packed : tick);
          for (const other of [byColumn, mixed]) {
            expect(byId(other)).toEqual(byId(byMessage));
            for (const to of ENDS) {
              const paths = (router: Router) => ALL.map((from) => router.path(from, to));
              expect(paths(other)).toEqual(paths(byMessage));
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('next hops that are followed', () => {
  it('are those of nextHop, and each is told when it is another one', () => {
    const [announced, ends] = [NODES.map(({ id }) => id), ['Z', 'S-3', 'city']];
    fc.assert(
      fc.property(anyStream, (ticks) => {
        const router = new Router(NODES);
        const followed = router.follow(announced, ends);
        const told = new Map<string, LinkIdentity | null>();
        for (const tick of ticks) {
          router.apply(tick);
          followed.changes((node, destination, hop) => {
            const key = `${announced[node]} to ${ends[destination]}`;
            expect(hop, key).not.toBe(told.get(key) ?? null);
            told.set(key, hop);
          });
          for (const end of ends) for (const id of announced) expect(told.get(`${id} to ${end}`) ?? null).toBe(router.nextHop(id, end));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are of nodes that were announced', () => {
    expect(() => new Router(NODES).follow(['S-1'], [LATECOMER])).toThrow('there is no node balloon');
  });
});

describe('next hop', () => {
  const state = (source: string, target: string, oneWayDelayMs: number): LinkState => ({
    linkId: linkId('isl', source, target),
    source,
    target,
    kind: 'isl',
    up: true,
    oneWayDelayMs,
    capacityMbps: 10,
    lossPct: 0,
  });
  const delta = (...updates: LinkState[]): RoutedTick => ({ snapshot: false, removals: [], updates });

  it('is the same object while the route stays the same, whatever its delay', () => {
    const router = new Router(NODES);
    router.apply(delta(state('S-1', 'S-2', 1), state('S-2', 'S-3', 1), state('S-1', 'S-3', 5)));
    const before = router.nextHop('S-1', 'S-3');
    expect(before).toEqual({ linkId: 'isl:S-1>S-2', source: 'S-1', target: 'S-2', kind: 'isl' });
    router.apply(delta(state('S-1', 'S-2', 2)));
    expect(router.nextHop('S-1', 'S-3')).toBe(before);
    router.apply(delta(state('S-1', 'S-2', 9)));
    expect(router.nextHop('S-1', 'S-3')!.linkId).toBe('isl:S-1>S-3');
  });

  it('is null without a way, for a node that is there already, and for one that nobody knows', () => {
    const router = new Router(NODES);
    router.apply(delta(state('S-1', 'S-2', 1)));
    expect([router.nextHop('S-2', 'S-1'), router.nextHop('S-1', 'S-1'), router.nextHop('S-1', 'nobody'), router.nextHop('nobody', 'S-1')]).toEqual(
      Array(4).fill(null),
    );
  });
});
