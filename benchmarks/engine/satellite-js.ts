import { json2satrec, sgp4 } from 'satellite.js';
import type { Check } from './measurement.ts';
import type { Problem } from './problem.ts';

const LIGHT_KM_PER_S = 299_792.458;

/**
 * The baseline in JavaScript, as one writes it first: satellite.js for each satellite, every site against every satellite,
 * a map of what was sent last. Typed arrays between the parts, so that it is no straw man.
 */
export class SatelliteJs {
  readonly #problem: Problem;
  readonly #records: readonly ReturnType<typeof json2satrec>[];
  readonly #sites: readonly { readonly x: number; readonly y: number; readonly z: number; readonly up: readonly [number, number, number] }[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #z: Float64Array;
  readonly #sentIsl: Float64Array;
  readonly #upIsl: Uint8Array;
  #sentGsl = new Map<number, number>();
  #gslRangeKm = 0;
  #islRangeKm = 0;

  constructor(problem: Problem) {
    const size = problem.satellites.length;
    this.#problem = problem;
    this.#records = problem.satellites.map(toRecord);
    this.#sites = problem.sites.map(ecef);
    this.#x = new Float64Array(size);
    this.#y = new Float64Array(size);
    this.#z = new Float64Array(size);
    this.#sentIsl = new Float64Array(problem.isls.length).fill(Number.NaN);
    this.#upIsl = new Uint8Array(problem.isls.length);
  }

  /** @returns links that changed or left, both directions */
  step(timeMs: number): number {
    this.#propagate(timeMs);
    return this.#updateIsls() + this.#updateGsls();
  }

  check(timeMs: number): Check {
    this.step(timeMs);
    const isls = this.#upIsl.filter((up) => up === 1).length;
    return { timeMs, visiblePairs: this.#sentGsl.size, gslRangeKm: this.#gslRangeKm, isls, islRangeKm: this.#islRangeKm };
  }

  #propagate(timeMs: number): void {
    const angle = gmst(timeMs);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#records.forEach((record, i) => {
      const { epochSeconds, epochNanos } = this.#problem.satellites[i]!;
      const state = sgp4(record, (timeMs / 1000 - epochSeconds - epochNanos / 1e9) / 60);
      const { x, y, z } = state?.position ?? { x: Number.NaN, y: Number.NaN, z: Number.NaN };
      this.#x[i] = cos * x + sin * y;
      this.#y[i] = cos * y - sin * x;
      this.#z[i] = z;
    });
  }

  #updateIsls(): number {
    const [x, y, z] = [this.#x, this.#y, this.#z];
    let changed = 0;
    this.#islRangeKm = 0;
    this.#problem.isls.forEach(([a, b], i) => {
      const rangeKm = Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!, z[a]! - z[b]!);
      const delayS = rangeKm / LIGHT_KM_PER_S;
      const up = this.#clear(a, b) ? 1 : 0;
      if (up === 1) this.#islRangeKm += rangeKm;
      if (delayS === this.#sentIsl[i] && up === this.#upIsl[i]) return;
      this.#sentIsl[i] = delayS;
      this.#upIsl[i] = up;
      changed += 2;
    });
    return changed;
  }

  /** Whether the line between two satellites stays above the ellipsoid by the least altitude. */
  #clear(a: number, b: number): boolean {
    const [wide, high] = [6378.137 + this.#problem.minAltitudeKm, 6356.752314245179 + this.#problem.minAltitudeKm];
    const [x, y, z] = [this.#x[a]! / wide, this.#y[a]! / wide, this.#z[a]! / high];
    const [dx, dy, dz] = [this.#x[b]! / wide - x, this.#y[b]! / wide - y, this.#z[b]! / high - z];
    const along = Math.max(0, Math.min(1, -(x * dx + y * dy + z * dz) / (dx * dx + dy * dy + dz * dz)));
    return Math.hypot(x + along * dx, y + along * dy, z + along * dz) >= 1;
  }

  #updateGsls(): number {
    const [x, y, z] = [this.#x, this.#y, this.#z];
    const size = x.length;
    const sin2 = Math.sin((this.#problem.minElevationDeg * Math.PI) / 180) ** 2;
    const now = new Map<number, number>();
    let changed = 0;
    this.#gslRangeKm = 0;
    this.#sites.forEach((site, s) => {
      const [ux, uy, uz] = site.up;
      for (let i = 0; i < size; i++) {
        const [dx, dy, dz] = [x[i]! - site.x, y[i]! - site.y, z[i]! - site.z];
        const rise = dx * ux + dy * uy + dz * uz;
        if (!(rise > 0)) continue;
        const range2 = dx * dx + dy * dy + dz * dz;
        if (rise * rise < sin2 * range2) continue;
        const rangeKm = Math.sqrt(range2);
        const delayS = rangeKm / LIGHT_KM_PER_S;
        const key = s * size + i;
        this.#gslRangeKm += rangeKm;
        if (this.#sentGsl.get(key) !== delayS) changed += 2;
        now.set(key, delayS);
      }
    });
    for (const key of this.#sentGsl.keys()) if (!now.has(key)) changed += 2;
    this.#sentGsl = now;
    return changed;
  }
}

function toRecord(set: Problem['satellites'][number]): ReturnType<typeof json2satrec> {
  return json2satrec({
    OBJECT_NAME: '',
    OBJECT_ID: '',
    EPOCH: new Date(set.epochSeconds * 1000 + set.epochNanos / 1e6).toISOString(),
    NORAD_CAT_ID: '1',
    MEAN_MOTION: set.meanMotion,
    ECCENTRICITY: set.eccentricity,
    INCLINATION: set.inclinationDeg,
    RA_OF_ASC_NODE: set.raanDeg,
    ARG_OF_PERICENTER: set.argPerigeeDeg,
    MEAN_ANOMALY: set.meanAnomalyDeg,
    BSTAR: set.bstar,
    MEAN_MOTION_DOT: set.meanMotionDot,
    MEAN_MOTION_DDOT: set.meanMotionDdot,
    CLASSIFICATION_TYPE: 'U',
    ELEMENT_SET_NO: 0,
    EPHEMERIS_TYPE: 0,
    REV_AT_EPOCH: 0,
  });
}

/** WGS-84; up is the normal of the ellipsoid. */
function ecef({ latDeg, lonDeg, altM }: Problem['sites'][number]) {
  const [lat, lon] = [(latDeg * Math.PI) / 180, (lonDeg * Math.PI) / 180];
  const flattening = 1 / 298.257223563;
  const e2 = flattening * (2 - flattening);
  const normal = 6378.137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
  const up = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)] as const;
  const height = altM / 1000;
  return { x: (normal + height) * up[0], y: (normal + height) * up[1], z: (normal * (1 - e2) + height) * up[2], up };
}

/** IAU 1982, UTC for UT1; the whole days apart from the rest, so that nothing is lost in one Julian date. */
function gmst(timeMs: number): number {
  const sinceJ2000 = timeMs / 1000 - 946_728_000;
  const ofDay = ((sinceJ2000 % 86_400) + 86_400) % 86_400;
  const t = sinceJ2000 / 86_400 / 36_525;
  const seconds = 67_310.54841 + ofDay + 8_640_184.812866 * t + 0.093104 * t * t - 6.2e-6 * t ** 3;
  return ((seconds % 86_400) / 86_400) * 2 * Math.PI;
}
