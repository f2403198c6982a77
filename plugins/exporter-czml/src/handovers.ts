import type { EngineEvent, NodeId } from '@satsim/core';
import type { Interval } from './intervals.js';

export interface HandoverNote {
  readonly text: string;
  readonly interval: Interval;
}

/** What is said at a terminal after each of its handovers: until the next one, but no longer than `showMs`. */
export function handoverNotes(events: readonly EngineEvent[], showMs: number, endMs: number): ReadonlyMap<NodeId, readonly HandoverNote[]> {
  const times = new Map<NodeId, Map<number, string[]>>();
  for (const { type, nodeId, simTimeMs, attributes } of events) {
    if (type !== 'handover' || nodeId === null || simTimeMs >= endMs) continue;
    const ofNode = times.get(nodeId) ?? new Map<number, string[]>();
    times.set(nodeId, ofNode);
    ofNode.set(simTimeMs, [...(ofNode.get(simTimeMs) ?? []), `${attributes.from} → ${attributes.to}`]);
  }
  return new Map([...times].map(([node, ofNode]) => [node, notes([...ofNode], showMs, endMs)]));
}

function notes(handovers: readonly (readonly [timeMs: number, changes: readonly string[]])[], showMs: number, endMs: number): HandoverNote[] {
  return handovers.map(([timeMs, changes], i) => {
    const next = handovers[i + 1]?.[0] ?? endMs;
    return { text: changes.join('\n'), interval: [timeMs, Math.min(timeMs + showMs, next, endMs)] };
  });
}
