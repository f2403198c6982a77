import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_RUN, testTick, withColumns } from '@satsim/core/testing';
import { Router } from '@satsim/routing';
import type { TickUpdate } from '@satsim/core';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readTrace } from '../testing/read-trace.js';
import { NetworkIndex } from './network-index.js';
import { NODES, randomTicks } from './random-network.test-helper.js';
import { ROUTES_HEADER, RouteWriter } from './route-writer.js';
import { LINKS_HEADER, TraceWriter } from './trace-writer.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-routes-'));
afterAll(() => rmSync(dir, { recursive: true }));
const ENDS = ['g0', 'g1', 's2', 'g0'];

function write(ticks: readonly TickUpdate[], afterEach: (router: Router, tick: TickUpdate, rows: string) => void = () => {}) {
  const network = new NetworkIndex('sim', NODES);
  const router = new Router(NODES);
  const links = new TraceWriter(network, TEST_RUN.t0Ms);
  const routes = new RouteWriter(network, router, ENDS, TEST_RUN.t0Ms);
  let text = ROUTES_HEADER;
  for (const tick of ticks) {
    router.apply(tick);
    links.rows(tick);
    const rows = Buffer.from(routes.rows(tick)).toString();
    text += rows;
    afterEach(router, tick, rows);
  }
  return { network, routes, text };
}

test('following the rows from hop to hop is the way of the router, at every tick', () => {
  fc.assert(
    fc.property(randomTicks, (ticks) => {
      const hops = new Map<string, string>();
      write(ticks, (router, { tickIndex }, rows) => {
        for (const row of rows.split('\n').slice(0, -1)) {
          const [tick, , node, destination, link] = row.split(',');
          expect(Number(tick)).toBe(tickIndex);
          // Each row says something new.
          expect(hops.get(`${node},${destination}`) ?? '-1').not.toBe(link);
          hops.set(`${node},${destination}`, link!);
        }
        for (const destination of new Set(ENDS)) {
          for (const source of new Set(ENDS)) {
            const way = router.path(source, destination);
            const network = networkOf(ticks);
            const followed = [source];
            while (followed.at(-1) !== destination && followed.length < 10) {
              const link = Number(hops.get(`${network.node(followed.at(-1)!)},${network.node(destination)}`) ?? -1);
              if (link < 0) break;
              const { a, b } = network.pairs[link >> 1]!;
              followed.push(NODES[link % 2 === 0 ? b : a]!.id);
            }
            expect(followed.at(-1) === destination ? followed : null).toEqual(way?.nodes ?? null);
          }
        }
      });
    }),
    { numRuns: 60 },
  );
});

/** Numbers never change, so those of the whole story hold at every tick. */
function networkOf(ticks: readonly TickUpdate[]): NetworkIndex {
  const network = new NetworkIndex('sim', NODES);
  const links = new TraceWriter(network, TEST_RUN.t0Ms);
  for (const tick of ticks) links.rows(tick);
  return network;
}

test('columns and messages give the same bytes, and they are readable', () => {
  fc.assert(
    fc.property(randomTicks, (ticks) => {
      const { text, routes } = write(ticks);
      expect(write(withColumns(ticks)).text).toBe(text);
      const files = { links: join(dir, 'links.trace'), routes: join(dir, 'routes.trace') };
      writeFileSync(files.links, LINKS_HEADER);
      writeFileSync(files.routes, text);
      expect(readTrace('sim', files).routes).toHaveLength(routes.rowCount);
    }),
    { numRuns: 60 },
  );
});

test('a way that is lost is a row with link -1', () => {
  const link = (source: string, target: string) => ({
    linkId: `gsl:${source}>${target}`,
    source,
    target,
    kind: 'gsl' as const,
    up: true,
    oneWayDelayMs: 1,
    capacityMbps: 1,
    lossPct: 0,
  });
  const { text } = write([testTick(0, { snapshot: true, updates: [link('g0', 's2')] }), testTick(1, { removals: ['gsl:g0>s2'] })]);
  expect(text).toBe(`${ROUTES_HEADER}0,0.000,4,2,1\n1,1.000,4,2,-1\n`);
});
