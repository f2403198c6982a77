import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import type { RunInfo } from '../contract/services.js';
import type { TickSource, TickSourceDeps, TickStream } from '../contract/tick-source.js';
import type { EngineEvent, TickUpdate } from '../contract/tick.js';
import { timebase } from '../scenario/timebase.js';
import { inTime, PATIENCE_MS } from './contract-case.js';
import { memoryLogger } from './test-deps.js';
import type { TickSourceContractOptions, TickSourceSubject } from './tick-source-subject.js';

/** Satellites that rise, hand over and set while it lasts. */
const SOURCE_SCENARIO: Scenario = scenarioSchema.parse({
  name: 'contract-kit',
  seed: 1,
  time: { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:20:00Z', dt: '60s' },
  constellation: [{ walker: { name: 'kit', planes: 4, per_plane: 6, altitude_km: 780, inclination_deg: 86.4 } }],
  ground: [{ id: 'gnd-1', lat: 60, lon: 10 }],
});

/** One fresh tick source in a case, and the case's hands on it. */
export interface TickSourceBench<Subject extends TickSourceSubject> {
  readonly subject: Subject;
  readonly run: RunInfo;
  readonly limitMs: number;
  readonly options: TickSourceContractOptions<Subject>;
  readonly resolve: TickSource['resolve'];
  /** Closed at the end of the case, if not before. */
  open(signal?: AbortSignal): Promise<TickStream>;
  /** @throws ContractViolation when it takes longer than the limit */
  close(stream: TickStream): Promise<void>;
  /** All ticks of a stream, each told as it comes. */
  readAll(stream: TickStream, onTick?: (tick: TickUpdate) => void): Promise<readonly TickUpdate[]>;
  /** All events of a stream, its ticks being read at the same time: one may wait for the other. */
  readEvents(stream: TickStream): Promise<readonly EngineEvent[]>;
  readonly enginesStarted: () => number;
  /** Relative paths of what is in the scenario's folder. */
  readonly files: () => Promise<readonly string[]>;
  another<T>(use: (bench: TickSourceBench<Subject>) => Promise<T>): Promise<T>;
}

/** A rule before it meets a tick source. */
export interface TickSourceRule<Subject extends TickSourceSubject> {
  readonly rule: string;
  /** Why the rule can't be judged with this harness; `null` when it can. */
  readonly unless?: (options: TickSourceContractOptions<Subject>) => string | null;
  readonly judge: (bench: TickSourceBench<Subject>) => Promise<void>;
}

/** Makes a fresh tick source, lets `use` work with it, and cleans up whatever happened. */
export async function withTickSource<Subject extends TickSourceSubject, T>(
  create: (deps: TickSourceDeps) => Subject | Promise<Subject>,
  options: TickSourceContractOptions<Subject>,
  limitMs: number,
  use: (bench: TickSourceBench<Subject>) => Promise<T>,
): Promise<T> {
  const scenario = options.scenario ?? SOURCE_SCENARIO;
  const { t0Ms, t1Ms, dtMs, tickCount } = timebase(scenario);
  const run: RunInfo = { runId: 'contract-kit', seed: scenario.seed, t0Ms, t1Ms, dtMs, tickCount, mode: scenario.time.mode };
  const temporary = await mkdtemp(join(tmpdir(), 'satsim-kit-'));
  const baseDir = options.baseDir ?? temporary;
  const engine = engineHost(options);
  const streams: TickStream[] = [];
  try {
    const subject = await create({ config: {}, run, scenario, baseDir, locate: () => null, logger: memoryLogger([]), engine });
    const { source } = subject;
    return await use({
      subject,
      run,
      limitMs,
      options,
      resolve: (signal) => inTime(source.resolve(signal), PATIENCE_MS, 'resolve'),
      async open(signal = new AbortController().signal) {
        const stream = await inTime(source.open(signal), PATIENCE_MS, 'open');
        streams.push(stream);
        return stream;
      },
      close: (stream) => inTime(stream.close(), limitMs, 'close'),
      readAll: (stream, onTick) => inTime(collect(stream.ticks, onTick), PATIENCE_MS, 'reading all ticks'),
      async readEvents({ ticks, events }) {
        const [batches] = await inTime(Promise.all([events ? collect(events) : [], collect(ticks)]), PATIENCE_MS, 'reading all events');
        return batches.flat();
      },
      enginesStarted: () => engine.started(),
      files: async () => (await readdir(baseDir, { recursive: true })).sort(),
      another: (useOther) => withTickSource(create, options, limitMs, useOther),
    });
  } finally {
    // Another rule judges close; here it only cleans up.
    for (const stream of streams) await inTime((async () => stream.close())(), limitMs, 'close').catch(() => {});
    await engine.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}

function engineHost({ startEngine }: Pick<TickSourceContractOptions<never>, 'startEngine'>) {
  let starts = 0;
  let running: ReturnType<NonNullable<typeof startEngine>> | null = null;
  return {
    started: () => starts,
    async start(signal: AbortSignal): Promise<string> {
      starts += 1;
      if (!startEngine) throw new Error('the source asks for an engine, and the harness has no startEngine()');
      running ??= startEngine(signal);
      return (await running).target;
    },
    stop: async (): Promise<void> => (await running?.catch(() => null))?.stop(),
  };
}

async function collect<T>(items: AsyncIterable<T>, onItem?: (item: T) => void): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    onItem?.(item);
    all.push(item);
  }
  return all;
}
