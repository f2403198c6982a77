import type { EngineEvent, FlowSample } from '@satsim/core';

/** Keys in the order of the contract, whatever object a lane made: same results, same bytes. */
export function sampleLine(sample: FlowSample): string {
  const { lane, flow, simTimeMs, rttMs, oneWayDelayMs, lossPct, goodputMbps, hops, pathHash, path, bottleneck } = sample;
  return `${JSON.stringify({ lane, flow, simTimeMs, rttMs, oneWayDelayMs, lossPct, goodputMbps, hops, pathHash, path, bottleneck })}\n`;
}

export function eventLine(event: EngineEvent): string {
  const { tickIndex, simTimeMs, seq, type, linkId, nodeId } = event;
  const attributes = Object.fromEntries(Object.entries(event.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ tickIndex, simTimeMs, seq, type, linkId, nodeId, attributes })}\n`;
}
