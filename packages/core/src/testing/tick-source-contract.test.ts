import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResolvedNetwork } from '../contract/network.js';
import type { Ephemeris, TickSourceDeps, TickStream } from '../contract/tick-source.js';
import { columnTick } from '../contract/column-tick.js';
import type { EngineEvent, LinkIdentity, TickColumns, TickUpdate } from '../contract/tick.js';
import { MemoryTickSource } from './memory-tick-source.test-helper.js';
import { TEST_LINKS } from './network.js';
import { tickSourceContract } from './tick-source-contract.js';
import type { TickSourceContractOptions } from './tick-source-subject.js';

type SourceClass = new (deps: TickSourceDeps) => MemoryTickSource;
interface Subject {
  readonly source: MemoryTickSource;
}
const harness: TickSourceContractOptions<Subject> = { leftovers: ({ source }) => (source.opened > 0 ? [`${source.opened} streams`] : []), limitMs: 60 };
const casesOf = (Source: SourceClass, options = harness) => tickSourceContract<Subject>((deps) => ({ source: new Source(deps) }), options);

describe('the reference source keeps every rule', () => {
  for (const { rule, skip, run } of casesOf(MemoryTickSource)) test(rule, () => (expect(skip).toBe(false), run()));
});

/** Changes each tick on its way; what comes out is plain. */
const sending = (change: (tick: TickUpdate, columns: TickColumns) => TickUpdate): SourceClass =>
  class extends MemoryTickSource {
    override tick(k: number): TickUpdate {
      const tick = super.tick(k);
      return change({ ...tick }, tick.columns!);
    }
  };
/** Changes the columns, and not the objects. */
const packing = (change: (columns: TickColumns) => TickColumns): SourceClass =>
  sending((tick, columns) => Object.defineProperty(tick, 'columns', { value: change(columns), enumerable: false }));
const withoutFirst = ({ link, up, oneWayDelayMs, capacityMbps, lossPct }: TickColumns) => ({
  link: link.slice(1),
  up: up.slice(1),
  oneWayDelayMs: oneWayDelayMs.slice(1),
  capacityMbps: capacityMbps.slice(1),
  lossPct: lossPct.slice(1),
});
const telling = (change: (event: EngineEvent, k: number) => EngineEvent): SourceClass =>
  class extends MemoryTickSource {
    override event(k: number): EngineEvent {
      return change(super.event(k), k);
    }
  };
const placing = (change: (told: Ephemeris) => Ephemeris): SourceClass =>
  class extends MemoryTickSource {
    override async ephemeris(timeMs: number): Promise<Ephemeris> {
      return change(await super.ephemeris(timeMs));
    }
  };
/** Ticks in another order. */
const ordering = (indices: (count: number) => readonly number[]): SourceClass =>
  class extends MemoryTickSource {
    override async *ticks(signal: AbortSignal): AsyncGenerator<TickUpdate> {
      for (const k of indices(this.deps.run.tickCount)) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
        yield this.tick(k);
      }
    }
  };
const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
let instances = 0;

const GRID = 'ticks come as 0, 1, 2 … to the last one: none is missing, none comes twice';
const WHOLE = 'links are whole: named by kind and ends, between nodes of the network, with sound numbers';
const COLUMNS = 'columns, where a tick has them, say what its removals and updates say, and a link keeps its number';
const EVENTS = 'events are aligned to ticks, and seq only grows';
const EPHEMERIS = 'the ephemeris tells every node once: a position, or its name among the failures';
const RESOLVE = 'resolve has no side effect: no engine is started, no file is written';
const SAME = 'resolve says the same twice, and each node once';

