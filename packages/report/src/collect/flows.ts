import type { FlowSample } from '@satsim/core';
import type { Column } from '../pack/column.js';
import type { Packer } from '../pack/packer.js';
import { scaleFor } from '../pack/scale.js';
import type { FlowData, RunData, SeriesData } from '../report-data.js';
import type { Names } from './names.js';
import { figuresOf } from './figures.js';
import { rowsToKeep } from './thin.js';

const QUANTITIES = ['rttMs', 'oneWayDelayMs', 'lossPct', 'goodputMbps'] as const;
type Values = (number | null)[];

interface Series {
  readonly lane: string;
  readonly flow: string;
  readonly t: number[];
  readonly values: Readonly<Record<(typeof QUANTITIES)[number], Values>>;
  readonly path: Values;
}

/** Gathers the samples of all lanes and flows. */
export class FlowCollector {
  readonly #names: Names;
  readonly #t0Ms: number;
  readonly #series = new Map<string, Series>();
  readonly #pathNumbers = new Map<string, number>();
  readonly #paths: number[][] = [];

  constructor(names: Names, t0Ms: number) {
    this.#names = names;
    this.#t0Ms = t0Ms;
  }

  add(sample: FlowSample): void {
    const key = `${sample.lane}\n${sample.flow}`;
    let series = this.#series.get(key);
    if (!series) {
      series = { lane: sample.lane, flow: sample.flow, t: [], values: { rttMs: [], oneWayDelayMs: [], lossPct: [], goodputMbps: [] }, path: [] };
      this.#series.set(key, series);
    }
    series.t.push(sample.simTimeMs - this.#t0Ms);
    for (const quantity of QUANTITIES) series.values[quantity].push(Number.isFinite(sample[quantity]) ? sample[quantity] : null);
    series.path.push(this.#pathOf(sample));
  }

  /** In the order of the flows, then as lanes came. A flow that only a lane knows is put at the end of `flows`. */
  pack(packer: Packer, flows: FlowData[]): Pick<RunData, 'series' | 'paths'> {
    const places = new Map(flows.map(({ id }, index) => [id, index]));
    const all = [...this.#series.values()].map((series) => {
      let flow = places.get(series.flow);
      if (flow === undefined) {
        flow = flows.push({ id: series.flow, kind: 'unknown', from: -1, to: -1 }) - 1;
        places.set(series.flow, flow);
      }
      return { flow, series };
    });
    const series = all.toSorted((a, b) => a.flow - b.flow).map((one) => packSeries(packer, one.flow, one.series));
    return { series, paths: { lengths: packer.column(this.#paths.map((path) => path.length)), nodes: packer.column(this.#paths.flat()) } };
  }

  /** A path whose nodes the lane did not tell has none, but is still another one. */
  #pathOf({ pathHash, path }: FlowSample): number | null {
    if (pathHash === null && path === undefined) return null;
    const key = path === undefined ? pathHash! : path.join('>');
    let number = this.#pathNumbers.get(key);
    if (number === undefined) {
      number = this.#paths.push((path ?? []).map((id) => this.#names.number(id))) - 1;
      this.#pathNumbers.set(key, number);
    }
    return number;
  }
}

function packSeries(packer: Packer, flow: number, { lane, t, values, path }: Series): SeriesData {
  const columns = QUANTITIES.map((quantity) => values[quantity]);
  const rows = rowsToKeep(
    t.length,
    columns,
    (row) => row > 0 && (path[row] !== path[row - 1] || isOut(values.lossPct[row]) !== isOut(values.lossPct[row - 1])),
  );
  const kept = <Value>(column: readonly Value[]): Value[] => Array.from(rows, (row) => column[row]!);
  const column = (quantity: (typeof QUANTITIES)[number]): Column | null => {
    const all = kept(values[quantity]);
    return all.every((value) => value === null) ? null : packer.column(all, scaleFor(all));
  };
  const paths = kept(path);
  return {
    lane,
    flow,
    samples: t.length,
    figures: Object.fromEntries(
      QUANTITIES.flatMap((quantity) => {
        const figures = figuresOf(values[quantity]);
        return figures === null ? [] : [[quantity, figures]];
      }),
    ),
    t: packer.column(kept(t)),
    rttMs: column('rttMs'),
    oneWayDelayMs: column('oneWayDelayMs'),
    lossPct: column('lossPct'),
    goodputMbps: column('goodputMbps'),
    path: paths.every((one) => one === null) ? null : packer.column(paths),
  };
}

const isOut = (lossPct: number | null | undefined): boolean => lossPct === 100;
