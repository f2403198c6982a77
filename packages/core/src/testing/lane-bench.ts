import type { LaneDeps } from '../contract/lane.js';
import type { FlowSample } from '../contract/results.js';
import type { TickUpdate } from '../contract/tick.js';
import { check, inTime, PATIENCE_MS } from './contract-case.js';
import type { LaneContractOptions, LaneSubject, ObservedLink } from './lane-subject.js';
import { testLaneDeps } from './test-deps.js';

/** One fresh lane in a case, and the case's hands on it. */
export interface LaneBench<Subject extends LaneSubject> {
  readonly subject: Subject;
  readonly samples: readonly FlowSample[];
  readonly limitMs: number;
  readonly options: LaneContractOptions<Subject>;
  prepare(signal?: AbortSignal): Promise<void>;
  apply(tick: TickUpdate, signal?: AbortSignal): Promise<void>;
  /** Whether the lane has something to do after the last tick. */
  readonly completes: boolean;
  /** Nothing, for a lane without it. */
  complete(signal?: AbortSignal): Promise<void>;
  /** @throws ContractViolation when it takes longer than the limit */
  finalize(): Promise<void>;
  /** Links in force by id; throws when the harness tells one twice. */
  observe(): Promise<ReadonlyMap<string, ObservedLink>>;
  /** Processes that the lane started and that still run; ends them. */
  endProcesses(): Promise<readonly number[]>;
  /** A second lane, as fresh as the first. */
  another<T>(use: (bench: LaneBench<Subject>) => Promise<T>): Promise<T>;
}

/** A rule before it meets a lane. */
export interface LaneRule<Subject extends LaneSubject> {
  readonly rule: string;
  /** Abilities of the harness without which it can't be judged. */
  readonly needs: readonly ('observe' | 'failNext' | 'hangNext' | 'leftovers')[];
  /** A reason why the rule does not apply to this lane; `null` when it does. */
  readonly unless?: (options: LaneContractOptions<Subject>) => string | null;
  readonly judge: (bench: LaneBench<Subject>) => Promise<void>;
}

/** Makes a fresh lane, lets `use` work with it, and cleans up whatever happened. */
export async function withBench<Subject extends LaneSubject, T>(
  create: (deps: LaneDeps) => Subject | Promise<Subject>,
  options: LaneContractOptions<Subject>,
  limitMs: number,
  use: (bench: LaneBench<Subject>) => Promise<T>,
): Promise<T> {
  const test = await testLaneDeps();
  const { deps, samples } = test;
  try {
    const subject = await create(deps);
    const { lane } = subject;
    const bench: LaneBench<Subject> = {
      subject,
      samples,
      limitMs,
      options,
      prepare: (signal = new AbortController().signal) => inTime(lane.prepare(signal), PATIENCE_MS, 'prepare'),
      apply: (tick, signal = new AbortController().signal) => inTime(lane.applyTick(tick, signal), PATIENCE_MS, `applyTick(${tick.tickIndex})`),
      completes: lane.complete !== undefined,
      complete: (signal = new AbortController().signal) => inTime((async () => lane.complete?.(signal))(), PATIENCE_MS, 'complete'),
      finalize: () => inTime(lane.finalize(), limitMs, 'finalize'),
      async observe() {
        const links = await options.observe!(subject);
        const byId = new Map(links.map((link) => [link.linkId, link]));
        check(byId.size === links.length, 'observe() tells one link twice');
        return byId;
      },
      endProcesses: async () => (await test.dispose()).processIds,
      another: (useOther) => withBench(create, options, limitMs, useOther),
    };
    try {
      return await use(bench);
    } finally {
      // Another rule judges finalize; here it only cleans up.
      await inTime((async () => lane.finalize())(), limitMs, 'finalize').catch(() => {});
    }
  } finally {
    await test.dispose();
  }
}
