import { SatsimError } from '@satsim/core';
import type { LinkIdentity, NodeId } from '@satsim/core';

/**
 * Tells satellites (`true`) from what is on the ground: ends of ISLs are satellites, ends of terrestrial lines and the given
 * sites are not, and a ground-to-satellite link has one of each.
 *
 * @throws SatsimError TRACE_INVALID naming a link that says nothing of its ends
 */
export function nodeRoles(links: readonly LinkIdentity[], sites: Iterable<NodeId>): ReadonlyMap<NodeId, boolean> {
  const inSpace = new Map<NodeId, boolean>();
  const neighbours = new Map<NodeId, Set<NodeId>>();
  const say = (id: NodeId, space: boolean, why: string): void => {
    if ((inSpace.get(id) ?? space) !== space) throw new SatsimError('TRACE_INVALID', `${id} cannot be a satellite and on the ground: ${why}`);
    inSpace.set(id, space);
  };
  const linked = new Set(links.flatMap(({ source, target }) => [source, target]));
  for (const id of sites) if (linked.has(id)) say(id, false, 'it is a site of the scenario');
  for (const { linkId, kind, source, target } of links) {
    for (const [end, other] of [
      [source, target],
      [target, source],
    ] as const) {
      if (kind === 'gsl') (neighbours.get(end) ?? neighbours.set(end, new Set()).get(end)!).add(other);
      else say(end, kind === 'isl', linkId);
    }
  }
  const queue = [...inSpace.keys()];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const other of neighbours.get(id) ?? []) {
      if (!inSpace.has(other)) queue.push(other);
      say(other, !inSpace.get(id)!, `it has a gsl link to ${id}`);
    }
  }
  const unknown = links.find(({ source }) => !inSpace.has(source));
  if (unknown)
    throw new SatsimError('TRACE_INVALID', `nothing says which end of ${unknown.linkId} is the satellite`, {
      hint: 'list the sites in `ground`; of a trace alone with --set "ground=[{ id: …, lat: …, lon: …, role: user_terminal }]"',
    });
  return inSpace;
}
