import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Scenario } from '@satsim/core';
import { IslPattern, LinkType } from '@satsim/geomrf-proto';
import type { DeltaThresholdsSchema, LinkSelectorSchema, ScenarioSpec } from '@satsim/geomrf-proto';

const LINK_TYPES = {
  isl: [LinkType.ISL],
  gsl: [LinkType.SAT_GS, LinkType.SAT_UT],
  terrestrial: [LinkType.TERRESTRIAL],
} as const;

export type Selector = MessageInitShape<typeof LinkSelectorSchema>;
export type Thresholds = Required<Pick<MessageInitShape<typeof DeltaThresholdsSchema>, 'delayS' | 'capacityBps' | 'lossRate'>>;

/** Every change counts. */
export const NO_THRESHOLDS: Thresholds = { delayS: 0, capacityBps: 0, lossRate: 0 };

/** Which links are streamed: `geomrf.selector_defaults`, or else the link types that the specification declares. */
export function selectorOf(scenario: Scenario, spec: ScenarioSpec): Selector {
  const given = scenario.geomrf.selector_defaults ?? {};
  const linkTypes = (given.link_types ?? []).flatMap((type) => LINK_TYPES[type]);
  const nodeIds = given.node_ids ?? [];
  if (given.all_links === true || linkTypes.length > 0 || nodeIds.length > 0) return { linkTypes, nodeIds, allLinks: given.all_links ?? false };
  const pattern = spec.isl?.pattern ?? IslPattern.ISL_PATTERN_UNSPECIFIED;
  return {
    linkTypes: [
      ...(pattern === IslPattern.ISL_PATTERN_UNSPECIFIED || pattern === IslPattern.ISL_NONE ? [] : LINK_TYPES.isl),
      ...LINK_TYPES.gsl,
      ...(spec.terrestrial.length > 0 ? LINK_TYPES.terrestrial : []),
    ],
    nodeIds: [],
    allLinks: false,
  };
}

/** `links.thresholds` over `geomrf.thresholds_defaults` over 0.01 ms, 0.1 Mbit/s and 0.01 %, key by key. */
export function thresholdsOf(scenario: Scenario): Thresholds {
  const first = scenario.links?.thresholds ?? {};
  const second = scenario.geomrf.thresholds_defaults ?? {};
  return {
    delayS: (first.delay_ms ?? second.delay_ms ?? 0.01) / 1e3,
    capacityBps: (first.capacity_mbps ?? second.capacity_mbps ?? 0.1) * 1e6,
    lossRate: (first.loss_pct ?? second.loss_pct ?? 0.01) / 100,
  };
}
