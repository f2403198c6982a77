import type { Column } from '../src/pack/column.js';
import { unpack } from '../src/pack/unpack.js';
import type { ReportData, RunData, SeriesData } from '../src/report-data.js';
import { Orbits } from '../src/pack/orbits.js';

/** A sample series with its columns unpacked; times in seconds, NaN where there is no value. */
export interface Series {
  readonly run: Run;
  readonly lane: string;
  readonly flow: number;
  readonly samples: number;
  readonly figures: SeriesData['figures'];
  readonly timeS: Float64Array;
  readonly rttMs: Float64Array | null;
  readonly oneWayDelayMs: Float64Array | null;
  readonly lossPct: Float64Array | null;
  readonly goodputMbps: Float64Array | null;
  /** Index into the run's paths. */
  readonly path: Float64Array | null;
}

/** A span in which two nodes had a link. */
export interface Contacts {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** 0 between satellites, 1 to the ground, 2 on the ground. */
  readonly kind: Float64Array;
  readonly pair: Float64Array;
  /** Ticks. */
  readonly first: Float64Array;
  readonly end: Float64Array;
}

export interface Radio {
  readonly span: Float64Array;
  readonly tick: Float64Array;
  readonly capacityMbps: Float64Array;
  readonly modcod: Float64Array;
  readonly elevationDeg: Float64Array | null;
}

/** One run as the page uses it; what is large is unpacked at first use. */
export class Run {
  readonly data: RunData;
  readonly index: number;
  readonly orbits: Orbits | null;
  readonly series: readonly Series[];
  readonly paths: readonly (readonly number[])[];
  readonly groundNodes: ReadonlySet<number>;
  readonly #read: (column: Column) => Float64Array;
  #contacts: Contacts | null = null;
  #radio: Radio | null = null;

  constructor(data: RunData, index: number, bytes: Uint8Array) {
    this.data = data;
    this.index = index;
    const read = (column: Column): Float64Array => unpack(bytes, column);
    this.#read = read;
    this.groundNodes = new Set(data.ground.map(({ node }) => node));
    this.orbits = data.positions && new Orbits(data.positions, data.nodes.length, read);
    const nodes = read(data.paths.nodes);
    let at = 0;
    this.paths = Array.from(read(data.paths.lengths), (length) => Array.from(nodes.subarray(at, (at += length))));
    this.series = data.series.map((series) => this.#seriesOf(series));
  }

  get lengthS(): number {
    return (Math.max(0, this.data.ticks - 1) * this.data.dtMs) / 1000;
  }

  tickAt(timeS: number): number {
    return Math.floor((timeS * 1000) / this.data.dtMs + 1e-9);
  }

  name(node: number): string {
    return this.data.nodes[node] ?? '?';
  }

  get contacts(): Contacts | null {
    const { contacts } = this.data;
    if (contacts === null) return null;
    if (this.#contacts === null) {
      const read = this.#read;
      const [first, length] = [read(contacts.first), read(contacts.length)];
      this.#contacts = {
        a: read(contacts.a),
        b: read(contacts.b),
        kind: read(contacts.kind),
        pair: read(contacts.pair),
        first,
        end: first.map((tick, i) => tick + length[i]!),
      };
    }
    return this.#contacts;
  }

  get radio(): Radio | null {
    const { contacts } = this.data;
    if (contacts === null) return null;
    const { span, tick, capacityMbps, modcod, elevationDeg } = contacts.radio;
    const read = this.#read;
    this.#radio ??= {
      span: read(span),
      tick: read(tick),
      capacityMbps: read(capacityMbps),
      modcod: read(modcod),
      elevationDeg: elevationDeg && read(elevationDeg),
    };
    return this.#radio;
  }

  column(column: Column): Float64Array {
    return this.#read(column);
  }

  #seriesOf({ lane, flow, samples, figures, t, rttMs, oneWayDelayMs, lossPct, goodputMbps, path }: SeriesData): Series {
    const read = (column: Column | null): Float64Array | null => column && this.#read(column);
    return {
      run: this,
      lane,
      flow,
      samples,
      figures,
      timeS: this.#read(t).map((ms) => ms / 1000),
      rttMs: read(rttMs),
      oneWayDelayMs: read(oneWayDelayMs),
      lossPct: read(lossPct),
      goodputMbps: read(goodputMbps),
      path: read(path),
    };
  }
}

/** Row of the last sample at or before a time; -1 before the first. */
export function rowAt(times: Float64Array, timeS: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeS + 1e-9) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether the satellite at either end is another one: core's own meaning of a handover. */
export function isHandover(before: readonly number[], after: readonly number[]): boolean {
  return before.length > 0 && after.length > 0 && (before[1] !== after[1] || before.at(-2) !== after.at(-2));
}

/** Reads what stands in the page beside the program. */
export async function loadReport(): Promise<{ readonly data: ReportData; readonly runs: readonly Run[] }> {
  const text = (id: string): string => document.getElementById(id)!.textContent;
  const data = JSON.parse(text('data')) as ReportData;
  const packed = Uint8Array.from(atob(text('packed')), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return { data, runs: data.runs.map((run, index) => new Run(run, index, bytes)) };
}
