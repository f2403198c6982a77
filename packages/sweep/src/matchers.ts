import { canonicalJson } from './canonical.js';
import type { Cell } from './cells.js';
import type { Matcher } from './definition.js';

/** Names that a matcher may use beside the parameters. */
export const CELL_FIELDS = ['cell', 'replicate'] as const;

/** Whether a cell has all the values that a matcher names; a list stands for any of its items. */
export function selects(matcher: Matcher, cell: Cell): boolean {
  return Object.entries(matcher).every(([name, wanted]) => {
    if (name === 'cell') return (Array.isArray(wanted) ? wanted : [wanted]).some((id) => cell.cell.startsWith(String(id)));
    const value = canonicalJson((name === 'replicate' ? cell.replicate : cell.parameters[name]) ?? null);
    return canonicalJson(wanted) === value || (Array.isArray(wanted) && wanted.some((one) => canonicalJson(one) === value));
  });
}
