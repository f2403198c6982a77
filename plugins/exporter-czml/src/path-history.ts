import { durationMs, type FlowSample, type NodeId, type Scenario } from '@satsim/core';
import { type Interval, Intervals } from './intervals.js';

export interface FlowPath {
  readonly lane: string;
  readonly flow: string;
  readonly nodes: readonly NodeId[];
  readonly taken: Intervals;
}

/** Folds flow samples into the intervals in which a flow took a path; what a sample tells holds until the next one. */
export class PathHistory {
  readonly #paths = new Map<string, FlowPath>();
  readonly #current = new Map<string, FlowPath>();

  apply({ lane, flow, simTimeMs, path }: FlowSample): void {
    const flowKey = `${lane}\n${flow}`;
    const key = path && path.length > 1 ? `${flowKey}\n${path.join('>')}` : null;
    const before = this.#current.get(flowKey);
    const now = key === null ? undefined : (this.#paths.get(key) ?? { lane, flow, nodes: path!, taken: new Intervals() });
    if (now === before) return;
    before?.taken.off(simTimeMs);
    if (now) {
      this.#paths.set(key!, now);
      this.#current.set(flowKey, now);
      now.taken.on(simTimeMs);
    } else {
      this.#current.delete(flowKey);
    }
  }

  paths(): readonly FlowPath[] {
    return [...this.#paths.values()];
  }
}

/** When each flow that stops before the end of the run stops: its last path ends there too. */
export function flowEnds({ traffic }: Pick<Scenario, 'traffic'>, [startMs, endMs]: Interval): ReadonlyMap<string, number> {
  return new Map(traffic.flatMap(({ id, stop }) => (stop === undefined ? [] : [[id, Math.min(endMs, startMs + durationMs(stop))] as const])));
}
