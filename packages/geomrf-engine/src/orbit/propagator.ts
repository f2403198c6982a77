import { sgp4 } from 'satellite.js';
import type { SatRec } from 'satellite.js';
import type { MeanElements } from '@satsim/geomrf-proto';
import { minutesSince } from '../time.js';
import type { Instant } from '../time.js';
import { toSatrec } from './satrec.js';

/** Positions of all satellites at one instant, km; velocities, km/s, where they were asked for. */
export interface StateVectors {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly velocity: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array } | null;
  /** SGP4 error code, 0 for none; with an error the vector is NaN. */
  readonly error: Uint8Array;
}

/** Where satellites are. What comes out depends on the instant alone, never on earlier calls. */
export interface Propagator {
  readonly size: number;
  /** Fills `out` with TEME states. */
  propagate(at: Instant, out: StateVectors): void;
  /** One satellite's TEME position, km, into `out`; `false` when it has none. */
  positionOf(satellite: number, at: Instant, out: Float64Array): boolean;
}

export function newStateVectors(size: number, withVelocity: boolean): StateVectors {
  const column = (): Float64Array => new Float64Array(size);
  return { x: column(), y: column(), z: column(), velocity: withVelocity ? { x: column(), y: column(), z: column() } : null, error: new Uint8Array(size) };
}

/** Not an SGP4 code: elements that SGP4 does not refuse, and that give no finite position. */
const NOT_FINITE = 7;

const REASONS: Record<number, string> = {
  1: 'mean eccentricity is not in 0 ≤ e < 1',
  2: 'mean motion is not positive',
  3: 'perturbed eccentricity is not in 0 ≤ e ≤ 1',
  4: 'semi-latus rectum is negative',
  6: 'decayed: the orbit is below the surface',
  [NOT_FINITE]: 'the elements give no finite position',
};

/** What an SGP4 error code means (Vallado et al., AIAA 2006-6753). */
export function sgp4Reason(error: number): string {
  return REASONS[error] ?? `SGP4 error ${error}`;
}

/** SGP4 and SDP4 of satellite.js, one satellite after the other. */
export class Sgp4Propagator implements Propagator {
  readonly #elements: readonly MeanElements[];
  /** Made when first asked for: most threads that compute ground links never ask. */
  readonly #records: (SatRec | undefined)[];
  readonly #epochSeconds: Float64Array;
  readonly #epochNanos: Float64Array;

  constructor(elements: readonly MeanElements[]) {
    this.#elements = elements;
    this.#records = elements.map(() => undefined);
    this.#epochSeconds = new Float64Array(elements.length);
    this.#epochNanos = new Float64Array(elements.length);
  }

  get size(): number {
    return this.#records.length;
  }

  propagate(at: Instant, out: StateVectors): void {
    const { x, y, z, velocity, error } = out;
    for (let i = 0; i < this.#records.length; i++) {
      const record = this.#record(i);
      const state = sgp4(record, minutesSince(this.#epochSeconds[i], this.#epochNanos[i], at));
      const ok = state !== null && Number.isFinite(state.position.x + state.position.y + state.position.z);
      error[i] = ok ? 0 : record.error || NOT_FINITE;
      x[i] = ok ? state.position.x : Number.NaN;
      y[i] = ok ? state.position.y : Number.NaN;
      z[i] = ok ? state.position.z : Number.NaN;
      if (velocity !== null) {
        velocity.x[i] = ok ? state.velocity.x : Number.NaN;
        velocity.y[i] = ok ? state.velocity.y : Number.NaN;
        velocity.z[i] = ok ? state.velocity.z : Number.NaN;
      }
    }
  }

  positionOf(satellite: number, at: Instant, out: Float64Array): boolean {
    const state = sgp4(this.#record(satellite), minutesSince(this.#epochSeconds[satellite], this.#epochNanos[satellite], at));
    if (state === null || !Number.isFinite(state.position.x)) return false;
    out[0] = state.position.x;
    out[1] = state.position.y;
    out[2] = state.position.z;
    return true;
  }

  /** Size and form of the mean orbit at an instant; `null` where SGP4 fails. */
  meanShapeAt(satellite: number, at: Instant): MeanShape | null {
    const record = this.#record(satellite);
    const state = sgp4(record, minutesSince(this.#epochSeconds[satellite], this.#epochNanos[satellite], at));
    if (state === null || !Number.isFinite(state.position.x)) return null;
    const { am, em, nm } = state.meanElements;
    return { semiMajorAxisKm: am * SGP4_EARTH_RADIUS_KM, eccentricity: em, meanMotionRadPerS: nm / 60, nearEarth: record.method === 'n' };
  }

  /** Mean elements at an instant, angles in degrees 0 to 360; `null` where SGP4 fails. */
  meanElementsAt(satellite: number, at: Instant): MeanOrbit | null {
    const state = sgp4(this.#record(satellite), minutesSince(this.#epochSeconds[satellite], this.#epochNanos[satellite], at));
    if (state === null) return null;
    const { im, Om, om, mm, nm } = state.meanElements;
    const orbit = {
      inclinationDeg: im * DEG,
      raanDeg: circle(Om * DEG),
      argLatitudeDeg: circle((om + mm) * DEG),
      meanMotionRevPerDay: (nm * 1440) / (2 * Math.PI),
    };
    return Object.values(orbit).every(Number.isFinite) ? orbit : null;
  }

  /** To be asked for before the epoch, which comes with it. */
  #record(satellite: number): SatRec {
    return this.#records[satellite] ?? this.#make(satellite);
  }

  #make(satellite: number): SatRec {
    const elements = this.#elements[satellite];
    this.#epochSeconds[satellite] = Number(elements.epoch!.seconds);
    this.#epochNanos[satellite] = elements.epoch!.nanos;
    return (this.#records[satellite] = toSatrec(elements));
  }
}

/** WGS-72. */
const SGP4_EARTH_RADIUS_KM = 6378.135;

export interface MeanShape {
  readonly semiMajorAxisKm: number;
  readonly eccentricity: number;
  readonly meanMotionRadPerS: number;
  /** SGP4 and not SDP4: the period is below 225 minutes. */
  readonly nearEarth: boolean;
}

/** A satellite's mean orbit, for near-circular orbits: mean argument of latitude = argument of perigee + mean anomaly. */
export interface MeanOrbit {
  readonly inclinationDeg: number;
  readonly raanDeg: number;
  readonly argLatitudeDeg: number;
  readonly meanMotionRevPerDay: number;
}

const DEG = 180 / Math.PI;
const circle = (deg: number): number => ((deg % 360) + 360) % 360;
