import type { FlowSample } from '../contract/results.js';
import { FlowSeries, PathTable } from './flow-series.js';

/** A sample of flow f in lane l; `via` makes its path from a to b. */
export function sample(changes: Partial<FlowSample> & { readonly via?: string }): FlowSample {
  const { via, ...rest } = changes;
  const path = via === undefined ? undefined : ['a', ...via.split(' '), 'b'];
  return {
    lane: 'l',
    flow: 'f',
    simTimeMs: 0,
    rttMs: null,
    oneWayDelayMs: null,
    lossPct: null,
    goodputMbps: null,
    hops: path === undefined ? null : path.length - 1,
    pathHash: path?.join('>') ?? null,
    ...(path && { path }),
    ...rest,
  };
}

/** A sample a second, unless it says when. */
export function seriesOf(samples: readonly Parameters<typeof sample>[0][], table = new PathTable()): FlowSeries {
  const series = new FlowSeries(table);
  samples.forEach((each, index) => series.add(sample({ simTimeMs: 1000 * index, ...each })));
  return series;
}
