import { createHash } from 'node:crypto';
import { linkId, type LinkKind, type LinkState, LinkTable, type NetworkNode } from '@satsim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Router } from './router.js';

const node = (id: string, relay = true): NetworkNode => ({ id, relay, role: relay ? 'satellite' : 'user_terminal' });
const link = (source: string, target: string, oneWayDelayMs: number, more: Partial<LinkState> = {}, kind: LinkKind = 'isl'): LinkState => ({
  linkId: linkId(kind, source, target),
  source,
  target,
  kind,
  up: true,
  oneWayDelayMs,
  capacityMbps: 100,
  lossPct: 0,
  ...more,
});
const snapshot = (...updates: LinkState[]) => ({ snapshot: true, removals: [], updates });
const delta = (updates: LinkState[], removals: string[] = []) => ({ snapshot: false, removals, updates });
function routed(nodes: string[], ...updates: LinkState[]): Router {
  const router = new Router(nodes.map((id) => node(id)));
  router.apply(snapshot(...updates));
  return router;
}

describe('Router', () => {
  it('takes the way of the lowest delay, and tells its delay, capacity, loss and hash', () => {
    const router = routed(['a', 'b', 'c'], link('a', 'c', 10), link('a', 'b', 3, { capacityMbps: 50, lossPct: 10 }), link('b', 'c', 4, { lossPct: 50 }));
    expect(router.path('a', 'c')).toMatchObject({
      nodes: ['a', 'b', 'c'],
      linkIds: ['isl:a>b', 'isl:b>c'],
      oneWayDelayMs: 7,
      capacityMbps: 50,
      hash: createHash('sha256').update('a>b>c').digest('hex').slice(0, 16),
    });
    expect(router.path('a', 'c')!.lossPct).toBeCloseTo(55, 12);
  });

  it('links are directed', () => {
    const router = routed(['a', 'b'], link('a', 'b', 1));
    expect(router.path('a', 'b')).not.toBeNull();
    expect(router.path('b', 'a')).toBeNull();
  });

  it('a link that is down carries nothing, and does again when it is up', () => {
    const router = routed(['a', 'b', 'c'], link('a', 'c', 1, { up: false }), link('a', 'b', 5), link('b', 'c', 5));
    expect(router.path('a', 'c')!.nodes).toEqual(['a', 'b', 'c']);
    router.apply(delta([link('a', 'c', 1)]));
    expect(router.path('a', 'c')!.nodes).toEqual(['a', 'c']);
    router.apply(delta([], ['isl:a>c', 'isl:b>c']));
    expect(router.path('a', 'c')).toBeNull();
  });

  it('a link without capacity carries nothing, and is told as it is', () => {
    const direct = link('a', 'c', 1, { capacityMbps: 0 });
    const router = routed(['a', 'b', 'c'], direct, link('a', 'b', 5), link('b', 'c', 5));
    expect(router.path('a', 'c')!.nodes).toEqual(['a', 'b', 'c']);
    expect([...router.links()]).toContainEqual(direct);
    router.apply(delta([link('a', 'c', 1, { capacityMbps: 1e-6 })]));
    expect(router.path('a', 'c')!.nodes).toEqual(['a', 'c']);
  });

  it('removals go before updates; a snapshot replaces everything', () => {
    const router = routed(['a', 'b'], link('a', 'b', 1));
    router.apply(delta([link('a', 'b', 2)], ['isl:a>b']));
    expect(router.path('a', 'b')!.oneWayDelayMs).toBe(2);
    router.apply(snapshot(link('b', 'a', 3)));
    expect(router.path('a', 'b')).toBeNull();
    expect(router.path('b', 'a')!.oneWayDelayMs).toBe(3);
  });

  it('a node that does not relay is an end, never a way', () => {
    const router = new Router([node('a', false), node('m', false), node('s'), node('z', false)]);
    router.apply(snapshot(link('a', 'm', 1), link('m', 'z', 1), link('a', 's', 10), link('s', 'z', 10), link('s', 'm', 1)));
    expect(router.path('a', 'z')!.nodes).toEqual(['a', 's', 'z']);
    expect(router.path('a', 'm')!.nodes).toEqual(['a', 'm']);
    expect(router.path('m', 'z')!.nodes).toEqual(['m', 'z']);
  });

  it('a node that nobody announced is reached and does not relay', () => {
    const router = routed(['a', 'b'], link('a', 'x', 1), link('x', 'b', 1));
    expect(router.path('a', 'x')!.nodes).toEqual(['a', 'x']);
    expect(router.path('a', 'b')).toBeNull();
    expect(router.path('a', 'nobody')).toBeNull();
  });

  it('equal delay: fewer hops, even where links have no delay at all', () => {
    const router = routed(['a', 'b', 'c', 'd'], link('a', 'b', 0), link('b', 'c', 0), link('c', 'd', 2), link('a', 'd', 2));
    expect(router.path('a', 'd')!.nodes).toEqual(['a', 'd']);
    expect(router.path('a', 'c')!.nodes).toEqual(['a', 'b', 'c']);
  });

  it('equal delay and hops: the first sequence of node ids', () => {
    const links = [link('a', 'n2', 1), link('n2', 'm1', 1), link('m1', 'z', 1), link('a', 'n10', 1), link('n10', 'm2', 1), link('m2', 'z', 1)];
    const nodes = ['z', 'm2', 'm1', 'n2', 'n10', 'a'];
    for (const [some, order] of [
      [nodes, links],
      [nodes.toReversed(), links.toReversed()],
    ] as const) {
      expect(routed([...some], ...order).path('a', 'z')!.nodes).toEqual(['a', 'n10', 'm2', 'z']);
    }
  });

  it('two links between the same nodes: the faster, then the lower id', () => {
    expect(routed(['a', 'b'], link('a', 'b', 2), link('a', 'b', 1, {}, 'terrestrial')).path('a', 'b')!.linkIds).toEqual(['terrestrial:a>b']);
    expect(routed(['a', 'b'], link('a', 'b', 1, {}, 'terrestrial'), link('a', 'b', 1)).path('a', 'b')!.linkIds).toEqual(['isl:a>b']);
  });

  it('delays are told apart by the nanosecond and no finer', () => {
    expect(routed(['a', 'b', 'z'], link('a', 'z', 1.000001), link('a', 'b', 0.5), link('b', 'z', 0.5)).path('a', 'z')!.nodes).toEqual(['a', 'b', 'z']);
    expect(routed(['a', 'b', 'z'], link('a', 'z', 1.0000004), link('a', 'b', 0.5), link('b', 'z', 0.5)).path('a', 'z')!.nodes).toEqual(['a', 'z']);
  });

  it('from a node to itself: no link, no delay', () => {
    expect(routed(['a', 'b'], link('a', 'b', 1)).path('a', 'a')).toMatchObject({ nodes: ['a'], linkIds: [], oneWayDelayMs: 0, lossPct: 0 });
  });

  it('gives, after any history of ticks, what an exhaustive search over the present links gives', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'B'];
    const anyLink = fc
      .record({
        source: fc.constantFrom(...names, 'unknown'),
        target: fc.constantFrom(...names),
        delay: fc.constantFrom(0, 0, 1, 1, 2, 2.0000001, 3),
        up: fc.nat(4).map((value) => value > 0),
        capacityMbps: fc.nat(4),
        terrestrial: fc.boolean(),
      })
      .filter(({ source, target }) => source !== target)
      .map(({ source, target, delay, up, capacityMbps, terrestrial }) =>
        link(source, target, delay, { up, capacityMbps }, terrestrial ? 'terrestrial' : 'isl'),
      );
    const anyTick = fc.record({
      snapshot: fc.nat(5).map((value) => value === 0),
      removals: fc.array(
        anyLink.map((state) => state.linkId),
        { maxLength: 3 },
      ),
      updates: fc.array(anyLink, { maxLength: 14 }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }),
        fc.array(anyTick, { minLength: 1, maxLength: 4 }),
        (relay, ticks) => {
          const nodes = names.map((id, index) => node(id, relay[index]));
          const router = new Router(nodes);
          const table = new LinkTable();
          for (const tick of ticks) {
            router.apply(tick);
            table.apply(tick);
            expect(new Set(router.links())).toEqual(new Set(table.values()));
            for (const from of names) {
              for (const to of names) expect(router.path(from, to)?.linkIds ?? null).toEqual(exhaustive(nodes, [...table.values()], from, to));
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** All ways without a loop, and the first of them by delay, hops, node ids, link ids. Shares nothing with the router. */
function exhaustive(nodes: readonly NetworkNode[], links: readonly LinkState[], from: string, to: string): string[] | null {
  const relays = new Set(nodes.filter(({ relay }) => relay).map(({ id }) => id));
  const found: LinkState[][] = [];
  const go = (at: string, way: LinkState[]) => {
    if (at === to) return void found.push(way);
    if (way.length > 0 && !relays.has(at)) return;
    for (const next of links) {
      if (next.up && next.capacityMbps > 0 && next.source === at && next.target !== from && !way.some((before) => before.target === next.target))
        go(next.target, [...way, next]);
    }
  };
  go(from, []);
  const nanoseconds = (way: LinkState[]) => way.reduce((sum, { oneWayDelayMs }) => sum + Math.round(oneWayDelayMs * 1e6), 0);
  const compareTexts = (a: string[], b: string[]): number => {
    const index = a.findIndex((text, i) => text !== b[i]);
    return index < 0 ? 0 : a[index] < b[index] ? -1 : 1;
  };
  found.sort(
    (a, b) =>
      nanoseconds(a) - nanoseconds(b) ||
      a.length - b.length ||
      compareTexts(
        a.map(({ target }) => target),
        b.map(({ target }) => target),
      ) ||
      compareTexts(
        a.map(({ linkId: id }) => id),
        b.map(({ linkId: id }) => id),
      ),
  );
  return found[0]?.map(({ linkId: id }) => id) ?? null;
}
