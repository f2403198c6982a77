import { describe, expect, test } from 'vitest';
import type { LaneAdapter } from '../contract/lane.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { laneContract } from './lane-contract.js';
import type { LaneContractOptions } from './lane-subject.js';
import { MemoryBackend, MemoryLane } from './memory-lane.js';

interface Subject {
  readonly lane: LaneAdapter;
  readonly backend: MemoryBackend;
}
const harness: LaneContractOptions<Subject> = {
  observe: ({ backend }) => [...backend.links.values()],
  failNext: ({ backend }) => void (backend.next = 'fails'),
  hangNext: ({ backend }) => void (backend.next = 'hangs'),
  leftovers: ({ backend }) => (backend.built ? ['the network'] : []),
  limitMs: 60,
};
type LaneClass = new (backend: MemoryBackend) => LaneAdapter;
const casesOf = (Lane: LaneClass) =>
  laneContract<Subject>(() => {
    const backend = new MemoryBackend();
    return { lane: new Lane(backend), backend };
  }, harness);

/** A lane that has something to do after the last tick. */
class CompletingLane extends MemoryLane {
  complete(signal: AbortSignal): Promise<void> {
    return this.backend.command(() => {}, signal);
  }
}

describe.each([
  ['the reference lane', MemoryLane],
  ['a lane with a complete', CompletingLane],
])('%s keeps every rule', (_name, Lane) => {
  for (const { rule, skip, run } of casesOf(Lane)) test(rule, () => (expect(skip).toBe(false), run()));
});

/** Changes a tick before the lane sees it. */
const seeing = (change: (tick: TickUpdate, lane: MemoryLane) => TickUpdate): LaneClass =>
  class extends MemoryLane {
    override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      return super.applyTick(change(tick, this), signal);
    }
  };
/** Links as they are taken over, by what is in force. */
const patching = (patch: (link: LinkState, before: LinkState | undefined) => LinkState): LaneClass =>
  seeing((tick, lane) => ({ ...tick, updates: tick.updates.map((link) => patch(link, lane.table.get(link.linkId))) }));
let instances = 0;

