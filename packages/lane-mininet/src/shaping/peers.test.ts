// Defects that were found in others that shape links at run time, each as a test of its own, by the lines that tc gets. In a
// real kernel they are tests/real/mininet-netem.test.ts.
import { TEST_LINKS, TEST_NODES, testLink, testTick } from '@satsim/core/testing';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import { LinkShaping } from './link-changes.js';
import { burstBytes } from './queue.js';
import { changeLines, createLines, shapeOf, type ShapingOptions, shapingOptions } from './shaping.js';

const optionsOf = (shaping: object): ShapingOptions => shapingOptions(configSchema.parse({ shaping }).shaping);
const RATES = ['netem', 'htb', 'tbf'] as const;
const before = testLink('sat-1', 'sat-2', { oneWayDelayMs: 20, capacityMbps: 10, lossPct: 2.5 });

describe.each(RATES)('shaping by %s', (rate) => {
  const options = optionsOf({ rate });
  const change = (to: object): readonly string[] => changeLines('x', shapeOf(before, options), shapeOf({ ...before, ...to }, options), options);
  const netemOf = (lines: readonly string[]): string => lines.find((line) => line.includes('netem')) ?? '';

  it('Mininet, TCIntf.config: it returned early when all values were empty, so that nothing could go back to zero', () => {
    const lines = change({ oneWayDelayMs: 0, lossPct: 0 });
    expect(netemOf(lines)).toMatch(/ netem limit \d+ delay 0us loss 0%/);
    // And from zero to zero there is nothing to say.
    const zero = shapeOf({ ...before, oneWayDelayMs: 0, lossPct: 0 }, options);
    expect(changeLines('x', zero, { ...zero }, options)).toEqual([]);
  });

  it('Mininet, pull request 650: queueing disciplines were deleted and made anew, with gaps and bursts', () => {
    const states = [{ oneWayDelayMs: 100 }, { lossPct: 0 }, { capacityMbps: 500 }, { up: false }, { oneWayDelayMs: 0, lossPct: 0, capacityMbps: 1 }];
    for (const to of states) {
      const lines = change(to);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatch(/^(qdisc|class) change dev x /);
    }
    // Only a new interface gets new ones.
    for (const line of createLines('x', shapeOf(before, options), options)) expect(line).toMatch(/^(qdisc|class) add dev x /);
  });

  it('StarryNet: `tc … change … netem delay` without the loss set the loss to 0', () => {
    expect(netemOf(change({ oneWayDelayMs: 30 }))).toMatch(/ delay 30000us loss 2\.5%/);
    expect(netemOf(change({ lossPct: 1 }))).toMatch(/ delay 20000us loss 1%/);
    if (rate === 'netem') expect(netemOf(change({ lossPct: 1 }))).toContain(' rate 10000000bit');
  });

  it('netem works on what leaves an interface only: a pair has both of its ends shaped, each by the link that leaves there', () => {
    const plan = new NetworkPlan(TEST_NODES, configSchema.parse({}).topo, 'run');
    const shaping = new LinkShaping(plan, options, 'carrier');
    shaping.next(testTick(0, { snapshot: true, updates: TEST_LINKS }));
    const [there, back] = [testLink('sat-1', 'sat-2', { oneWayDelayMs: 7 }), testLink('sat-2', 'sat-1', { oneWayDelayMs: 11 })];
    const { shape } = shaping.next(testTick(1, { updates: [there, back] }));
    const { a, b } = plan.find('sat-1', 'sat-2')!;
    const delays = (node: typeof a.node, device: string): readonly string[] =>
      (shape.get(node) ?? []).flatMap(({ line }) => (line.includes(`dev ${device} `) ? [/ delay (\d+)us/.exec(line)![1]!] : []));
    expect([delays(a.node, a.interface), delays(b.node, b.interface)]).toEqual([['7000'], ['11000']]);
  });
});

describe.each(['htb', 'tbf'] as const)('a token bucket by %s', (rate) => {
  it('Mininet, pull request 1252: a burst of 15 KB whatever the rate, which starves TCP on fast paths', () => {
    const options = optionsOf({ rate });
    const burstAt = (capacityMbps: number): number => {
      const lines = createLines('x', shapeOf({ ...before, capacityMbps }, options), options);
      return Number(/ burst (\d+)b/.exec(lines.join('\n'))![1]);
    };
    // A timer of the kernel may come 2 ms late: what could have been sent until then fits.
    for (const mbps of [100, 1_000, 10_000]) expect(burstAt(mbps) * 8).toBeGreaterThanOrEqual(mbps * 1e6 * 0.002);
    expect(burstAt(10_000)).toBeGreaterThan(100 * 15_000);
    // And on a slow one no more than it needs: 15 KB would be 120 ms at 1 Mbit/s.
    expect(burstAt(1)).toBe(burstBytes(1e6));
    expect((burstAt(1) * 8) / 1e6).toBeLessThan(0.03);
  });
});
