import type { NodeId, UnixMs } from '@satsim/core';
import type { EphemerisSample } from './ephemeris-samples.js';
import type { Horizon } from './horizon.js';
import { crossing, highest } from './roots.js';
import { siteFrame } from './site-frame.js';
import type { SiteFrame } from './site-frame.js';
import { SkyArc } from './sky-arc.js';
import type { Direction } from './sky-arc.js';

export interface SkyPoint extends Direction {
  readonly timeMs: UnixMs;
}

/** A satellite above the horizon of a site, from rise to set. */
export interface Pass {
  readonly satellite: NodeId;
  readonly rise: SkyPoint;
  /** Where it stands highest. */
  readonly culmination: SkyPoint;
  readonly set: SkyPoint;
  /** It was up already when the span began; `rise` is that moment. */
  readonly cutAtStart: boolean;
  /** It was still up when the span ended; `set` is that moment. */
  readonly cutAtEnd: boolean;
}

/** Part of a pass between two samples, seconds after the first of them. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

interface OpenPass {
  readonly rise: SkyPoint;
  readonly cutAtStart: boolean;
  culmination: SkyPoint;
  set: SkyPoint;
}

/** A horizon that differs by azimuth is looked at this often; what opens or closes for less is not seen. */
const MASK_STEP_S = 0.5;

/**
 * Finds passes over one site while samples come in. Between two samples a satellite's height above the lowest elevation
 * has one maximum at most: orbits turn their way down, and distances have a minimum only.
 */
export class PassFinder {
  readonly #satellites: readonly NodeId[];
  readonly #horizon: Horizon;
  readonly #sinLowest: number;
  readonly #open: (OpenPass | undefined)[] = [];
  readonly #found: Pass[] = [];
  /** Of the newest sample: site's axes, and each satellite's height above the lowest elevation. */
  #last: { readonly sample: EphemerisSample; readonly frame: SiteFrame; readonly heights: Float64Array } | null = null;
  #startMs: UnixMs | null = null;

  /** Nodes of the samples: the satellites in this order, then the site. */
  constructor(satellites: readonly NodeId[], horizon: Horizon) {
    this.#satellites = satellites;
    this.#horizon = horizon;
    this.#sinLowest = Math.sin((horizon.lowestDeg * Math.PI) / 180);
  }

