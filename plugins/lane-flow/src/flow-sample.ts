import type { Flow, FlowSample } from '@satsim/core';
import type { Path } from '@satsim/routing';
import type { Share } from './fair-share.js';

/** What a flow sees: its way there, its way back, its share of the capacity (null for a ping). */
export interface FlowView {
  readonly flow: Flow;
  /** What it asks for; null for one without limit, and for a ping. */
  readonly rateMbps: number | null;
  readonly forward: Path | null;
  readonly back: Path | null;
  readonly share: Share | null;
}

/**
 * - one-way delay: sum over the forward path; RTT: forward plus return path, which may differ
 * - goodput: share × (1 − loss of the forward path)
 * - loss: of the forward path; for a ping 1 − (1 − forward)(1 − return); of udp also what is offered beyond its share
 * - an outage has loss 100, no delays and no goodput; a ping and tcp need both ways, udp only the forward one
 */
export function flowSample(lane: string, { flow, rateMbps, forward, back, share }: FlowView, simTimeMs: number, recordPath: boolean): FlowSample {
  const head = { lane, flow: flow.id, simTimeMs };
  if (!forward || isCutOff(flow, forward, back)) {
    return {
      ...head,
      rttMs: null,
      oneWayDelayMs: null,
      lossPct: 100,
      goodputMbps: flow.kind === 'ping' ? null : 0,
      hops: null,
      pathHash: null,
      bottleneck: null,
    };
  }
  const delivered = 1 - forward.lossPct / 100;
  const returned = flow.kind === 'ping' && back ? 1 - back.lossPct / 100 : 1;
  // Only udp goes on sending what there is no room for.
  const carried = flow.kind === 'udp' && share && rateMbps ? share.rateMbps / rateMbps : 1;
  return {
    ...head,
    rttMs: back && forward.oneWayDelayMs + back.oneWayDelayMs,
    oneWayDelayMs: forward.oneWayDelayMs,
    lossPct: carried * returned === 1 ? forward.lossPct : 100 * (1 - carried * delivered * returned),
    goodputMbps: share && Number.isFinite(share.rateMbps) ? share.rateMbps * delivered : null,
    hops: forward.links.length,
    pathHash: forward.hash,
    ...(recordPath ? { path: forward.nodes } : {}),
    bottleneck: share?.bottleneck ?? null,
  };
}

/** Whether the flow cannot work at all: there is no way there, or none back that it needs. */
export function isCutOff(flow: Flow, forward: Path | null, back: Path | null): boolean {
  return forward === null || (back === null && flow.kind !== 'udp');
}
