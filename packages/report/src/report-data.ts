import type { Column } from './pack/column.js';

/** What the page of a report draws. Plain JSON; `Column`s stand in the packed bytes beside it. */
export interface ReportData {
  readonly format: 'satsim-report/1';
  readonly runs: readonly RunData[];
  readonly sweep: SweepData | null;
}

/** Times are milliseconds since the run's first tick unless said otherwise; nodes are indices into `nodes`. */
export interface RunData {
  readonly runId: string;
  readonly name: string;
  /** Unix milliseconds of tick 0. */
  readonly t0Ms: number;
  readonly dtMs: number;
  /** Ticks that were delivered. */
  readonly ticks: number;
  readonly lanes: readonly string[];
  readonly nodes: readonly string[];
  readonly ground: readonly GroundNode[];
  readonly flows: readonly FlowData[];
  readonly series: readonly SeriesData[];
  /** Paths that samples name by their index: `lengths` nodes each, one after the other in `nodes`. */
  readonly paths: { readonly lengths: Column; readonly nodes: Column };
  readonly positions: PositionData | null;
  readonly contacts: ContactData | null;
  readonly metrics: MetricsData | null;
  /** Why something is not shown, by what it is. */
  readonly missing: Readonly<Partial<Record<'positions' | 'contacts' | 'series' | 'metrics' | 'radio', string>>>;
}

export interface GroundNode {
  readonly node: number;
  /** Where the scenario puts it; `null` for a node that moves, or that only the engine knows. */
  readonly lat: number | null;
  readonly lon: number | null;
}

export interface FlowData {
  readonly id: string;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** Of all values, whether they are drawn or not. */
export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What one lane said of one flow. */
export interface SeriesData {
  readonly lane: string;
  /** Index into `flows`. */
  readonly flow: number;
  /** Samples of the run; fewer stand here where they were thinned. */
  readonly samples: number;
  /** Of all samples, by quantity. */
  readonly figures: Readonly<Partial<Record<'rttMs' | 'oneWayDelayMs' | 'lossPct' | 'goodputMbps', Figures>>>;
  readonly t: Column;
  readonly rttMs: Column | null;
  readonly oneWayDelayMs: Column | null;
  readonly lossPct: Column | null;
  readonly goodputMbps: Column | null;
  /** Index into `paths`. */
  readonly path: Column | null;
}

/** Earth-fixed positions of all nodes on a time grid; of each node all instants of x, then of the next node. */
export interface PositionData {
  readonly stepMs: number;
  readonly count: number;
  readonly x: Column;
  readonly y: Column;
  readonly z: Column;
}

/** Links by pairs of nodes: whether a pair could carry traffic, in one direction at least. */
export interface ContactData {
  readonly a: Column;
  /** Of a link to the ground, the node there. */
  readonly b: Column;
  /** 1 for a link to the ground, 0 for one between satellites, 2 on the ground. */
  readonly kind: Column;
  /** Spans of ticks in which a pair was up: index of the pair, first tick, ticks. */
  readonly pair: Column;
  readonly first: Column;
  readonly length: Column;
  /** Changes of the radio of ground links: index of the span, tick, Mbit/s towards the ground, index into `modcods`. */
  readonly radio: {
    readonly span: Column;
    readonly tick: Column;
    readonly capacityMbps: Column;
    readonly modcod: Column;
    /** Where the trace has it. */
    readonly elevationDeg: Column | null;
  };
  readonly modcods: readonly string[];
}

/** Of each tick of `tick`, in ms. */
export interface MetricsData {
  readonly tick: Column;
  readonly computeMs: Timed;
  readonly translateMs: Timed;
  readonly driftMs: Timed | null;
  readonly applyMs: readonly (Timed & { readonly lane: string })[];
}

export interface Timed {
  readonly values: Column;
  /** `null` without any value. */
  readonly figures: Figures | null;
}

export interface SweepData {
  /** Names of what was varied. */
  readonly parameters: readonly string[];
  readonly series: readonly { readonly flow: string; readonly lane: string }[];
  readonly quantities: readonly string[];
  readonly cells: readonly {
    readonly parameters: readonly (string | number | boolean | null)[];
    /** By series, then by quantity. */
    readonly results: readonly (readonly (number | null)[])[];
  }[];
}