const BROKEN: readonly (readonly [rule: string, how: string, Source: SourceClass])[] = [
  [
    SAME,
    'another network each time',
    class extends MemoryTickSource {
      override async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
        return { ...(await super.resolve(signal)), spec: { instance: (instances += 1) } };
      }
    },
  ],
  [
    SAME,
    'a node twice',
    class extends MemoryTickSource {
      override async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
        const resolved = await super.resolve(signal);
        return { ...resolved, nodes: [...resolved.nodes, resolved.nodes[0]!] };
      }
      override async ephemeris(timeMs: number): Promise<Ephemeris> {
        const told = await super.ephemeris(timeMs);
        return { ...told, states: [...told.states, told.states[0]!] };
      }
    },
  ],
  [GRID, 'a gap', ordering((count) => upTo(count).filter((k) => k !== 7))],
  [GRID, 'a repetition', ordering((count) => [...upTo(count).slice(0, 8), 7, ...upTo(count).slice(8)])],
  [GRID, 'the last one missing', ordering((count) => upTo(count - 1))],
  [GRID, 'one too many', ordering((count) => upTo(count + 1))],
  ['each tick lies on the grid t0 + k·dt', 'a tick late', sending((tick) => ({ ...tick, simTimeMs: tick.simTimeMs + (tick.tickIndex === 3 ? 1 : 0) }))],
  ['the first tick is a snapshot', 'no snapshot', sending((tick) => ({ ...tick, snapshot: false }))],
  [
    WHOLE,
    'a kind of its own',
    sending((tick) => ({ ...tick, updates: tick.updates.map((link) => ({ ...link, kind: 'beam' as never, linkId: `beam:${link.source}>${link.target}` })) })),
  ],
  [WHOLE, 'a name of its own', sending((tick) => ({ ...tick, updates: tick.updates.map((link) => ({ ...link, linkId: link.linkId.replace('>', '-') })) }))],
  [
    WHOLE,
    'no number',
    sending((tick) => ({ ...tick, updates: tick.updates.map((link) => ({ ...link, oneWayDelayMs: tick.tickIndex === 2 ? Number.NaN : 1 })) })),
  ],
  [WHOLE, 'loss as a fraction below nothing', sending((tick) => ({ ...tick, updates: tick.updates.map((link) => ({ ...link, lossPct: -0.1 })) }))],
  [
    WHOLE,
    'a node that nobody knows',
    sending((tick) => ({ ...tick, updates: tick.updates.map((link) => ({ ...link, target: 'nobody', linkId: `${link.kind}:${link.source}>nobody` })) })),
  ],
  [COLUMNS, 'another delay', packing((columns) => ({ ...columns, oneWayDelayMs: columns.oneWayDelayMs.map((delay) => delay + 1) }))],
  [COLUMNS, 'a removal that the tick does not have', packing((columns) => ({ ...columns, removals: Int32Array.of(0) }))],
  [COLUMNS, 'an update less', packing((columns) => ({ ...columns, ...(columns.link.length > 1 ? withoutFirst(columns) : {}) }))],
  [COLUMNS, 'columns of other lengths', packing((columns) => ({ ...columns, lossPct: new Float64Array(columns.link.length + 1) }))],
  [COLUMNS, 'columns that copies keep', sending((tick, columns) => ({ ...tick, columns }))],
  [
    COLUMNS,
    'a number that is given twice',
    class extends MemoryTickSource {
      readonly #links: LinkIdentity[] = [];
      override tick(k: number): TickUpdate {
        const { runId, scenarioRef, tickIndex, simTimeMs, snapshot, stats, updates, columns } = super.tick(k);
        const head = { runId, scenarioRef, tickIndex, simTimeMs, snapshot, stats };
        updates.forEach(({ linkId, source, target, kind }, number) => (this.#links[number] = { linkId, source, target, kind }));
        if (k === 0) return columnTick(head, { ...columns!, links: this.#links });
        const last = TEST_LINKS[TEST_LINKS.length - 1]!;
        this.#links[0] = { linkId: last.linkId, source: last.source, target: last.target, kind: last.kind };
        return columnTick(head, { ...columns!, links: this.#links });
      }
    },
  ],
  [EVENTS, 'off the grid', telling((event) => ({ ...event, simTimeMs: event.simTimeMs + 1 }))],
  [EVENTS, 'after the run', telling((event) => ({ ...event, tickIndex: event.tickIndex + 1_000, simTimeMs: event.simTimeMs + 60_000_000 }))],
  [EVENTS, 'seq that starts again', telling((event, k) => ({ ...event, seq: k % 8 }))],
  [
    EVENTS,
    'ticks that go back',
    telling((event, k) => ({ ...event, tickIndex: 0, simTimeMs: k === 0 ? event.simTimeMs + 60_000 : event.simTimeMs - k * 60_000 })),
  ],
  [EPHEMERIS, 'a node that is silently left out', placing((told) => ({ ...told, failures: [] }))],
  [EPHEMERIS, 'a node that is nowhere', placing((told) => ({ ...told, states: told.states.map((state) => ({ ...state, positionKm: [Number.NaN, 0, 0] })) }))],
  [EPHEMERIS, 'a failure without a reason', placing((told) => ({ ...told, failures: told.failures.map(({ id }) => ({ id, reason: '' })) }))],
  [EPHEMERIS, 'another instant', placing((told) => ({ ...told, timeMs: told.timeMs + 1 }))],
  [
    'two opens agree on every tick',
    'noise',
    class extends MemoryTickSource {
      readonly #noise = (instances += 1);
      override tick(k: number): TickUpdate {
        const tick = super.tick(k);
        return { ...tick, updates: tick.updates.map((link) => ({ ...link, oneWayDelayMs: link.oneWayDelayMs + this.#noise })) };
      }
    },
  ],
  [
    RESOLVE,
    'an engine started',
    class extends MemoryTickSource {
      override async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
        await this.deps.engine.start(signal).catch(() => {});
        return super.resolve(signal);
      }
    },
  ],
  [
    RESOLVE,
    'a file written',
    class extends MemoryTickSource {
      override async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
        await writeFile(join(this.deps.baseDir, 'cache.json'), '{}');
        return super.resolve(signal);
      }
    },
  ],
  [
    'close is safe at any time, and twice',
    'once only',
    class extends MemoryTickSource {
      override close(closing: AbortController): void {
        closing.signal.throwIfAborted();
        super.close(closing);
      }
    },
  ],
  [
    'a reader comes to an end when the stream is closed',
    'a reader left alone',
    class extends MemoryTickSource {
      override async *ticks(signal: AbortSignal, closing: AbortSignal): AsyncGenerator<TickUpdate> {
        for await (const tick of super.ticks(signal, closing)) yield tick;
        if (closing.aborted) await new Promise(() => {});
      }
    },
  ],
  [
    'open rejects in time when it is aborted',
    'an open that does not look',
    class extends MemoryTickSource {
      override open(signal: AbortSignal): Promise<TickStream> {
        return super.open(signal.aborted ? new AbortController().signal : signal);
      }
    },
  ],
  [
    'an abort ends the ticks in time, and before the last one',
    'an abort overheard',
    class extends MemoryTickSource {
      override ticks(_: AbortSignal, closing: AbortSignal): AsyncGenerator<TickUpdate> {
        return super.ticks(new AbortController().signal, closing);
      }
    },
  ],
  [
    'close leaves nothing behind',
    'a stream still open',
    class extends MemoryTickSource {
      override close(closing: AbortController): void {
        closing.abort();
      }
    },
  ],
];

describe('a source broken in one way fails exactly that rule', () => {
  test('there is one for each rule', () => {
    expect(new Set(BROKEN.map(([rule]) => rule))).toEqual(new Set(casesOf(MemoryTickSource).map(({ rule }) => rule)));
  });
  test.each(BROKEN)('%s: %s', async (broken, _, Source) => {
    const failed: string[] = [];
    for (const { rule, run } of casesOf(Source)) await run().catch(() => failed.push(rule));
    expect(failed).toEqual([broken]);
  });
});

describe('what cannot be judged is skipped with the reason, never passed', () => {
  const skipsOf = (options: TickSourceContractOptions<Subject>) => casesOf(MemoryTickSource, options).filter(({ skip }) => skip !== false);
  test('a harness without leftovers(), a source that says what it lacks, a statistical one', async () => {
    const skipped = skipsOf({ without: { events: 'a recording has none', ephemeris: 'nor positions' }, determinism: 'statistical' });
    expect(skipped.map(({ skip }) => skip)).toEqual([
      'a recording has none',
      'nor positions',
      'the source says that it is statistical',
      'the harness has no leftovers()',
    ]);
    for (const { run } of skipped) await expect(run()).rejects.toThrow('skipped: ');
    expect(skipsOf({ leftovers: () => [] })).toEqual([]);
  });
  test('a source without events or positions that does not say so fails', async () => {
    const Bare = class extends MemoryTickSource {
      override async open(signal: AbortSignal): Promise<TickStream> {
        return { ...(await super.open(signal)), events: null, ephemeris: null };
      }
    };
    const failures = await Promise.all(
      casesOf(Bare).map(({ run }) =>
        run().then(
          () => [],
          (error: Error) => [error.message],
        ),
      ),
    );
    expect(failures.flat()).toEqual([expect.stringContaining('without: { events: why }'), expect.stringContaining('without: { ephemeris: why }')]);
  });
  test('a source that asks for an engine is told that the harness has none', async () => {
    const Needy = class extends MemoryTickSource {
      override async open(signal: AbortSignal): Promise<TickStream> {
        await this.deps.engine.start(signal);
        return super.open(signal);
      }
    };
    await expect(
      casesOf(Needy)
        .find(({ rule }) => rule === GRID)!
        .run(),
    ).rejects.toThrow('the harness has no startEngine()');
  });
});
