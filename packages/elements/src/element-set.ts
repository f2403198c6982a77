/** An instant to the nanosecond: TLE epochs are whole multiples of 864 µs, OMM epochs of a microsecond. */
export interface Epoch {
  /** Whole seconds since the Unix epoch, UTC. */
  readonly unixSeconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

/** Mean elements for SGP4 as an OMM gives them (CCSDS 502.0-B-3): TEME, UTC. */
export interface ElementSet {
  readonly objectName: string;
  /** International designator, for example `1998-067A`; may be empty. */
  readonly objectId: string;
  /** Up to nine digits. */
  readonly noradCatId: number;
  readonly epoch: Epoch;
  readonly meanMotionRevPerDay: number;
  readonly eccentricity: number;
  readonly inclinationDeg: number;
  readonly raanDeg: number;
  readonly argPerigeeDeg: number;
  readonly meanAnomalyDeg: number;
  /** 1/Earth radii */
  readonly bstar: number;
  /** Half of the first derivative as TLE and OMM give it, rev/day². */
  readonly meanMotionDot: number;
  /** A sixth of the second derivative, rev/day³. */
  readonly meanMotionDdot: number;
}

/** Something wrong in an element file. */
export interface ElementFault {
  /** From 1; `null` when it concerns the whole file. */
  readonly line: number | null;
  readonly message: string;
}

export interface ParsedElements {
  readonly format: 'tle' | 'omm-json' | 'omm-xml' | 'omm-csv' | 'omm-kvn';
  readonly elements: readonly ElementSet[];
  readonly faults: readonly ElementFault[];
}

/** Place in a Walker shell, counted from 0. */
export interface ShellPosition {
  readonly shell: string;
  readonly plane: number;
  readonly slot: number;
  readonly planes: number;
  readonly perPlane: number;
  readonly phasing: number;
  readonly raanSpreadDeg: number;
}
