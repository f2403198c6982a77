import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch, ScenarioRef, StreamLinkDeltasRequest } from '@satsim/geomrf-proto';
import type { CompiledScenario } from '../scenario/compiled.js';
import { ParallelNetwork } from '../workers/parallel-network.js';
import { ColumnWriter, MessageWriter } from './batch-writer.js';
import type { BatchWriter } from './batch-writer.js';

/** One stream of link deltas, tick by tick; {@link close} has to be called. */
export class DeltaBatches {
  readonly #request: StreamLinkDeltasRequest;
  readonly #maxLinks: number;
  readonly #network: ParallelNetwork;
  readonly #writer: BatchWriter;

  /**
   * @param request checked; `selector` is there
   * @param workers see {@link ParallelNetwork}
   */
  constructor(scenario: CompiledScenario, ref: ScenarioRef, request: StreamLinkDeltasRequest, dtMs: number, maxLinks: number, workers?: number) {
    this.#request = request;
    this.#maxLinks = maxLinks;
    const { thresholds, includeDebug } = request;
    const { delayS = 0, capacityBps = 0, lossRate = 0 } = thresholds ?? {};
    this.#network = new ParallelNetwork(
      scenario,
      request.selector!,
      {
        dtMs,
        thresholds: { delayS, capacityBps, lossRate },
        modcods: includeDebug,
        details: includeDebug,
        passes: false,
      },
      workers,
    );
    const { steps } = this.#network.adaptation;
    this.#writer = request.columns ? new ColumnWriter(ref, scenario.nodeIds, steps, includeDebug) : new MessageWriter(ref, scenario.nodeIds, steps);
  }

  /**
   * Moves to the next tick. Ticks before the one to resume from are lived through and not sent (`null`): what follows is as
   * if they had been.
   *
   * @throws RpcError RESOURCE_EXHAUSTED
   */
  async next(index: number, timeMs: number): Promise<LinkDeltaBatch | null> {
    const started = performance.now();
    const { outputs } = this.#network;
    await this.#network.moveTo(timeMs);
    const { size } = this.#network;
    if (size > this.#maxLinks)
      throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `tick ${index}: ${size} links are more than this engine sends, ${this.#maxLinks}`);
    if (index < Number(this.#request.resumeFromTick)) {
      this.#writer.skip(outputs);
      return null;
    }
    const snapshot = index === 0 && this.#request.emitFullSnapshotFirst;
    return this.#writer.batch({ index, timeMs, snapshot, computeMs: performance.now() - started }, outputs);
  }

  /** Ends what computes for it. */
  async close(): Promise<void> {
    await this.#network.close();
  }
}
