import { LinkType } from '@satsim/geomrf-proto';
import type { DeltaThresholds, LinkSelector } from '@satsim/geomrf-proto';
import type { CompiledScenario } from './compiled.js';
import type { Faults } from './faults.js';

const TYPES = [LinkType.SAT_GS, LinkType.SAT_UT, LinkType.ISL, LinkType.TERRESTRIAL];

/** An empty selector without `all_links` is a mistake, not a wish for everything. */
export function checkSelector(selector: LinkSelector | undefined, scenario: CompiledScenario, faults: Faults): selector is LinkSelector {
  const empty = selector === undefined || (!selector.allLinks && selector.linkTypes.length + selector.nodeIds.length + selector.links.length === 0);
  if (!faults.check(!empty, 'selector', 'selects nothing: name link types, nodes or links, or set all_links')) return false;
  const { linkTypes, nodeIds, links } = selector!;
  linkTypes.forEach((type, i) => faults.check(TYPES.includes(type), `selector.link_types[${i}]`, `${type} is not a link type`));
  nodeIds.forEach((id, i) => faults.check(scenario.indexOf.has(id), `selector.node_ids[${i}]`, `there is no node '${id}'`));
  links.forEach(({ src, dst, linkType }, i) => {
    faults.check(scenario.indexOf.has(src), `selector.links[${i}].src`, `there is no node '${src}'`);
    faults.check(scenario.indexOf.has(dst), `selector.links[${i}].dst`, `there is no node '${dst}'`);
    faults.check(TYPES.includes(linkType), `selector.links[${i}].link_type`, `${linkType} is not a link type`);
  });
  return true;
}

export function checkThresholds(thresholds: DeltaThresholds | undefined, faults: Faults): void {
  if (thresholds === undefined) return;
  faults.nonNegative(thresholds.delayS, 'thresholds.delay_s');
  faults.nonNegative(thresholds.capacityBps, 'thresholds.capacity_bps');
  faults.nonNegative(thresholds.lossRate, 'thresholds.loss_rate');
}
