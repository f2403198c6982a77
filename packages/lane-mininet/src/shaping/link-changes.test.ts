import type { TickUpdate } from '@satsim/core';
import { TEST_LINKS, TEST_NODES, testLink, testTick } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import { type CommandsByNode, LinkShaping } from './link-changes.js';
import { shapingOptions } from './shaping.js';

/** Ticks in turn: what the last of them asks for, each line with its interface's link, as `sat-1>sat-2 change …`. */
function lastOf(ticks: readonly TickUpdate[], down: 'carrier' | 'drop' = 'carrier') {
  const { topo, shaping: config } = configSchema.parse({ shaping: { down } });
  const plan = new NetworkPlan(TEST_NODES, topo, 'test');
  const shaping = new LinkShaping(plan, shapingOptions(config), down);
  const all = ticks.map((tick) => shaping.next(tick));
  const changes = all.at(-1)!;
  const names = new Map(
    [...plan.links()].flatMap(({ a, b }) => [[a.interface, `${a.node.id}>${b.node.id}`] as const, [b.interface, `${b.node.id}>${a.node.id}`] as const]),
  );
  const told = (commands: CommandsByNode): string[] =>
    [...commands.values()].flatMap((list) => list.map(({ line }) => [...names].reduce((text, [device, name]) => text.replace(device, name), line)));
  return { changes, told, shaping };
}
const ALL = testTick(0, { snapshot: true, updates: TEST_LINKS });
const [THERE, BACK] = [testLink('sat-1', 'sat-2'), testLink('sat-2', 'sat-1')];

describe('what a tick asks for', () => {
  test('a pair is built when a tick first names it, once', () => {
    expect(lastOf([ALL]).changes.build).toHaveLength(3);
    expect(lastOf([ALL, testTick(1, { removals: [THERE.linkId] }), testTick(2, { updates: [THERE] })]).changes.build).toEqual([]);
  });

  test('nothing, when it says what is there', () => {
    const { changes, told } = lastOf([ALL, testTick(1, { updates: TEST_LINKS })]);
    expect([changes.changed, told(changes.up), told(changes.shape), told(changes.cut), told(changes.down)]).toEqual([[], [], [], [], []]);
  });

  test('a link in removals and updates is changed, not cut', () => {
    const { changes, told } = lastOf([ALL, testTick(1, { removals: [THERE.linkId], updates: [{ ...THERE, oneWayDelayMs: 9 }] })]);
    expect(told(changes.shape)).toEqual([
      expect.stringMatching(/^qdisc change dev sat-1>sat-2 root handle 1: netem limit \d+ delay 9000us loss 1.5% rate 100000000bit$/),
    ]);
    expect([told(changes.cut), told(changes.down)]).toEqual([[], []]);
    expect(changes.changed).toEqual([{ linkId: THERE.linkId, removed: false, shape: expect.objectContaining({ delayUs: 9000 }) as object }]);
  });

  test('one direction alone that is down is cut, after the routes; the pair keeps its carrier', () => {
    const { changes, told } = lastOf([ALL, testTick(1, { updates: [{ ...THERE, up: false }] })]);
    expect(told(changes.cut)).toEqual([expect.stringContaining('dev sat-1>sat-2 root handle 1: netem limit 0 ')]);
    expect([told(changes.shape), told(changes.down)]).toEqual([[], []]);
    expect(changes.changed).toMatchObject([{ linkId: THERE.linkId, removed: false, shape: { drop: true } }]);
  });

  test('one without capacity is cut, and the pair keeps its carrier: it is up, and routes over it stay', () => {
    const none = [THERE, BACK].map((link) => ({ ...link, capacityMbps: 0 }));
    const cut = lastOf([ALL, testTick(1, { updates: none })]);
    expect(cut.told(cut.changes.cut)).toHaveLength(2);
    expect(cut.told(cut.changes.down)).toEqual([]);
    expect([...cut.shaping.requested()].map(({ carrier }) => carrier)).not.toContain(false);
    const back = lastOf([ALL, testTick(1, { updates: none }), testTick(2, { updates: [THERE, BACK] })]);
    expect(back.told(back.changes.shape)).toHaveLength(2);
    expect(back.told(back.changes.up)).toEqual([]);
  });

  test('a pair of which neither direction is up loses its carrier by one end, and gets it back with its neighbours', () => {
    const down = testTick(1, { removals: [THERE.linkId], updates: [{ ...BACK, up: false }] });
    const lost = lastOf([ALL, down]);
    expect(lost.told(lost.changes.down)).toEqual(['link set dev sat-1>sat-2 down']);
    expect(lost.changes.changed.map(({ linkId: id, removed }) => [id, removed])).toEqual([
      [THERE.linkId, true],
      [BACK.linkId, false],
    ]);
    const back = lastOf([ALL, down, testTick(2, { updates: [BACK] })]);
    expect(back.told(back.changes.up)[0]).toMatch(/^link set dev sat-1>sat-2 up/);
    expect(back.told(back.changes.up).slice(1)).toEqual([expect.stringMatching(/^neigh replace /), expect.stringMatching(/^neigh replace /)]);
    expect(back.told(back.changes.shape)).toEqual([expect.stringContaining('dev sat-2>sat-1 ')]);
  });

  test('a pair that is down when it is first named has one end up, and waits for the other', () => {
    const { changes, told, shaping } = lastOf([testTick(0, { snapshot: true, updates: [THERE, BACK].map((link) => ({ ...link, up: false })) })]);
    expect(told(changes.up).filter((line) => line.startsWith('link set'))).toEqual([expect.stringMatching(/^link set dev sat-2>sat-1 up/)]);
    expect([...shaping.requested()].map(({ carrier }) => carrier)).toEqual([false, false]);
  });

  test('with down: drop the carrier stays', () => {
    const { changes, told } = lastOf([ALL, testTick(1, { removals: [THERE.linkId, BACK.linkId] })], 'drop');
    expect(told(changes.down)).toEqual([]);
    expect(told(changes.cut)).toHaveLength(2);
  });

  test('a snapshot cuts what it does not name', () => {
    const { changes } = lastOf([ALL, testTick(1, { snapshot: true, updates: [THERE, BACK] })]);
    expect(changes.changed.every(({ removed }) => removed)).toBe(true);
    expect(new Set(changes.changed.map(({ linkId }) => linkId))).toEqual(new Set(['gsl:gnd-1>sat-1', 'gsl:sat-1>gnd-1', 'isl:sat-2>sat-3', 'isl:sat-3>sat-2']));
  });

  test('each line is about a link and a tick', () => {
    const { changes } = lastOf([ALL, testTick(7, { updates: [{ ...THERE, oneWayDelayMs: 1 }] })]);
    expect([...changes.shape.values()].flat().map(({ about }) => about)).toEqual(['isl:sat-1>sat-2 at tick 7']);
  });

  test('what is requested of the kernel is there for every interface, down or up', () => {
    const { shaping } = lastOf([ALL, testTick(1, { removals: [THERE.linkId, BACK.linkId] })]);
    const requested = [...shaping.requested()].map(({ linkId: id, carrier, shape }) => [id, carrier, shape.drop]);
    expect(requested).toHaveLength(6);
    expect(requested.filter(([, carrier]) => carrier === false)).toEqual([
      [THERE.linkId, false, true],
      [BACK.linkId, false, true],
    ]);
  });
});
