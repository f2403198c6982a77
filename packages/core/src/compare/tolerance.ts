import { SatsimError } from '../errors.js';

/** What is compared of a flow, in the order in which it is shown. */
export const COMPARED = ['rtt_ms', 'one_way_delay_ms', 'loss_pct', 'goodput_mbps', 'availability', 'path'] as const;
export type ComparedQuantity = (typeof COMPARED)[number];

/** How far two values may be apart: the sum of its terms. */
export interface Tolerance {
  /** In the unit of the quantity; of a path the share of samples, 0 to 1. */
  readonly absolute: number;
  /** Percent of the reference's value. */
  readonly percent: number;
  /** In the unit of the quantity, for each hop; only where a lane is statistical. */
  readonly perHop: number;
  /** Standard errors of a share that is estimated by counting: for loss and availability. */
  readonly standardErrors: number;
}
export type Tolerances = Readonly<Record<ComparedQuantity, Tolerance>>;

const NONE: Tolerance = { absolute: 0, percent: 0, perHop: 0, standardErrors: 0 };

/**
 * Delays: what packets add to the analytic value (serialisation, the tick in which they travel), and per hop what a real
 * kernel adds. Loss and availability: one part in a hundred, and what counting that many samples leaves to chance. Goodput:
 * headers. Paths: none; a lane in real time may be late by a sample at a change of path.
 */
export const DEFAULT_TOLERANCES: Tolerances = {
  rtt_ms: { ...NONE, absolute: 1, percent: 1, perHop: 0.2 },
  one_way_delay_ms: { ...NONE, absolute: 0.5, percent: 1, perHop: 0.1 },
  loss_pct: { ...NONE, absolute: 1, standardErrors: 3 },
  goodput_mbps: { ...NONE, percent: 5 },
  availability: { ...NONE, absolute: 0.01, standardErrors: 3 },
  path: NONE,
};

const UNITS: Readonly<Record<ComparedQuantity, string>> = {
  rtt_ms: 'ms',
  one_way_delay_ms: 'ms',
  loss_pct: 'pp',
  goodput_mbps: 'Mbit/s',
  availability: '',
  path: '',
};
const TERM = /^(\d+(?:\.\d+)?) *(ms|pp|Mbit\/s)?(%|\/hop|se)?$/;

/**
 * Tolerances from texts such as `rtt_ms=2ms+1%`, `rtt_ms=1ms+1%+0.2ms/hop`, `loss_pct=1pp+3se`, over the default ones. A quantity
 * that is named has the terms given and no others.
 * @throws SatsimError USAGE
 */
export function parseTolerances(texts: readonly string[]): Tolerances {
  const given = texts.map((text) => {
    const [name = '', terms = ''] = text.split('=', 2);
    const quantity = COMPARED.find((each) => each === name.trim());
    if (quantity === undefined) throw refused(text, `known quantities: ${COMPARED.join(', ')}`);
    return [quantity, sum(text, quantity, terms)] as const;
  });
  return { ...DEFAULT_TOLERANCES, ...Object.fromEntries(given) };
}

function sum(text: string, quantity: ComparedQuantity, terms: string): Tolerance {
  const total = { ...NONE };
  for (const term of terms.split('+')) {
    const [, number, unit, kind] = TERM.exec(term.trim()) ?? [];
    const wrongUnit = unit !== undefined && (unit !== UNITS[quantity] || kind === '%' || kind === 'se');
    if (number === undefined || wrongUnit) throw refused(text, `write it like ${quantity}=${formatTolerance(DEFAULT_TOLERANCES[quantity], quantity, true)}`);
    total[kind === '%' ? 'percent' : kind === '/hop' ? 'perHop' : kind === 'se' ? 'standardErrors' : 'absolute'] += Number(number);
  }
  return total;
}

const refused = (text: string, hint: string): SatsimError => new SatsimError('USAGE', `--tolerance ${text} is no tolerance`, { hint });

/** `1ms+1%+0.2ms/hop`, as {@link parseTolerances} reads it. */
export function formatTolerance({ absolute, percent, perHop, standardErrors }: Tolerance, quantity: ComparedQuantity, statistical: boolean): string {
  const unit = UNITS[quantity];
  const terms = [
    ...(absolute > 0 ? [`${absolute}${unit}`] : []),
    ...(percent > 0 ? [`${percent}%`] : []),
    ...(perHop > 0 && statistical ? [`${perHop}${unit}/hop`] : []),
    ...(standardErrors > 0 ? [`${standardErrors}se`] : []),
  ];
  return terms.length === 0 ? '0' : terms.join('+');
}
