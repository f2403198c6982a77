import type { NetworkNode, NodeId } from '@satsim/core';
import type { HandoverNote } from './handovers.js';
import { type Interval, isoInterval, isoTime, showDuring } from './intervals.js';
import type { LinkPair } from './link-history.js';
import type { FlowPath } from './path-history.js';
import { flowColor, HANDOVER_COLOR, LINK_COLORS, NODE_COLORS, solid } from './style.js';
import { INTERPOLATION_DEGREE, type Track } from './track.js';

/** One object of a CZML document; see the CZML Guide of the Cesium project. */
export type Packet = Readonly<Record<string, unknown>> & { readonly id: string };

/** Ids of nodes have no `/`: no packet can be taken for another. */
const nodePacketId = (id: NodeId): string => `node/${id}`;
const positionOf = (id: NodeId): string => `${nodePacketId(id)}#position`;

export function documentPacket(name: string, span: Interval, multiplier: number): Packet {
  const clock = { interval: isoInterval(span), currentTime: isoTime(span[0]), multiplier, range: 'LOOP_STOP', step: 'SYSTEM_CLOCK_MULTIPLIER' };
  return { id: 'document', name, version: '1.0', clock };
}

export function nodePacket({ id, role }: NetworkNode, track: Track, span: Interval, pixelSize: number): Packet {
  const satellite = role === 'satellite';
  const [from, to] = [track.samples[0]!, track.samples.at(-4)!].map((seconds) => span[0] + Math.round(seconds * 1e3)) as [number, number];
  // A satellite that decays on the way is there as long as it has positions.
  const availability = from > span[0] || to < span[1] ? { availability: isoInterval([from, to]) } : {};
  const label = { text: id, font: '13px sans-serif', horizontalOrigin: 'LEFT', pixelOffset: { cartesian2: [10, 0] }, fillColor: { rgba: NODE_COLORS[role] } };
  return {
    id: nodePacketId(id),
    name: id,
    ...availability,
    position: positionPacket(track, span[0], satellite),
    point: { pixelSize, color: { rgba: NODE_COLORS[role] } },
    ...(!satellite && { label }),
  };
}

/** Earth-fixed, as the engine tells it: TEME is not the inertial frame of Cesium. Orbits are smooth, the ways of ships are not. */
function positionPacket({ samples, fixed }: Track, epochMs: number, smooth: boolean): object {
  if (fixed) return { referenceFrame: 'FIXED', cartesian: samples.slice(1, 4) };
  const interpolation = smooth
    ? { interpolationAlgorithm: 'LAGRANGE', interpolationDegree: INTERPOLATION_DEGREE }
    : { interpolationAlgorithm: 'LINEAR', interpolationDegree: 1 };
  return { referenceFrame: 'FIXED', epoch: isoTime(epochMs), ...interpolation, cartesian: samples };
}

export function linkPacket({ kind, ends }: LinkPair, up: readonly Interval[], span: Interval): Packet {
  const [a, b] = ends;
  const polyline = {
    ...line(ends, kind === 'terrestrial' ? 'GEODESIC' : 'NONE'),
    width: kind === 'isl' ? 1 : 2,
    material: solid(LINK_COLORS[kind]),
    show: showDuring(up, span),
  };
  return { id: `link/${kind}/${a}/${b}`, name: `${kind} ${a} – ${b}`, polyline };
}

/** @param index of the flow, for its colour; @param number of the path among those of the flow in this lane */
export function pathPacket({ lane, flow, nodes }: FlowPath, taken: readonly Interval[], index: number, number: number, span: Interval): Packet {
  const polyline = { ...line(nodes, 'NONE'), width: 4, material: solid(flowColor(index)), show: showDuring(taken, span) };
  return { id: `flow/${lane}/${flow}/${number}`, name: `${flow} (${lane}): ${nodes.join(' > ')}`, polyline };
}

export function handoverPacket(id: NodeId, notes: readonly HandoverNote[], span: Interval): Packet {
  const show = showDuring(
    notes.map(({ interval }) => interval),
    span,
  );
  const label = {
    text: notes.map(({ text, interval }) => ({ interval: isoInterval(interval), string: text })),
    font: '13px sans-serif',
    horizontalOrigin: 'LEFT',
    pixelOffset: { cartesian2: [10, 22] },
    fillColor: { rgba: HANDOVER_COLOR },
    show,
  };
  const point = { pixelSize: 14, color: { rgba: [0, 0, 0, 0] }, outlineColor: { rgba: HANDOVER_COLOR }, outlineWidth: 3, show };
  return { id: `handover/${id}`, name: `handovers of ${id}`, position: { reference: positionOf(id) }, label, point };
}

const line = (nodes: readonly NodeId[], arcType: 'NONE' | 'GEODESIC') => ({ positions: { references: nodes.map(positionOf) }, arcType });