// One lane for each rule, broken in exactly this way; some are defects found in the field.
const BROKEN: Readonly<Record<string, LaneClass>> = {
  'removals are applied before updates: a link in both is there afterwards': seeing((tick) => ({
    ...tick,
    updates: tick.updates.filter(({ linkId }) => !tick.removals.includes(linkId)),
  })),
  'a snapshot replaces every earlier link': seeing((tick) => ({ ...tick, snapshot: false })),
  'a link that is down is known still, and not removed': seeing((tick) => ({
    ...tick,
    removals: [...tick.removals, ...tick.updates.filter(({ up }) => !up).map(({ linkId }) => linkId)],
    updates: tick.updates.filter(({ up }) => up),
  })),
  'the same tick twice changes nothing': patching((link, before) =>
    before && before.oneWayDelayMs === link.oneWayDelayMs && before.lossPct === link.lossPct && before.up === link.up
      ? { ...link, oneWayDelayMs: link.oneWayDelayMs * 2 }
      : link,
  ),
  'a delay that goes back to zero is really cleared': patching((link, before) => ({
    ...link,
    oneWayDelayMs: link.oneWayDelayMs || (before?.oneWayDelayMs ?? 0),
  })),
  'a loss that goes back to zero is really cleared': patching((link, before) => ({ ...link, lossPct: link.lossPct || (before?.lossPct ?? 0) })),
  'ticks that carry columns are applied as ticks without': seeing((tick) => (tick.columns ? { ...tick, removals: [] } : tick)),
  'a tick is not changed: deeply frozen ticks are applied as others are': seeing((tick) => ((tick.updates as LinkState[]).reverse(), tick)),
  'a failing command rejects the tick': class extends MemoryLane {
    override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      return super.applyTick(tick, signal).catch(() => signal.throwIfAborted());
    }
  },
  'an abort rejects the tick in time, also when a command hangs': class extends MemoryLane {
    override applyTick(tick: TickUpdate): Promise<void> {
      return super.applyTick(tick, new AbortController().signal);
    }
  },
  'where there is a complete, what fails in it rejects it': class extends CompletingLane {
    override complete(signal: AbortSignal): Promise<void> {
      return super.complete(signal).catch(() => signal.throwIfAborted());
    }
  },
  'where there is a complete, an abort rejects it in time, also when a command hangs': class extends CompletingLane {
    override complete(): Promise<void> {
      return super.complete(new AbortController().signal);
    }
  },
  'where there is a complete, it leaves nothing behind: not when it was done, not when it was aborted': class extends CompletingLane {
    #completing = false;
    override complete(signal: AbortSignal): Promise<void> {
      this.#completing = true;
      return super.complete(signal);
    }
    override async finalize(): Promise<void> {
      await super.finalize();
      this.backend.built = this.#completing;
    }
  },
  'finalize is safe before prepare': class extends MemoryLane {
    #prepared = false;
    override prepare(signal: AbortSignal): Promise<void> {
      this.#prepared = true;
      return super.prepare(signal);
    }
    override finalize(): Promise<void> {
      return this.#prepared ? super.finalize() : Promise.reject(new Error('not prepared'));
    }
  },
  'finalize is safe twice': class extends MemoryLane {
    #finalized = false;
    override finalize(): Promise<void> {
      if (this.#finalized) return Promise.reject(new Error('finalized already'));
      this.#finalized = true;
      return super.finalize();
    }
  },
  'finalize is safe after a failure': class extends MemoryLane {
    #failed = false;
    override applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      return super.applyTick(tick, signal).catch((error: unknown) => {
        this.#failed = true;
        throw error;
      });
    }
    override async finalize(): Promise<void> {
      await super.finalize();
      // Hangs, where the others threw: an end that never comes is no better.
      if (this.#failed) await new Promise(() => {});
    }
  },
  'nothing is left behind: not after a run, not after a failure': class extends MemoryLane {
    override async finalize(): Promise<void> {
      const { built } = this.backend;
      await super.finalize();
      this.backend.built = built;
    }
  },
  'a prepare that fails leaves nothing behind': class extends MemoryLane {
    override async prepare(signal: AbortSignal): Promise<void> {
      this.backend.built = true;
      await super.prepare(signal);
    }
  },
  'two fresh lanes agree on the same ticks': class extends MemoryLane {
    readonly #delay = (instances += 1) * 1e-4;
    override async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
      // Below what the effect rules tolerate as rounding.
      const updates = tick.updates.map((link) => ({ ...link, lossPct: link.lossPct + (this.#delay % 1e-3) }));
      await super.applyTick({ ...tick, updates }, signal);
    }
  },
};

describe('a lane broken in one way fails exactly that rule', () => {
  test('there is one for each rule', () => {
    expect(Object.keys(BROKEN)).toEqual(casesOf(MemoryLane).map(({ rule }) => rule));
  });
  test.each(Object.entries(BROKEN))('%s', async (broken, Lane) => {
    const failed: string[] = [];
    for (const { rule, run } of casesOf(Lane)) await run().catch(() => failed.push(rule));
    expect(failed).toEqual([broken]);
  });
});

describe('what the harness cannot do is skipped with the reason, never passed', () => {
  const bare = laneContract(() => ({ lane: new MemoryLane(new MemoryBackend()) }));
  test.each(bare.filter(({ skip }) => skip !== false))('$rule: $skip', async ({ skip, run }) => {
    expect(skip).toMatch(/^the harness has no (observe|failNext|leftovers)\(\)$/);
    await expect(run()).rejects.toThrow('skipped: ');
  });
  test('twelve rules need a harness', () => {
    expect(bare.filter(({ skip }) => skip !== false)).toHaveLength(12);
  });
  test('a statistical lane need not agree with itself', () => {
    const cases = laneContract<Subject>(
      () => {
        throw new Error('not needed');
      },
      { ...harness, determinism: 'statistical' },
    );
    expect(cases.filter(({ skip }) => skip !== false).map(({ skip }) => skip)).toEqual(['the lane says that it is statistical']);
  });
  test('without anything to compare, agreement fails instead of passing', async () => {
    const agreement = bare.find(({ rule }) => rule.startsWith('two fresh lanes'))!;
    await expect(agreement.run()).rejects.toThrow('nothing to compare');
  });
});
