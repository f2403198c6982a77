import { create } from '@bufbuild/protobuf';
import { LinkDeltaBatchSchema, RpcError, RpcStatus } from '@satsim/geomrf-proto';
import type { EngineEvent, LinkDeltaBatch, ScenarioRef, StreamLinkDeltasRequest } from '@satsim/geomrf-proto';
import type { CompiledScenario } from '../scenario/compiled.js';
import { ParallelNetwork } from '../workers/parallel-network.js';
import { ColumnWriter, MessageWriter } from './batch-writer.js';
import type { BatchWriter } from './batch-writer.js';
import { EventDetector } from './events.js';

/** Events in one message: some MiB. A large network's first tick has millions. */
const EVENTS_A_BATCH = 50_000;

export interface DeltaOptions {
  readonly dtMs: number;
  readonly maxLinks: number;
  readonly workers?: number | undefined;
  /** For tests. */
  readonly eventsABatch?: number | undefined;
}

/** One stream of link deltas, tick by tick; {@link close} has to be called. */
export class DeltaBatches {
  readonly #request: StreamLinkDeltasRequest;
  readonly #maxLinks: number;
  readonly #network: ParallelNetwork;
  readonly #detector: EventDetector | null;
  readonly #writer: BatchWriter;
  readonly #eventsABatch: number;

  /**
   * @param request checked; `selector` is there
   * @param workers see {@link ParallelNetwork}
   */
  constructor(
    scenario: CompiledScenario,
    ref: ScenarioRef,
    request: StreamLinkDeltasRequest,
    { dtMs, maxLinks, workers, eventsABatch = EVENTS_A_BATCH }: DeltaOptions,
  ) {
    this.#request = request;
    this.#maxLinks = maxLinks;
    this.#eventsABatch = eventsABatch;
    const { thresholds, includeDebug, includeEvents } = request;
    const { delayS = 0, capacityBps = 0, lossRate = 0 } = thresholds ?? {};
    this.#network = new ParallelNetwork(
      scenario,
      request.selector!,
      {
        dtMs,
        thresholds: { delayS, capacityBps, lossRate },
        modcods: includeDebug,
        details: includeDebug,
        events: includeEvents,
      },
      workers,
    );
    this.#detector = includeEvents ? new EventDetector(scenario, this.#network, []) : null;
    const { steps } = this.#network.adaptation;
    this.#writer = request.columns ? new ColumnWriter(ref, scenario.nodeIds, steps, includeDebug) : new MessageWriter(ref, scenario.nodeIds, steps);
  }

  /**
   * Moves to the next tick. Ticks before the one to resume from are lived through and not sent: what follows is as
   * if they had been.
   *
   * @returns the tick's batches: one, but for events that are too many for it; none for a tick that is not sent
   * @throws RpcError RESOURCE_EXHAUSTED
   */
  async next(index: number, timeMs: number): Promise<readonly LinkDeltaBatch[]> {
    const started = performance.now();
    const { outputs } = this.#network;
    await this.#network.moveTo(timeMs);
    const { size } = this.#network;
    if (size > this.#maxLinks)
      throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `tick ${index}: ${size} links are more than this engine sends, ${this.#maxLinks}`);
    const events = this.#detector?.next(index, timeMs) ?? [];
    if (index < Number(this.#request.resumeFromTick)) {
      this.#writer.skip(outputs);
      return [];
    }
    const snapshot = index === 0 && this.#request.emitFullSnapshotFirst;
    const early: (readonly EngineEvent[])[] = [];
    let sent = 0;
    for (; events.length - sent > this.#eventsABatch; sent += this.#eventsABatch) early.push(events.slice(sent, sent + this.#eventsABatch));
    const head = { index, timeMs, snapshot, computeMs: performance.now() - started, events: sent === 0 ? events : events.slice(sent) };
    const batch = this.#writer.batch(head, outputs);
    return [...early.map((some) => eventsOnly(batch, some)), batch];
  }

  /** Ends what computes for it. */
  async close(): Promise<void> {
    await this.#network.close();
  }
}

function eventsOnly({ tickIndex, time, scenarioRef }: LinkDeltaBatch, events: readonly EngineEvent[]): LinkDeltaBatch {
  return create(LinkDeltaBatchSchema, { tickIndex, time: time!, scenarioRef: scenarioRef!, events: [...events], eventsContinue: true });
}