  /** @param endMs samples beyond it count up to it */
  add(sample: EphemerisSample, endMs: UnixMs): void {
    const site = this.#satellites.length;
    const [x, y, z] = sample.positionM.slice(3 * site) as [number, number, number];
    const frame = siteFrame(x, y, z);
    const heights = new Float64Array(site);
    for (let i = 0; i < site; i++) {
      const [dx, dy, dz] = [sample.positionM[3 * i]! - x, sample.positionM[3 * i + 1]! - y, sample.positionM[3 * i + 2]! - z];
      heights[i] = dx * frame.up[0] + dy * frame.up[1] + dz * frame.up[2] - this.#sinLowest * Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
    const last = this.#last;
    this.#last = { sample, frame, heights };
    if (last === null) {
      this.#startMs = sample.timeMs;
      return;
    }
    const length = (Math.min(sample.timeMs, endMs) - last.sample.timeMs) / 1e3;
    for (let i = 0; i < site; i++) {
      // Of a satellite without a position at either end nothing is known.
      if (Number.isNaN(heights[i]! + last.heights[i]!)) continue;
      if (last.heights[i]! < 0 && heights[i]! < 0 && !this.#mayPeak(last.sample, sample, i, frame)) continue;
      const arc = new SkyArc(last.sample, sample, i, site, last.frame, frame);
      for (const piece of this.#pieces(arc, last.heights[i]!, heights[i]!, (sample.timeMs - last.sample.timeMs) / 1e3, length)) {
        this.#extend(i, arc, piece, last.sample.timeMs, length);
      }
    }
    for (let i = 0; i < site; i++) {
      const open = this.#open[i];
      if (open !== undefined && open.set.timeMs < last.sample.timeMs + length * 1e3) this.#close(i, false);
    }
  }

  /** All passes by rise, then by satellite. After the last sample. */
  end(): readonly Pass[] {
    for (let i = 0; i < this.#satellites.length; i++) if (this.#open[i] !== undefined) this.#close(i, true);
    const order = new Map(this.#satellites.map((id, index) => [id, index]));
    return this.#found.toSorted((a, b) => a.rise.timeMs - b.rise.timeMs || order.get(a.satellite)! - order.get(b.satellite)!);
  }

  /** Whether the height may have a maximum in between: it rises at the first sample and falls at the second. */
  #mayPeak(a: EphemerisSample, b: EphemerisSample, satellite: number, frame: SiteFrame): boolean {
    return this.#rate(a, satellite, frame) > 0 && this.#rate(b, satellite, frame) < 0;
  }

  /** Of the height, m/s. */
  #rate({ positionM: p, velocityMPerS: v }: EphemerisSample, satellite: number, { up }: SiteFrame): number {
    const [i, j] = [3 * satellite, 3 * this.#satellites.length];
    const [dx, dy, dz] = [p[i]! - p[j]!, p[i + 1]! - p[j + 1]!, p[i + 2]! - p[j + 2]!];
    const [vx, vy, vz] = [v[i]! - v[j]!, v[i + 1]! - v[j + 1]!, v[i + 2]! - v[j + 2]!];
    return up[0] * vx + up[1] * vy + up[2] * vz - (this.#sinLowest * (dx * vx + dy * vy + dz * vz)) / Math.sqrt(dx * dx + dy * dy + dz * dz);
  }

  /** Where the satellite is above the horizon between two samples, `step` apart, as far as `length`. */
  #pieces(arc: SkyArc, before: number, after: number, step: number, length: number): readonly Piece[] {
    const height = (t: number): number => arc.height(t, this.#sinLowest);
    let piece: Piece;
    if (before >= 0 && after >= 0) piece = { from: 0, to: step };
    else if (before >= 0) piece = { from: 0, to: crossing(height, 0, step) };
    else if (after >= 0) piece = { from: crossing(height, step, 0), to: step };
    else {
      const peak = highest(height, 0, step);
      if (height(peak) < 0) return [];
      piece = { from: crossing(height, peak, 0), to: crossing(height, peak, step) };
    }
    if (piece.from >= length) return [];
    piece = { from: piece.from, to: Math.min(piece.to, length) };
    return this.#horizon.towards === null ? [piece] : this.#unmasked(arc, piece, this.#horizon.towards);
  }

  #unmasked(arc: SkyArc, { from, to }: Piece, towards: (azimuthDeg: number) => number): readonly Piece[] {
    const clear = (t: number): number => {
      const { elevationDeg, azimuthDeg } = arc.direction(t);
      return elevationDeg - towards(azimuthDeg);
    };
    const pieces: Piece[] = [];
    const steps = Math.max(1, Math.ceil((to - from) / MASK_STEP_S));
    let start: number | null = clear(from) >= 0 ? from : null;
    let [t, above] = [from, start !== null];
    for (let k = 1; k <= steps; k++) {
      const next = from + ((to - from) * k) / steps;
      const now = clear(next) >= 0;
      if (now && !above) start = crossing(clear, next, t);
      if (!now && above) pieces.push({ from: start!, to: crossing(clear, t, next) });
      [t, above] = [next, now];
    }
    if (above) pieces.push({ from: start!, to });
    return pieces;
  }

  #extend(satellite: number, arc: SkyArc, { from, to }: Piece, timeMs: UnixMs, length: number): void {
    const at = (t: number): SkyPoint => ({ timeMs: timeMs + t * 1e3, ...arc.direction(t) });
    const peak = at(highest((t) => arc.sinElevation(t), from, to));
    const end = at(to);
    let open = this.#open[satellite];
    if (open !== undefined && from > 0) {
      this.#close(satellite, false);
      open = undefined;
    }
    if (open === undefined) {
      const rise = at(from);
      open = { rise, cutAtStart: from === 0 && timeMs === this.#startMs, culmination: rise, set: end };
      this.#open[satellite] = open;
    }
    open.set = end;
    for (const point of [peak, end]) if (point.elevationDeg > open.culmination.elevationDeg) open.culmination = point;
    if (to < length) this.#close(satellite, false);
  }

  #close(satellite: number, cutAtEnd: boolean): void {
    this.#found.push({ satellite: this.#satellites[satellite]!, ...this.#open[satellite]!, cutAtEnd });
    this.#open[satellite] = undefined;
  }
}
