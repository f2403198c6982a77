import type { LinkState } from '@satsim/core';
import { queryLinks } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { addQueryOptions, askAt } from '../engine-query.js';
import type { QueryVerbOptions } from '../engine-query.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';

/** Fixed: others read this format. */
const HEADER = [
  'src',
  'dst',
  'type',
  'up',
  'elevation_deg',
  'azimuth_deg',
  'range_km',
  'one_way_delay_ms',
  'capacity_mbps',
  'loss_pct',
  'snr_db',
  'margin_db',
  'modcod',
];

export function define(command: Command): void {
  addQueryOptions(command)
    .addHelpText(
      'after',
      example(
        'satsim links examples/iridium.satsim.yaml --at 2026-11-20T00:00:00Z',
        'satsim links examples/iridium.satsim.yaml --at 2026-11-20T00:00:00Z --format csv > links.csv',
      ),
    )
    .action(links);
}

async function links(file: string, options: QueryVerbOptions): Promise<void> {
  const found = await askAt(file, options, queryLinks);
  await printRows(found.map(rowOf), HEADER, options.format);
}

function rowOf(link: LinkState): Row {
  return {
    src: link.source,
    dst: link.target,
    type: link.kind,
    up: link.up,
    elevation_deg: link.rf?.elevationDeg ?? null,
    azimuth_deg: link.rf?.azimuthDeg ?? null,
    range_km: link.rf?.slantRangeKm ?? null,
    one_way_delay_ms: link.oneWayDelayMs,
    capacity_mbps: link.capacityMbps,
    loss_pct: link.lossPct,
    snr_db: link.rf?.snrDb ?? null,
    margin_db: link.rf?.marginDb ?? null,
    modcod: link.rf?.modcod ?? null,
  };
}
