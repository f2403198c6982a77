import { addMs, instantOfMs } from '../time.js';
import { gmst } from './frames.js';
import { ANCHOR_MS } from './orbit-bounds.js';
import type { OrbitBounds } from './orbit-bounds.js';
import type { Sgp4Propagator } from './propagator.js';

/** Anchors that a position is interpolated from: two before, one at or before, three after. */
const ANCHORS = 6;
/** Groups of satellites have their anchors at different times, so that a tick computes a few and not all at once. */
const GROUPS = 30;

/** ECEF positions of all satellites at one instant, km, NaN where there is none. */
export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/**
 * Positions at one tick after the other, in memory that other threads may read.
 *
 * Orbits that allow it (see {@link OrbitBounds}) are interpolated, to 0.1 mm of SGP4, between SGP4's TEME positions every
 * 30 s of Unix time (plus the group's offset), by Lagrange's formula through six of them. Others are propagated. Since the
 * anchors lie on an absolute grid, the same instant gives the same bits whatever was asked before.
 */
export class EcefPositions implements Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;

  readonly #propagator: Sgp4Propagator;
  readonly #isSmooth: Uint8Array;
  readonly #propagated: Int32Array;
  /** Per satellite x, y and z of six anchors; the place of an anchor is its number modulo six. */
  readonly #anchors: Float64Array;
  /** By group: number of the first anchor that is there. */
  readonly #first = new Float64Array(GROUPS).fill(Number.NaN);
  readonly #weights = new Float64Array(ANCHORS);
  readonly #position = new Float64Array(3);

  constructor(propagator: Sgp4Propagator, { isSmooth }: OrbitBounds) {
    const { size } = propagator;
    this.#propagator = propagator;
    this.#isSmooth = isSmooth;
    this.#propagated = Int32Array.from(Array.from(isSmooth.keys()).filter((i) => isSmooth[i] === 0));
    this.#anchors = new Float64Array(3 * ANCHORS * size);
    const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT));
    [this.x, this.y, this.z] = [column(), column(), column()];
  }

  /** @param timeMs Unix ms */
  moveTo(timeMs: number): void {
    const at = instantOfMs(timeMs);
    const angle = gmst(at);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const { length } = this.x;
    for (let group = 0; group < GROUPS; group++) {
      const [from, to] = [Math.floor((group * length) / GROUPS), Math.floor(((group + 1) * length) / GROUPS)];
      if (from === to) continue;
      const offsetMs = (group * ANCHOR_MS) / GROUPS;
      const anchor = Math.floor((timeMs - offsetMs) / ANCHOR_MS);
      this.#anchor(group, anchor - 2, offsetMs, from, to);
      this.#weigh(anchor, (timeMs - offsetMs - anchor * ANCHOR_MS) / ANCHOR_MS);
      this.#interpolate(from, to, cos, sin);
    }
    for (const i of this.#propagated) {
      const known = this.#propagator.positionOf(i, at, this.#position);
      const [x, y, z] = this.#position;
      this.x[i] = known ? cos * x + sin * y : Number.NaN;
      this.y[i] = known ? cos * y - sin * x : Number.NaN;
      this.z[i] = known ? z : Number.NaN;
    }
  }

  /** Sees to it that a group has the six anchors from `first`; keeps those that it has. */
  #anchor(group: number, first: number, offsetMs: number, from: number, to: number): void {
    const had = this.#first[group];
    if (had === first) return;
    for (let k = first; k < first + ANCHORS; k++) {
      if (k >= had && k < had + ANCHORS) continue;
      const at = addMs(instantOfMs(k * ANCHOR_MS), offsetMs);
      const place = placeOf(k);
      for (let i = from; i < to; i++) {
        if (this.#isSmooth[i] === 0) continue;
        if (!this.#propagator.positionOf(i, at, this.#position)) this.#position.fill(Number.NaN);
        const base = 3 * ANCHORS * i + place;
        for (let axis = 0; axis < 3; axis++) this.#anchors[base + axis * ANCHORS] = this.#position[axis];
      }
    }
    this.#first[group] = first;
  }

  /** Lagrange's coefficients (Abramowitz & Stegun 25.2.4) by place, for anchors −2 to 3 and 0 ≤ t < 1. */
  #weigh(anchor: number, t: number): void {
    const [a, b, c, d, e, f] = [t + 2, t + 1, t, t - 1, t - 2, t - 3];
    const weights = this.#weights;
    weights[placeOf(anchor - 2)] = (b * c * d * e * f) / -120;
    weights[placeOf(anchor - 1)] = (a * c * d * e * f) / 24;
    weights[placeOf(anchor)] = (a * b * d * e * f) / -12;
    weights[placeOf(anchor + 1)] = (a * b * c * e * f) / 12;
    weights[placeOf(anchor + 2)] = (a * b * c * d * f) / -24;
    weights[placeOf(anchor + 3)] = (a * b * c * d * e) / 120;
  }

  #interpolate(from: number, to: number, cos: number, sin: number): void {
    const anchors = this.#anchors;
    const { x, y, z } = this;
    const [w0, w1, w2, w3, w4, w5] = this.#weights;
    for (let i = from, j = 3 * ANCHORS * from; i < to; i++, j += 3 * ANCHORS) {
      const p = w0 * anchors[j] + w1 * anchors[j + 1] + w2 * anchors[j + 2] + w3 * anchors[j + 3] + w4 * anchors[j + 4] + w5 * anchors[j + 5];
      const q = w0 * anchors[j + 6] + w1 * anchors[j + 7] + w2 * anchors[j + 8] + w3 * anchors[j + 9] + w4 * anchors[j + 10] + w5 * anchors[j + 11];
      x[i] = cos * p + sin * q;
      y[i] = cos * q - sin * p;
      z[i] = w0 * anchors[j + 12] + w1 * anchors[j + 13] + w2 * anchors[j + 14] + w3 * anchors[j + 15] + w4 * anchors[j + 16] + w5 * anchors[j + 17];
    }
  }
}

const placeOf = (anchor: number): number => ((anchor % ANCHORS) + ANCHORS) % ANCHORS;
