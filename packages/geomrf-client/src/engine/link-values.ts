import { GeomrfError, linkId } from '@satsim/core';
import type { LinkIdentity, LinkKind } from '@satsim/core';
import { LinkType } from '@satsim/geomrf-proto';

const KINDS: Readonly<Record<number, LinkKind>> = {
  [LinkType.SAT_GS]: 'gsl',
  [LinkType.SAT_UT]: 'gsl',
  [LinkType.ISL]: 'isl',
  [LinkType.TERRESTRIAL]: 'terrestrial',
};

/** @throws GeomrfError for a link type that this version does not know */
export function identify(linkType: number, source: string, target: string): LinkIdentity {
  const kind = KINDS[linkType];
  if (kind === undefined) throw new GeomrfError('GEOMRF_INTERNAL', `the engine sent a link of the unknown type ${linkType}: ${source} to ${target}`);
  return { linkId: linkId(kind, source, target), source, target, kind };
}

// Rounded so that numbers stay short: to a picosecond, a bit per second and 1e-9 %, all far below any meaning.
export const toDelayMs = (seconds: number): number => Math.round(seconds * 1e12) / 1e9;
export const toCapacityMbps = (bps: number): number => Math.round(bps) / 1e6;
export const toLossPct = (rate: number): number => Math.round(rate * 1e11) / 1e9;

/** Whether a link can be so; comparisons with NaN are false. */
export function isSound(delayS: number, capacityBps: number, lossRate: number): boolean {
  return delayS >= 0 && delayS < Infinity && capacityBps >= 0 && capacityBps < Infinity && lossRate >= 0 && lossRate <= 1;
}

export function unsound(tickIndex: number, link: LinkIdentity, delayS: number, capacityBps: number, lossRate: number): GeomrfError {
  const what = `delay ${delayS} s, capacity ${capacityBps} bit/s, loss ${lossRate}`;
  return new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex}: the engine sent ${link.linkId} with ${what}`, { tickIndex });
}
