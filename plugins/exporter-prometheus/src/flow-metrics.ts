import type { FlowSample } from '@satsim/core';
import { FAMILIES, type Family } from './families.js';

const BYTES_PER_MEGABIT = 1e6 / 8;

/** What a sample says in base units; `null` where it does not apply. */
const QUANTITIES: readonly { readonly family: Family; readonly value: (sample: FlowSample) => number | null }[] = [
  { family: FAMILIES.flowRtt, value: ({ rttMs }) => rttMs && rttMs / 1000 },
  { family: FAMILIES.flowOneWayDelay, value: ({ oneWayDelayMs }) => oneWayDelayMs && oneWayDelayMs / 1000 },
  { family: FAMILIES.flowLoss, value: ({ lossPct }) => lossPct && lossPct / 100 },
  { family: FAMILIES.flowGoodput, value: ({ goodputMbps }) => goodputMbps && goodputMbps * BYTES_PER_MEGABIT },
  { family: FAMILIES.flowHops, value: ({ hops }) => hops },
];

/** One flow in one lane, from sample to sample. */
export class FlowMetrics {
  readonly #known = new Set<Family>();
  #lastPath: string | null = null;

  /** The gauges that the sample sets. What never applied has no series; what does not apply any more is NaN, or the last value would seem to go on. */
  *gauges(sample: FlowSample): Generator<readonly [Family, number]> {
    for (const { family, value } of QUANTITIES) {
      const now = value(sample);
      if (now !== null) this.#known.add(family);
      if (this.#known.has(family)) yield [family, now ?? NaN];
    }
  }

  /** 1 when the path is another than in the sample before, else 0. */
  pathChange({ pathHash }: FlowSample): 0 | 1 {
    const changed = pathHash !== null && this.#lastPath !== null && pathHash !== this.#lastPath;
    this.#lastPath = pathHash;
    return changed ? 1 : 0;
  }
}
