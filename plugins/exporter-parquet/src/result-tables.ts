import type { EngineEvent, FlowSample } from '@satsim/core';
import { integer, map, real, timestamp, word, words } from './column.js';
import type { Table } from './parquet-table.js';

/** Events come in the order of `seq`. */
export const EVENTS: Table<EngineEvent> = {
  path: 'results/events.parquet',
  columns: [
    integer('seq', (event) => event.seq),
    integer('tick_index', (event) => event.tickIndex),
    timestamp('sim_time', (event) => event.simTimeMs),
    word('type', (event) => event.type),
    word('link_id', (event) => event.linkId, { optional: true }),
    word('node_id', (event) => event.nodeId, { optional: true }),
    map('attributes', (event) => event.attributes),
  ],
  sortedBy: ['seq'],
};

const optional = { optional: true };

/** Lanes don't wait for each other: samples are sorted, so that the file doesn't tell who was faster. */
export const FLOWS: Table<FlowSample> = {
  path: 'results/flows.parquet',
  columns: [
    timestamp('sim_time', (sample) => sample.simTimeMs),
    word('lane', (sample) => sample.lane),
    word('flow', (sample) => sample.flow),
    real('rtt_ms', (sample) => sample.rttMs, optional),
    real('one_way_delay_ms', (sample) => sample.oneWayDelayMs, optional),
    real('loss_pct', (sample) => sample.lossPct, optional),
    real('goodput_mbps', (sample) => sample.goodputMbps, optional),
    integer('hops', (sample) => sample.hops, optional),
    word('path_hash', (sample) => sample.pathHash, optional),
    word('bottleneck_link', (sample) => sample.bottleneck ?? null, optional),
    words('path', (sample) => sample.path ?? null),
  ],
  sortedBy: ['sim_time', 'lane', 'flow'],
  compare: (a, b) => a.simTimeMs - b.simTimeMs || compareText(a.lane, b.lane) || compareText(a.flow, b.flow),
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
