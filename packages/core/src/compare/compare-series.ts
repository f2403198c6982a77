import { distributionOf } from '../artifacts/numbers.js';
import type { FlowSeries } from './flow-series.js';
import { pairSamples } from './pair-samples.js';
import { COMPARED, type ComparedQuantity, formatTolerance, type Tolerance, type Tolerances } from './tolerance.js';

/** One lane of one run, and what it said of the quantity over the whole run; `null` where the figure means nothing. */
export interface ComparedSide {
  readonly runId: string;
  readonly lane: string;
  /** Samples with the quantity. */
  readonly n: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p99: number | null;
}

/** How one lane's view of a quantity of one flow stands to that of the reference. */
export interface FlowComparison {
  readonly flow: string;
  readonly quantity: ComparedQuantity;
  readonly reference: ComparedSide;
  readonly other: ComparedSide;
  /** Samples of both at the same sim time: what difference and verdict are made of. Those on a handover are left out. */
  readonly pairs: number;
  /** Pairs that are left out, as they fell on a handover; of the paths of lanes that compute none are. */
  readonly handovers: number;
  /**
   * Other minus reference. Delays: the median over the pairs; goodput: between the medians; loss and availability: between the
   * means; path: pairs with another path. Without pairs between the whole runs.
   */
  readonly difference: number | null;
  /** Percent of the reference's value; of a path the share of the pairs. `null` of 0. */
  readonly differencePct: number | null;
  /** Pairs that are further apart than the tolerance; `null` where single pairs mean nothing. */
  readonly outside: number | null;
  /** For example `1ms+1%`. */
  readonly tolerance: string;
  /** `null` where there is no common time to judge by. */
  readonly verdict: 'agree' | 'differ' | null;
}

export interface Side {
  readonly runId: string;
  readonly lane: string;
  /** Whether two runs of the lane differ. */
  readonly statistical: boolean;
  /** Packets in a second of samples; `null` where a sample is one packet, or what it counts is not known. */
  readonly packetsPerS: number | null;
  readonly series: FlowSeries;
}

/** The quantities that both have; of tcp not loss, by which lanes mean different things. */
export function compareSides(flow: string, kind: string, reference: Side, other: Side, tolerances: Tolerances): FlowComparison[] {
  const { steady, onHandover, intervalMs } = pairSamples(reference.series, other.series);
  const statistical = reference.statistical || other.statistical;
  const hops = reference.series.hops.values();
  const packets = Math.min(...[reference, other].map(({ packetsPerS }) => (packetsPerS === null ? 1 : Math.max(1, (packetsPerS * intervalMs) / 1e3))));
  return COMPARED.flatMap((quantity) => {
    if (kind === 'tcp' && quantity === 'loss_pct') return [];
    const [values, otherValues] = [valuesOf(reference.series, quantity), valuesOf(other.series, quantity)];
    const sides = [sideOf(reference, quantity, values), sideOf(other, quantity, otherValues)] as const;
    if (sides[0].n === 0 || sides[1].n === 0) return [];
    // Whoever computes has the same path at every time: the routing is one for all lanes.
    const always = quantity === 'path' && !statistical;
    const common = (always ? [...steady, ...onHandover] : steady).filter(([one, two]) => !Number.isNaN(values[one]!) && !Number.isNaN(otherValues[two]!));
    const view: View = {
      of: Float64Array.from(common, ([one]) => values[one]!),
      other: Float64Array.from(common, ([, two]) => otherValues[two]!),
      hops: Float64Array.from(common, ([one]) => hops[one]! || 0),
      tolerance: tolerances[quantity],
      lost: quantity === 'availability' ? expectedLoss(reference.series) : 0,
      counted: common.length * (quantity === 'loss_pct' ? packets : 1),
      statistical,
      single: kind === 'ping',
    };
    const judged = common.length > 0 ? JUDGES[quantity](view) : apart(quantity, sides);
    const tolerance = formatTolerance(tolerances[quantity], quantity, statistical);
    return [{ flow, quantity, reference: sides[0], other: sides[1], pairs: common.length, handovers: always ? 0 : onHandover.length, ...judged, tolerance }];
  });
}

/** Pairs of one quantity. */
interface View {
  readonly of: Float64Array;
  readonly other: Float64Array;
  readonly hops: Float64Array;
  readonly tolerance: Tolerance;
  /** Of a share: what chance is expected to take from it, where single packets are counted. */
  readonly lost: number;
  /** By how many trials a share was found: packets of its loss, samples of its availability. */
  readonly counted: number;
  readonly statistical: boolean;
  /** Whether a sample is one packet, and not the mean of an interval in which paths may change. */
  readonly single: boolean;
}
type Judged = Pick<FlowComparison, 'difference' | 'differencePct' | 'outside' | 'verdict'>;

