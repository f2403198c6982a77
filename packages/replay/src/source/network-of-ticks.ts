import type { LinkId, LinkIdentity, NetworkNode, Scenario, TickUpdate } from '@satsim/core';
import { nodeRoles } from './node-roles.js';

/** What the ticks of a trace tell without the run that made them. */
export interface Seen {
  /** Of all ticks, by id. */
  readonly links: ReadonlyMap<LinkId, LinkIdentity>;
  readonly firstTick: number;
  readonly ticks: number;
}

/** Reads all of a trace once. */
export async function look(ticks: AsyncIterable<TickUpdate>): Promise<Seen> {
  const links = new Map<LinkId, LinkIdentity>();
  let [firstTick, count] = [0, 0];
  let known = 0;
  for await (const tick of ticks) {
    if (count === 0) firstTick = tick.tickIndex;
    count += 1;
    if (tick.columns) {
      // The table of a stream only grows.
      for (; known < tick.columns.links.length; known += 1) links.set(tick.columns.links[known]!.linkId, tick.columns.links[known]!);
    } else for (const link of tick.updates) links.set(link.linkId, link);
  }
  return { links, firstTick, ticks: count };
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
