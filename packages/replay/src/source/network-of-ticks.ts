import type { LinkId, LinkIdentity, NetworkNode, Scenario } from '@satsim/core';
import type { Extent } from './extent.js';
import { nodeRoles } from './node-roles.js';
import { noTick, type Recording } from './recording.js';

/** What the ticks of a trace tell without the run that made them. */
export interface Seen extends Extent {
  /** Of all ticks, by id. */
  readonly links: ReadonlyMap<LinkId, LinkIdentity>;
}

/**
 * Reads all of a trace once.
 * @throws SatsimError ARTIFACTS where no tick was recorded, TRACE_INVALID
 */
export async function look({ trace }: Pick<Recording, 'trace'>): Promise<Seen> {
  const links = new Map<LinkId, LinkIdentity>();
  let [first, count] = [0, 0];
  let known = 0;
  for await (const tick of trace.ticks) {
    if (count === 0) first = tick.tickIndex;
    count += 1;
    if (tick.columns) {
      // The table of a stream only grows.
      for (; known < tick.columns.links.length; known += 1) links.set(tick.columns.links[known]!.linkId, tick.columns.links[known]!);
    } else for (const link of tick.updates) links.set(link.linkId, link);
  }
  // Something else may have been recorded behind the damage.
  if (count === 0) throw noTick(trace.path, trace.damage, trace.damage === null ? '' : ` before the damage: ${trace.damage.message}`);
  return { links, first, count, damage: trace.damage };
}

/**
 * The nodes of a trace, from its links: what has an inter-satellite link is a satellite, and so is the other end of a
 * `gsl` link of a site. The scenario's `ground` says what sites there are, where links alone do not.
 *
 * @throws SatsimError TRACE_INVALID naming a link whose ends could be either
 */
export function nodesOf(links: ReadonlyMap<LinkId, LinkIdentity>, { ground = [] }: Pick<Scenario, 'ground'>): readonly NetworkNode[] {
  const sites = new Map(ground.flatMap((item) => ('id' in item ? [[item.id, { role: item.role, relay: item.relay }] as const] : [])));
  const roles = nodeRoles([...links.values()], sites.keys());
  const nodes = [...roles].map(([id, space]): NetworkNode =>
    space ? { id, role: 'satellite', relay: true } : { id, ...(sites.get(id) ?? { role: 'ground_station', relay: false }) },
  );
  for (const [id, site] of sites) if (!roles.has(id)) nodes.push({ id, ...site });
  const byId = (a: NetworkNode, b: NetworkNode): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return [...nodes.filter(({ role }) => role === 'satellite').sort(byId), ...nodes.filter(({ role }) => role !== 'satellite').sort(byId)];
}
