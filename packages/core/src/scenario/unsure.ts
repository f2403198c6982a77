import type { Scenario } from '../contract/scenario.js';

/**
 * A scenario without the fields that may name nodes which got lost with faulty parts: nothing can be said of those fields.
 * Lists go as a whole, as the indices of their items have a meaning.
 *
 * @param lost what the ids of lost nodes start with; empty where that is not known
 */
export function withoutUnsure(scenario: Scenario, lost: readonly string[]): Scenario {
  if (lost.length === 0) return scenario;
  const mayBeLost = (id: string): boolean => {
    // Of a pattern, what stands before its first wildcard.
    const [head = ''] = id.split(/[*?]/, 1);
    return lost.some((start) => head.startsWith(start) || (head !== id && start.startsWith(head)));
  };
  const sure = <Item>(list: readonly Item[] | undefined, idsOf: (item: Item) => readonly (string | undefined)[]): boolean =>
    !list?.some((item) => idsOf(item).some((id) => id !== undefined && mayBeLost(id)));
  const { terminals, links, weather, faults, traffic, geomrf, ...rest } = scenario;
  const { isl, terrestrial, ...otherLinks } = links ?? {};
  const { pairs, ...otherIsl } = isl ?? {};
  const { node_ids: nodeIds, ...otherSelector } = geomrf.selector_defaults ?? {};
  return {
    ...rest,
    ...(terminals && { terminals: Object.fromEntries(Object.entries(terminals).filter(([id]) => !mayBeLost(id))) }),
    ...(links && {
      links: {
        ...otherLinks,
        ...(isl && { isl: sure(pairs, (pair) => pair) ? isl : (otherIsl as typeof isl) }),
        ...(terrestrial && sure(terrestrial, ({ a, b }) => [a, b]) && { terrestrial }),
      },
    }),
    ...(weather && sure(weather, ({ site }) => [site]) && { weather }),
    ...(faults && sure(faults, ({ node, link = [] }) => [node, ...link]) && { faults }),
    traffic: sure(traffic, ({ from, to }) => [from, to]) ? traffic : [],
    geomrf: sure(nodeIds, (id) => [id]) ? geomrf : { ...geomrf, selector_defaults: otherSelector },
  };
}
