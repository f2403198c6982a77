import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkId, type LinkState, LinkTable, type NetworkNode, type TickUpdate } from '@satsim/core';
import { TEST_RUN, testTick, withColumns } from '@satsim/core/testing';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type LinkRow, readTrace } from '../testing/read-trace.js';
import { NetworkIndex } from './network-index.js';
import { NODES, randomTicks } from './random-network.test-helper.js';
import { ROUTES_HEADER } from './route-writer.js';
import { LINKS_HEADER, TraceWriter } from './trace-writer.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-trace-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(ticks: readonly TickUpdate[], nodes: readonly NetworkNode[] = NODES) {
  const network = new NetworkIndex('sim', nodes);
  const writer = new TraceWriter(network, TEST_RUN.t0Ms);
  const chunks = ticks.map((tick) => writer.rows(tick));
  return { network, writer, chunks, text: LINKS_HEADER + Buffer.concat(chunks).toString() };
}
function read(text: string): readonly LinkRow[] {
  const files = { links: join(dir, 'links.trace'), routes: join(dir, 'routes.trace') };
  writeFileSync(files.links, text);
  writeFileSync(files.routes, ROUTES_HEADER);
  return readTrace('sim', files).links;
}
const state = (source: string, target: string, change: Partial<LinkState> = {}): LinkState => ({
  linkId: linkId('isl', source, target),
  source,
  target,
  kind: 'isl',
  up: true,
  oneWayDelayMs: 7.25,
  capacityMbps: 100,
  lossPct: 1.5,
  ...change,
});
const first = (...updates: LinkState[]) => testTick(0, { snapshot: true, updates });

describe('whatever the ticks', () => {
  test('the rows, folded, give the links that the ticks give', () => {
    fc.assert(
      fc.property(randomTicks, (ticks) => {
        const { network, text, writer } = write(ticks);
        const rows = read(text);
        expect(writer.rowCount).toBe(rows.length);
        const table = new LinkTable();
        const folded = new Map<number, LinkRow>();
        let at = 0;
        for (const tick of ticks) {
          table.apply(tick);
          for (; rows[at]?.tick === tick.tickIndex; at += 1) {
            const row = rows[at]!;
            if (row.state === null) folded.delete(row.link);
            else folded.set(row.link, row);
          }
          expect(folded.size).toBe(table.size);
          for (const { linkId: id, up, oneWayDelayMs, capacityMbps, lossPct } of table.values()) {
            const row = folded.get(network.link(id)!)!;
            expect(row.up).toBe(up && Math.round(capacityMbps * 1e6) > 0);
            expect(row.state!.delayS).toBeCloseTo(oneWayDelayMs / 1e3, 8);
            expect(row.state!.rateBps).toBe(Math.round(capacityMbps * 1e6));
            expect(row.state!.loss).toBeCloseTo(lossPct / 100, 8);
          }
        }
        expect(at).toBe(rows.length);
      }),
    );
  });

  test('columns and messages give the same bytes, also when some ticks have columns and some have not', () => {
    fc.assert(
      fc.property(randomTicks, fc.infiniteStream(fc.boolean()), (ticks, choice) => {
        const packed = withColumns(ticks);
        const { text } = write(ticks);
        expect(write(packed).text).toBe(text);
        expect(write(ticks.map((tick, at) => (choice.next().value ? packed[at]! : tick))).text).toBe(text);
      }),
    );
  });

  test('the order of updates changes no byte, and what changes nothing has no row', () => {
    fc.assert(
      fc.property(randomTicks, (ticks) => {
        const { text } = write(ticks);
        expect(write(ticks.map((tick) => ({ ...tick, updates: tick.updates.toReversed() }))).text).toBe(text);
        const twice = ticks.flatMap((tick) => [tick, tick]);
        expect(write(twice).text).toBe(text);
      }),
    );
  });
});

test('of a tick with columns nothing else is touched', () => {
  const [tick] = withColumns([first(state('s0', 's1'))]);
  const untouched = (what: string) => (): never => expect.unreachable(what);
  const columnsOnly = Object.defineProperties(
    { ...tick },
    { columns: { value: tick!.columns }, updates: { get: untouched('updates') }, removals: { get: untouched('removals') } },
  );
  expect(write([columnsOnly as TickUpdate]).writer.rowCount).toBe(1);
});

test('a row is what the README says, byte by byte', () => {
  const { text } = write([
    first(state('s1', 's0'), state('s0', 's1', { oneWayDelayMs: 0, lossPct: 0 }), state('s2', 's3', { up: false, capacityMbps: 1 / 3 })),
    testTick(1, { removals: [linkId('isl', 's2', 's3')], updates: [state('s0', 's1', { capacityMbps: 0 })] }),
    testTick(2, {}),
    testTick(3, { updates: [state('g0', 's2'), state('s2', 's3')] }),
  ]);
  expect(text).toBe(
    [
      '#satsim-links 1 tick,t_s,link,up,delay_s,rate_bps,loss',
      '0,0.000,0,1,0.000000000,100000000,0.000000000',
      '0,0.000,1,1,0.007250000,100000000,0.015000000',
      '0,0.000,2,0,0.007250000,333333,0.015000000',
      '1,1.000,2,0,,,',
      '1,1.000,0,0,0.007250000,0,0.015000000',
      '3,3.000,2,1,0.007250000,100000000,0.015000000',
      '3,3.000,5,1,0.007250000,100000000,0.015000000',
      '',
    ].join('\n'),
  );
});

test('a link with an end that the scenario does not have is an error that names it', () => {
  expect(() => write([first(state('s0', 'nowhere'))])).toThrow("node nowhere is not one of the scenario's 6 nodes");
});