const JUDGES: Readonly<Record<ComparedQuantity, (view: View) => Judged>> = {
  rtt_ms: judgeDelay,
  one_way_delay_ms: judgeDelay,
  loss_pct: (view) => judgeShare(view, 100),
  goodput_mbps: judgeMedians,
  availability: (view) => judgeShare(view, 1),
  path: judgePath,
};

/** Single packets of lanes that compute must agree in every pair; means, and statistical lanes, in the median. */
function judgeDelay({ of, other, hops, tolerance, statistical, single }: View): Judged {
  const allowed = (value: number, links: number): number =>
    tolerance.absolute + (tolerance.percent / 100) * value + (statistical ? tolerance.perHop * links : 0);
  const differences = other.map((value, i) => value - of[i]!);
  const outside = differences.filter((difference, i) => !(Math.abs(difference) <= allowed(of[i]!, hops[i]!))).length;
  const difference = median(differences);
  const agree = single && !statistical ? outside === 0 : Math.abs(difference) <= allowed(median(of), median(hops));
  return { difference, differencePct: percent(difference, median(of)), outside, verdict: agree ? 'agree' : 'differ' };
}

/** Rates of single ticks depend on where a packet falls: their medians are compared. */
function judgeMedians({ of, other, tolerance }: View): Judged {
  const difference = median(other) - median(of);
  const agree = Math.abs(difference) <= tolerance.absolute + (tolerance.percent / 100) * median(of);
  return { difference, differencePct: percent(difference, median(of)), outside: null, verdict: agree ? 'agree' : 'differ' };
}

/** Shares of a `whole`. A lane that counts is only as sure as the square root of what it counted. */
function judgeShare({ of, other, counted, lost, tolerance }: View, whole: number): Judged {
  const [expected, found] = [mean(of), mean(other)];
  const share = Math.max(0, expected / whole - lost);
  const standardError = whole * Math.sqrt((share * (1 - share)) / counted);
  const allowed = whole * lost + tolerance.absolute + (tolerance.percent / 100) * expected + tolerance.standardErrors * standardError;
  const difference = found - expected;
  return { difference, differencePct: percent(difference, expected), outside: null, verdict: Math.abs(difference) <= allowed ? 'agree' : 'differ' };
}

function judgePath({ of, other, tolerance }: View): Judged {
  const outside = of.filter((path, i) => path !== other[i]).length;
  const agree = outside <= (tolerance.absolute + tolerance.percent / 100) * of.length;
  return { difference: outside, differencePct: (100 * outside) / of.length, outside, verdict: agree ? 'agree' : 'differ' };
}

/** Mean share of packets that are lost where there is a way: a lane that counts single packets takes each of them for an outage. */
function expectedLoss({ lossPct }: FlowSeries): number {
  const expected = lossPct.values().filter((loss) => loss < 100);
  return expected.length === 0 ? 0 : mean(expected) / 100;
}

/** Without a common time there is a difference between the whole runs, but nothing to judge by. */
function apart(quantity: ComparedQuantity, [reference, other]: readonly [ComparedSide, ComparedSide]): Judged {
  const figure = quantity === 'loss_pct' || quantity === 'availability' ? 'mean' : 'median';
  const [from, to] = [reference[figure], other[figure]];
  const difference = from === null || to === null ? null : to - from;
  return { difference, differencePct: difference === null ? null : percent(difference, from!), outside: null, verdict: null };
}

function valuesOf(series: FlowSeries, quantity: ComparedQuantity): Float64Array {
  if (quantity === 'rtt_ms') return series.rttMs.values();
  if (quantity === 'one_way_delay_ms') return series.oneWayDelayMs.values();
  if (quantity === 'goodput_mbps') return series.goodputMbps.values();
  if (quantity === 'path') return series.paths.values();
  const loss = series.lossPct.values();
  return quantity === 'loss_pct' ? loss : loss.map((value) => (Number.isNaN(value) ? value : value < 100 ? 1 : 0));
}

function sideOf({ runId, lane }: Side, quantity: ComparedQuantity, values: Float64Array): ComparedSide {
  const known = values.filter((value) => !Number.isNaN(value));
  const figures = quantity === 'path' ? null : distributionOf(known);
  const spread = quantity === 'availability' ? null : figures;
  return { runId, lane, n: known.length, mean: figures?.mean ?? null, median: spread?.median ?? null, p99: spread?.p99 ?? null };
}

const median = (values: Float64Array): number => distributionOf(values)!.median;
const mean = (values: Float64Array): number => distributionOf(values)!.mean;
const percent = (difference: number, of: number): number | null => (of === 0 ? null : (100 * difference) / of);
