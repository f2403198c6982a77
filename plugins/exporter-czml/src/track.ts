import type { ExporterDeps, NodeId } from '@satsim/core';
import type { Interval } from './intervals.js';

/** Cesium interpolates with so many neighbours: one position more is needed for it. */
export const INTERPOLATION_DEGREE = 5;

/** Where a node was. */
export interface Track {
  /** Seconds after the epoch and metres, ECEF: t, x, y, z, t, x … as CZML has it. At least two of them. */
  readonly samples: readonly number[];
  /** Where it did not move, by the metre. */
  readonly fixed: boolean;
}

/**
 * Asks for positions while the run goes on, always one step ahead of it: when the run ends, however that comes, everything
 * is known that a drawing of it needs. Positions are evenly spaced over the run as planned, both ends included.
 */
export class TrackRecorder {
  readonly #ephemeris: NonNullable<ExporterDeps['ephemeris']>;
  readonly #planned: Interval;
  readonly #steps: number;
  readonly #tracks = new Map<NodeId, { samples: number[]; fixed: boolean }>();
  readonly #failures = new Map<NodeId, string>();
  #asked = 0;

  /** @param stepMs at most so far apart; closer in a run that is too short to interpolate in */
  constructor(ephemeris: NonNullable<ExporterDeps['ephemeris']>, planned: Interval, stepMs: number) {
    const spanMs = planned[1] - planned[0];
    this.#ephemeris = ephemeris;
    this.#planned = planned;
    this.#steps = Math.min(spanMs, Math.max(INTERPOLATION_DEGREE, Math.ceil(spanMs / stepMs)));
  }

  /** Everything up to this time of the run is known then. */
  async coverUntil(timeMs: number): Promise<void> {
    while (this.#asked <= this.#steps && (this.#asked <= INTERPOLATION_DEGREE || this.#timeOf(this.#asked - 1) < timeMs)) {
      await this.#ask(this.#timeOf(this.#asked));
      this.#asked++;
    }
  }

  tracks(): ReadonlyMap<NodeId, Track> {
    return new Map([...this.#tracks].filter(([, { samples }]) => samples.length >= 8));
  }

  /** Why a node has no position at some time. */
  failures(): ReadonlyMap<NodeId, string> {
    return this.#failures;
  }

  #timeOf(index: number): number {
    const [fromMs, toMs] = this.#planned;
    return fromMs + Math.round((index * (toMs - fromMs)) / this.#steps);
  }

  async #ask(timeMs: number): Promise<void> {
    const { states, failures } = await this.#ephemeris(timeMs);
    for (const { id, reason } of failures) this.#failures.set(id, reason);
    for (const { id, positionKm } of states) {
      const track = this.#tracks.get(id) ?? { samples: [], fixed: true };
      this.#tracks.set(id, track);
      const metres = positionKm.map((km) => Math.round(km * 1e3));
      track.fixed &&= track.samples.length === 0 || metres.every((value, axis) => value === track.samples[axis + 1]);
      track.samples.push((timeMs - this.#planned[0]) / 1e3, ...metres);
    }
  }
}
