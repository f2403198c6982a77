import { SatsimError, suggest } from '@satsim/core';
import { NodeRole } from '@satsim/geomrf-proto';
import type { NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';

const MOST_NAMES = 12;

/**
 * The satellite or ground node that somebody named.
 * @throws SatsimError USAGE with the name that was probably meant
 */
export function nodeNamed({ nodes }: ScenarioSpec, id: string, kind: 'satellite' | 'ground', option: string): NodeSpec {
  const fitting = nodes.filter(({ role }) => (role === NodeRole.SATELLITE) === (kind === 'satellite'));
  const found = fitting.find((node) => node.id === id);
  if (found !== undefined) return found;
  const known = fitting.map((node) => node.id);
  const near = suggest(id, known);
  const some = known.slice(0, MOST_NAMES).join(', ') + (known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : '');
  const hint = near !== undefined ? `Did you mean ${near}?` : known.length === 0 ? undefined : `Known: ${some}`;
  const what = kind === 'satellite' ? 'satellite' : 'site';
  throw new SatsimError('USAGE', `${option} ${id}: ${known.length === 0 ? `the scenario has no ${what}` : `there is no ${what} ${id}`}`, { hint });
}
