import type { LinkId, LinkState, TickUpdate } from '@satsim/core';

/** Where two streams of ticks part: the first tick, in it the first link by id, of it the first field. */
export interface Divergence {
  readonly tickIndex: number;
  readonly simTimeMs: number;
  /** `null` where the tick itself differs. */
  readonly linkId: LinkId | null;
  readonly field: string;
  /** What was recorded; `null` where there is nothing. */
  readonly expected: unknown;
  readonly actual: unknown;
}

const LINK_FIELDS = ['up', 'oneWayDelayMs', 'capacityMbps', 'lossPct', 'kind', 'source', 'target'] as const;
const BUDGET_FIELDS = ['elevationDeg', 'azimuthDeg', 'slantRangeKm', 'snrDb', 'marginDb', 'modcod'] as const;

/** The first thing in which two ticks differ; `null` when none that is a part of the trace does. */
export function differenceOf(expected: TickUpdate, actual: TickUpdate): Divergence | null {
  const { tickIndex, simTimeMs } = expected;
  const at = (linkId: LinkId | null, field: string, was: unknown, is: unknown): Divergence => ({
    tickIndex,
    simTimeMs,
    linkId,
    field,
    expected: was ?? null,
    actual: is ?? null,
  });
  for (const field of ['tickIndex', 'simTimeMs', 'snapshot'] as const)
    if (expected[field] !== actual[field]) return at(null, field, expected[field], actual[field]);

  const [gone, goneNow] = [[...expected.removals].sort(), [...actual.removals].sort()];
  for (let i = 0; i < Math.max(gone.length, goneNow.length); i += 1) {
    if (gone[i] === goneNow[i]) continue;
    const first = [gone[i], goneNow[i]].filter((id) => id !== undefined).sort()[0]!;
    return at(first, 'removed', gone.includes(first), goneNow.includes(first));
  }

  const [links, linksNow] = [expected.updates.toSorted(byId), actual.updates.toSorted(byId)];
  for (let i = 0; i < Math.max(links.length, linksNow.length); i += 1) {
    const [was, is] = [links[i], linksNow[i]];
    if (was?.linkId !== is?.linkId) {
      const first = [was?.linkId, is?.linkId].filter((id) => id !== undefined).sort()[0]!;
      return at(first, 'updated', was?.linkId === first, is?.linkId === first);
    }
    const field = was && is ? fieldOf(was, is) : null;
    if (field !== null) return at(was!.linkId, field, valueOf(was!, field), valueOf(is!, field));
  }
  return null;
}

/**
 * One line for people.
 * @param runs where two recordings are held against each other: which has what was expected, and which the other
 */
export function describeDivergence({ tickIndex, simTimeMs, linkId, field, expected, actual }: Divergence, runs?: readonly [string, string]): string {
  const where = `tick ${tickIndex} (${new Date(simTimeMs).toISOString()})${linkId === null ? '' : `, link ${linkId}`}, ${field}`;
  const [was, is] = [JSON.stringify(expected), JSON.stringify(actual)];
  return `${where}: ${runs ? `${was} in ${runs[0]}, ${is} in ${runs[1]}` : `${was} was recorded, now it is ${is}`}`;
}

const byId = (a: LinkState, b: LinkState): number => (a.linkId < b.linkId ? -1 : a.linkId > b.linkId ? 1 : 0);

function fieldOf(was: LinkState, is: LinkState): string | null {
  const own = LINK_FIELDS.find((field) => text(was[field]) !== text(is[field]));
  if (own !== undefined) return own;
  if ((was.rf === undefined) !== (is.rf === undefined)) return 'rf';
  const budget = BUDGET_FIELDS.find((field) => text(was.rf?.[field]) !== text(is.rf?.[field]));
  return budget === undefined ? null : `rf.${budget}`;
}

function valueOf(link: LinkState, field: string): unknown {
  return field.startsWith('rf.') ? link.rf?.[field.slice('rf.'.length) as keyof NonNullable<LinkState['rf']>] : link[field as keyof LinkState];
}

/** As it stands in the trace, which has one zero. */
const text = (value: unknown): string => JSON.stringify(value ?? null);
