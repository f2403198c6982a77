import { expect, test } from 'vitest';
import type { LinkState, TickUpdate } from '@satsim/core';
import { Packer } from '../pack/packer.js';
import { unpack } from '../pack/unpack.js';
import { ContactCollector } from './contacts.js';
import { Names } from './names.js';

const link = (source: string, target: string, up = true, capacityMbps = 10): LinkState => ({
  linkId: `gsl:${source}>${target}`,
  source,
  target,
  kind: 'gsl',
  up,
  capacityMbps,
  oneWayDelayMs: 3,
  lossPct: 0,
});
const tick = (tickIndex: number, updates: LinkState[], removals: string[] = [], snapshot = tickIndex === 0): TickUpdate => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: tickIndex * 1000,
  snapshot,
  removals,
  updates,
  stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 0 },
});

function collect(ticks: readonly TickUpdate[], total: number, modcods: [tick: number, linkId: string, from: string, to: string][] = []) {
  const collector = new ContactCollector(new Names(['oslo', 'S1', 'S2']), (node) => node === 0);
  for (const each of ticks) collector.add(each);
  collector.end(total);
  for (const [tickIndex, linkId, from, to] of modcods) collector.addModcod({ tickIndex, linkId, attributes: { from, to } });
  const packer = new Packer();
  const data = collector.pack(packer);
  const read = (column: Parameters<typeof unpack>[1]): number[] => [...unpack(packer.bytes(), column)];
  const pairs = read(data.a).map((a, i) => `${a}-${read(data.b)[i]}`);
  const [first, length] = [read(data.first), read(data.length)];
  return {
    spans: read(data.pair).map((pair, i) => [pairs[pair], first[i], length[i]]),
    radio: read(data.radio.span).map((span, i) => [
      span,
      read(data.radio.tick)[i],
      read(data.radio.capacityMbps)[i],
      data.modcods[read(data.radio.modcod)[i]!] ?? null,
    ]),
  };
}

test('a contact lasts while either direction is up; down, removed, and the end of the run end it', () => {
  const { spans } = collect(
    [tick(0, [link('S1', 'oslo'), link('oslo', 'S1')]), tick(2, [link('S1', 'oslo', false), link('S2', 'oslo')]), tick(5, [], ['gsl:oslo>S1'])],
    9,
  );
  expect(spans).toEqual([
    ['1-0', 0, 5],
    ['2-0', 2, 7],
  ]);
});

test('a snapshot in between ends what it does not have, and nothing else', () => {
  const { spans } = collect([tick(0, [link('S1', 'oslo'), link('S2', 'oslo')]), tick(4, [link('S1', 'oslo')], [], true)], 6);
  expect(spans).toEqual([
    ['1-0', 0, 6],
    ['2-0', 0, 4],
  ]);
});

test('capacity is told when it changes, MODCODs as events say them, the first by what it changed from', () => {
  const { radio } = collect([tick(0, [link('S1', 'oslo')]), tick(1, [link('S1', 'oslo', true, 10.001)]), tick(3, [link('S1', 'oslo', true, 20)])], 6, [
    [3, 'gsl:S1>oslo', 'QPSK', '8PSK'],
    [5, 'gsl:S1>oslo', '8PSK', 'QPSK'],
    [5, 'gsl:oslo>S1', '8PSK', 'another direction'],
  ]);
  expect(radio).toEqual([
    [0, 0, 10, 'QPSK'],
    [0, 3, 20, '8PSK'],
    [0, 5, 20, 'QPSK'],
  ]);
});

test('a budget in the ticks says MODCOD itself', () => {
  const rf = { elevationDeg: 30, azimuthDeg: 1, slantRangeKm: 900, snrDb: 1, marginDb: 1, modcod: '16APSK' };
  expect(collect([tick(0, [{ ...link('S1', 'oslo'), rf }])], 2).radio).toEqual([[0, 0, 10, '16APSK']]);
});
