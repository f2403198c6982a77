import type { ObservedLink } from './lane-subject.js';

/** Links by id: those that ticks say, or those that were observed. */
export interface Links {
  get(id: string): ObservedLink | undefined;
  values(): Iterable<ObservedLink>;
}

/** Compares what a harness observes with what should be in force; one sentence for each link that differs. */
export function faultsInForce(wanted: Links, observed: ReadonlyMap<string, ObservedLink>): string[] {
  const extra = [...observed.keys()].filter((id) => wanted.get(id) === undefined).map((id) => `${id} is still there`);
  const others = [...wanted.values()].flatMap((link) => {
    const found = observed.get(link.linkId);
    if (found === undefined) return [`${link.linkId} is gone`];
    const wrong = differences(link, found);
    return wrong.length === 0 ? [] : [`${link.linkId}: ${wrong.join(', ')}`];
  });
  return [...extra, ...others];
}

/** Kernels and simulators round: a microsecond, a thousandth of a percent, a thousandth of the capacity pass. */
function differences(wanted: ObservedLink, found: ObservedLink): string[] {
  const wrong: string[] = [];
  // One without capacity carries nothing, and may as well be down.
  if (carries(found) !== carries(wanted)) wrong.push(carries(wanted) ? 'it carries nothing' : 'it carries packets');
  // What a link that carries nothing would do to packets is nobody's business.
  if (!carries(wanted)) return wrong;
  const compare = (field: 'oneWayDelayMs' | 'lossPct' | 'capacityMbps', tolerance: number) => {
    if (!(Math.abs(found[field] - wanted[field]) <= tolerance)) wrong.push(`${field} is ${found[field]}, not ${wanted[field]}`);
  };
  compare('oneWayDelayMs', 1e-3);
  compare('lossPct', 1e-3);
  compare('capacityMbps', wanted.capacityMbps * 1e-3);
  return wrong;
}

const carries = ({ up, capacityMbps }: ObservedLink): boolean => up && capacityMbps > 0;
