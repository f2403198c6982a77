import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneAdapter } from '../contract/lane.js';
import { LinkTable } from '../contract/link-table.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { laneContract } from './lane-contract.js';
import { laneProperties } from './lane-properties.js';
import { MemoryBackend, MemoryLane } from './memory-lane.js';
import { randomTicks } from './random-ticks.js';

type LaneClass = new (backend: MemoryBackend) => LaneAdapter;
const create = (Lane: LaneClass) => () => {
  const backend = new MemoryBackend();
  return { lane: new Lane(backend), backend };
};
const observe = ({ backend }: { readonly backend: MemoryBackend }) => [...backend.links.values()];
const [property] = laneProperties(create(MemoryLane), { observe });
const storyOf = (Lane: LaneClass, seed = 1) =>
  laneProperties(create(Lane), { observe, seed })[0]!
    .run()
    .then(
      () => expect.unreachable('the broken lane passed'),
      (error: Error) => error.message,
    );

/** Changes the links of a tick by what was in force when a link was last removed. */
abstract class Remembering extends MemoryLane {
  readonly #gone = new Map<string, LinkState>();
  protected abstract mend(link: LinkState, gone: LinkState): LinkState;

  override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    const updates = tick.updates.map((link) => {
      const gone = this.#gone.get(link.linkId);
      return gone ? this.mend(link, gone) : link;
    });
    for (const id of tick.removals) {
      const link = this.table.get(id);
      if (link) this.#gone.set(id, link);
    }
    return super.applyTick({ ...tick, updates }, signal);
  }
}

/** As a lane that keeps the queueing discipline of an interface it took down, and sets only what is not zero when it comes back. */
class KeepsLossOfTheDead extends Remembering {
  protected mend(link: LinkState, gone: LinkState): LinkState {
    return { ...link, lossPct: link.lossPct || gone.lossPct };
  }
}

/** As one that says a link's capacity only where it is not zero. */
class KeepsCapacity extends MemoryLane {
  override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    return super.applyTick({ ...tick, updates: tick.updates.map((link) => ({ ...link, capacityMbps: link.capacityMbps || 1 })) }, signal);
  }
}

/** As one that takes a link down that has no capacity. */
class TakesDown extends MemoryLane {
  override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    return super.applyTick({ ...tick, updates: tick.updates.map((link) => ({ ...link, up: link.up && link.capacityMbps > 0 })) }, signal);
  }
}

test('the reference lane keeps the property', () => property!.run());

test('a link without capacity carries nothing, whether a lane takes it for up or down', async () => {
  await laneProperties(create(TakesDown), { observe })[0]!.run();
  expect(await storyOf(KeepsCapacity)).toMatch(/up 0 ms 0 Mbit\/s [\d.]+ %\nthen \S+: it carries packets\n/);
});

describe('a lane that the examples of the kit do not catch', () => {
  test('passes every one of them', async () => {
    const hands = {
      failNext: ({ backend }: { backend: MemoryBackend }) => void (backend.next = 'fails'),
      hangNext: ({ backend }: { backend: MemoryBackend }) => void (backend.next = 'hangs'),
      leftovers: ({ backend }: { backend: MemoryBackend }) => (backend.built ? ['the network'] : []),
    };
    for (const { skip, run } of laneContract(create(KeepsLossOfTheDead), { observe, ...hands, limitMs: 60 })) {
      expect(skip).toBe(false);
      await run();
    }
  });

  test('is caught by the property, and the story is as short as can be', async () => {
    const [first, second, third, then, again, ...rest] = (await storyOf(KeepsLossOfTheDead)).split('\n');
    expect(first).toMatch(/^tick 0 is a snapshot, sets (\S+) up 0 ms 100 Mbit\/s [\d.]+ %$/);
    const link = /sets (\S+)/.exec(first!)![1]!;
    expect(second).toBe(`tick 1 removes ${link}`);
    expect(third).toBe(`tick 2 sets ${link} up 0 ms 100 Mbit/s 0 %`);
    expect(then).toMatch(new RegExp(`^then ${link}: lossPct is [\\d.]+, not 0$`));
    expect(again).toMatch(/^\(to try it again: seed: 1, runs: \d+\)$/);
    expect(rest).toEqual([]);
  });

  test('is told the same way again by the seed', async () => {
    expect(await storyOf(KeepsLossOfTheDead, 7)).toBe(await storyOf(KeepsLossOfTheDead, 7));
  });
});

test('a tick that is rejected is a story too', async () => {
  const Refusing = class extends MemoryLane {
    override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      return tick.updates.some(({ up }) => !up) ? Promise.reject(new Error('down is too hard')) : super.applyTick(tick, signal);
    }
  };
  expect(await storyOf(Refusing)).toMatch(/^tick 0 is a snapshot, sets \S+ down\nthen applyTick rejected: down is too hard\n/);
});

test('a lane that reads columns in its own way is caught', async () => {
  const Columnar = class extends MemoryLane {
    override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      return super.applyTick(tick.columns ? { ...tick, removals: [] } : tick, signal);
    }
  };
  expect(await storyOf(Columnar)).toMatch(/^tick 0 is a snapshot, sets (\S+) .*\ntick 1 \(with columns\) removes \1\nthen \1 is still there\n/);
});

test('without observe() it is skipped with the reason, never passed', async () => {
  const [bare] = laneProperties(create(MemoryLane), {});
  expect(bare!.skip).toBe('the harness has no observe()');
  await expect(bare!.run()).rejects.toThrow('skipped: ');
});

test('the sequences are those that a source may send, and all that can happen happens', () => {
  const seen = { snapshots: 0, removals: 0, returns: 0, both: 0, downs: 0, zeros: 0, withoutCapacity: 0, columns: 0 };
  fc.assert(
    fc.property(randomTicks(fc), (ticks) => {
      const table = new LinkTable();
      const gone = new Set<string>();
      for (const [index, tick] of ticks.entries()) {
        expect(tick).toMatchObject({ tickIndex: index, simTimeMs: ticks[0]!.simTimeMs + index * 1_000 });
        if (index === 0) expect(tick.snapshot).toBe(true);
        else if (tick.snapshot) seen.snapshots += 1;
        if (tick.snapshot) expect(tick.removals).toEqual([]);
        for (const id of tick.removals) expect(table.get(id)).toBeDefined();
        const ids = tick.updates.map(({ linkId }) => linkId);
        expect(new Set(ids).size).toBe(ids.length);
        seen.removals += tick.removals.length;
        if (tick.columns) seen.columns += 1;
        seen.both += tick.removals.filter((id) => ids.includes(id)).length;
        seen.returns += ids.filter((id) => gone.has(id)).length;
        for (const id of tick.removals) gone.add(id);
        for (const { up, oneWayDelayMs, lossPct, capacityMbps } of tick.updates) {
          expect(oneWayDelayMs >= 0 && lossPct >= 0 && lossPct <= 100 && capacityMbps >= 0).toBe(true);
          if (!up) seen.downs += 1;
          else if (capacityMbps === 0) seen.withoutCapacity += 1;
          if (oneWayDelayMs === 0 || lossPct === 0) seen.zeros += 1;
        }
        table.apply(tick);
      }
    }),
    { numRuns: 300 },
  );
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(30);
});
