import type { LinkId, LinkState, TickColumns, TickUpdate } from './tick.js';

/**
 * A tick out of columns, for tick sources that have them. Its removals and updates are made of the columns when somebody
 * first asks for them, and remembered.
 *
 * `columns` itself is not enumerable: a copy of the tick (`{ ...tick }`, `structuredClone`, JSON) has the objects alone, so
 * whoever changes the copy leaves no columns in it that say something else.
 */
export function columnTick(head: Omit<TickUpdate, 'removals' | 'updates' | 'columns'>, columns: TickColumns): TickUpdate {
  let removals: readonly LinkId[] | null = null;
  let updates: readonly LinkState[] | null = null;
  const tick: Omit<TickUpdate, 'columns'> = {
    ...head,
    get removals() {
      return (removals ??= Array.from(columns.removals, (number) => columns.links[number]!.linkId));
    },
    get updates() {
      return (updates ??= states(columns));
    },
  };
  return Object.defineProperty(tick, 'columns', { value: columns });
}

function states({ links, link, up, oneWayDelayMs, capacityMbps, lossPct }: TickColumns): LinkState[] {
  return Array.from(link, (number, row): LinkState => {
    const { linkId, source, target, kind } = links[number]!;
    return {
      linkId,
      source,
      target,
      kind,
      up: up[row] === 1,
      oneWayDelayMs: oneWayDelayMs[row]!,
      capacityMbps: capacityMbps[row]!,
      lossPct: lossPct[row]!,
    };
  });
}
