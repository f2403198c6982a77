import type { LaneDeps, ResultsSink } from '@satsim/core';
import type { LaneHarness, PluginHarness } from '@satsim/core/testing';
import type { FlowConfig } from './config.js';
import { FlowLane, LANE } from './flow-lane.js';

/** Results that can be made to fail: all that this lane does outside itself. */
class FailingSink implements ResultsSink {
  failsNext = false;
  readonly #results: ResultsSink;

  constructor(results: ResultsSink) {
    this.#results = results;
  }

  write(sample: Parameters<ResultsSink['write']>[0]): void {
    if (this.failsNext) {
      this.failsNext = false;
      throw new Error('the results cannot be taken');
    }
    this.#results.write(sample);
  }
}

interface FlowSubject {
  readonly lane: FlowLane;
  readonly sink: FailingSink;
}

const flow: LaneHarness<FlowSubject, FlowConfig> = {
  kind: 'lane',
  name: LANE,
  create(deps: LaneDeps<FlowConfig>) {
    const sink = new FailingSink(deps.results);
    return { lane: new FlowLane({ ...deps, results: sink }), sink };
  },
  observe: ({ lane }) => lane.links(),
  failNext({ sink }) {
    sink.failsNext = true;
  },
  // It makes nothing outside itself; the links that it holds are to be gone in the end.
  leftovers: ({ lane }) => lane.links().map(({ linkId }) => linkId),
};

export const harnesses: readonly PluginHarness[] = [flow];
