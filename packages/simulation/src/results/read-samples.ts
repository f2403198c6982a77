import { hash } from 'node:crypto';
import type { Flow, FlowSample } from '@satsim/core';
import type { NetworkIndex } from '../trace/network-index.js';
import { csvLines, numberOf, numberOrNull } from './csv-lines.js';

/** First line of a `samples.csv`. */
export const SAMPLES_HEADER = 'flow,t_s,rtt_s,one_way_delay_s,loss,goodput_bps,hops,path';

/**
 * Samples as a simulator wrote them into `samples.csv`: empty where a quantity doesn't apply, loss as a share, the path as
 * node numbers joined by `>`.
 * @throws LaneError naming file and line
 */
export async function* readSamples(
  file: string,
  from: { readonly lane: string; readonly network: NetworkIndex; readonly flows: readonly Flow[]; readonly t0Ms: number },
): AsyncIterable<FlowSample> {
  const { lane, network, flows, t0Ms } = from;
  const scaled = (value: number | null, by: number): number | null => (value === null ? null : value * by);
  for await (const line of csvLines(lane, file, SAMPLES_HEADER)) {
    const flow = flows[numberOf(line, 0, 'flow')];
    if (flow === undefined) throw line.fault(`there is no flow ${line.fields[0]}: the scenario has ${flows.length}`);
    const text = line.fields[7]!;
    const path = text === '' ? null : text.split('>').map((number) => network.nodes[Number(number)]?.id ?? fail(line.fault(`there is no node ${number}`)));
    yield {
      lane,
      flow: flow.id,
      simTimeMs: t0Ms + Math.round(numberOf(line, 1, 't_s') * 1e6) / 1e3,
      rttMs: scaled(numberOrNull(line, 2, 'rtt_s'), 1e3),
      oneWayDelayMs: scaled(numberOrNull(line, 3, 'one_way_delay_s'), 1e3),
      lossPct: scaled(numberOrNull(line, 4, 'loss'), 100),
      goodputMbps: scaled(numberOrNull(line, 5, 'goodput_bps'), 1e-6),
      hops: numberOrNull(line, 6, 'hops'),
      pathHash: path === null ? null : hash('sha256', path.join('>')).slice(0, 16),
      ...(path === null ? {} : { path }),
    };
  }
}

function fail(error: Error): never {
  throw error;
}
