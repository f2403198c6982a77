import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { LinkSelectorSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { compileScenario } from '../scenario/compiled.js';
import { ParallelNetwork } from '../workers/parallel-network.js';
import type { LinkOutput } from './link-output.js';
import type { Thresholds } from './stream-options.js';

export interface LinkStepsOptions {
  readonly dtMs: number;
  /** All links by default. */
  readonly selector?: MessageInitShape<typeof LinkSelectorSchema>;
  /** Every change by default. */
  readonly thresholds?: Partial<Thresholds>;
  /** Threads that compute; by the network's size by default. */
  readonly workers?: number;
}

/** What a stream of link deltas computes, without its server: for benchmarks and tests. */
export interface LinkSteps {
  /**
   * What changed at the last step, in this order: fixed inter-satellite links, changing ones, ground links by site (a part for
   * each thread), terrestrial ones. In each, removals first, then links that enter, which are among the states sent. Written
   * again at the next step.
   */
  readonly outputs: readonly LinkOutput[];
  /** Links in the set. */
  readonly size: number;
  /** @param timeMs Unix ms, in the scenario's span, later than that of the step before, which has to be over */
  step(timeMs: number): Promise<void>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** @param spec as CreateScenario takes it; it is not checked */
export function openLinkSteps(spec: ScenarioSpec, { dtMs, selector = { allLinks: true }, thresholds, workers }: LinkStepsOptions): LinkSteps {
  const options = { dtMs, thresholds: { delayS: 0, capacityBps: 0, lossRate: 0, ...thresholds }, modcods: false, details: false, events: false };
  const network = new ParallelNetwork(compileScenario(spec), create(LinkSelectorSchema, selector), options, workers);
  return {
    outputs: network.outputs,
    get size() {
      return network.size;
    },
    step: (timeMs) => network.moveTo(timeMs),
    close: () => network.close(),
  };
}
