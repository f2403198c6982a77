import type { Selection } from '../links/selector.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { needsEverySite } from './chooser.js';

/** Indices of the sites with a link that may be selected; of all of them where what one gets depends on the others. */
export function wantedSites(scenario: CompiledScenario, selection: Selection): readonly number[] {
  const { gsl } = scenario.spec;
  if (gsl === undefined) return [];
  const all = scenario.sites.map((_, index) => index);
  if (needsEverySite(scenario, gsl)) return all;
  const satellites = new Set(scenario.satelliteNodes);
  return all.filter((index) => selection.mayHave(scenario.sites[index].linkType, scenario.sites[index].node, (other) => satellites.has(other)));
}
