import { SatsimError } from '@satsim/core/records';

const OPERATORS = ['<=', '>=', '!=', '=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

/** A condition on one field of the normalised scenario, such as `links.gsl.min_elevation_deg>=25`. */
export interface Param {
  readonly path: readonly (string | number)[];
  readonly operator: Operator;
  /** JSON where it is some, else text. */
  readonly value: unknown;
  /** As it was typed: `7` is the number and the text. */
  readonly text: string;
}

const PARAM = /^([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])*)\s*(<=|>=|!=|=|<|>)\s*(.*)$/s;

/**
 * `key.path[0].x=value`, or with `!=`, `<`, `<=`, `>`, `>=`.
 * @throws SatsimError USAGE
 */
export function parseParam(text: string): Param {
  const [, path, operator, value] = PARAM.exec(text) ?? [];
  if (path === undefined) {
    throw new SatsimError('USAGE', `--param ${text} is no condition on a field`, {
      hint: 'write path=value, for example seed=7 or links.gsl.min_elevation_deg>=25',
    });
  }
  const keys = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index)));
  return { path: keys, operator: operator as Operator, value: parsed(value!), text: value! };
}

/** A scenario without the field meets no condition on it. */
export function holds(scenario: unknown, { path, operator, value, text }: Param): boolean {
  const found = path.reduce<unknown>(
    (node, key) => (node !== null && typeof node === 'object' ? (node as Record<string | number, unknown>)[key] : undefined),
    scenario,
  );
  if (found === undefined) return false;
  const same = JSON.stringify(found) === JSON.stringify(value) || found === text;
  if (operator === '=') return same;
  if (operator === '!=') return !same;
  const order = orderOf(found, value);
  return order !== null && { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator];
}

/** `null` for what has no order: numbers and texts do, ISO times among them. */
function orderOf(a: unknown, b: unknown): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
