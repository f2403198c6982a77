import type { LinkBudget } from '@satsim/core';
import type { LinkColumns } from '@satsim/geomrf-proto';
import { INDEX_BYTES, REAL_BYTES, column, refusing } from './wire-bytes.js';

/**
 * Geometry and radio figures of a batch's updates, in their order; `null` when the engine was not asked for them.
 *
 * @param modcods by their number on the wire
 * @throws GeomrfError when the columns do not fit together
 */
export function columnBudgets(columns: LinkColumns, modcods: readonly string[], tickIndex: number): readonly (LinkBudget | undefined)[] | null {
  if (columns.rangeM.length === 0) return null;
  const refuse = refusing(tickIndex);
  const n = columns.up.length;
  const reals = (bytes: Uint8Array, name: string) => {
    const view = column(bytes, n * REAL_BYTES, name, refuse);
    return (row: number): number | null => {
      const value = view.getFloat64(row * REAL_BYTES, true);
      return Number.isNaN(value) ? null : value;
    };
  };
  const rangeM = reals(columns.rangeM, 'range_m');
  const elevationDeg = reals(columns.elevationDeg, 'elevation_deg');
  const azimuthDeg = reals(columns.azimuthDeg, 'azimuth_deg');
  const snrDb = reals(columns.snrDb, 'snr_db');
  const marginDb = reals(columns.snrMarginDb, 'snr_margin_db');
  const modcodOf = column(columns.modcod, n * INDEX_BYTES, 'modcod', refuse);
  const modcod = (row: number): string | null => {
    const at = modcodOf.getInt32(row * INDEX_BYTES, true);
    return at === -1 ? null : (modcods[at] ?? refuse(`MODCOD ${at}; it named ${modcods.length}`));
  };
  return Array.from({ length: n }, (_, row) => {
    const range = rangeM(row);
    if (range === null) return undefined;
    return {
      elevationDeg: elevationDeg(row),
      azimuthDeg: azimuthDeg(row),
      slantRangeKm: range / 1e3,
      snrDb: snrDb(row),
      marginDb: marginDb(row),
      modcod: modcod(row),
    };
  });
}
