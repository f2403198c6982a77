import type { TickMetrics } from '@satsim/core';
import type { Packer } from '../pack/packer.js';
import type { MetricsData, Timed } from '../report-data.js';
import { figuresOf } from './figures.js';
import { rowsToKeep } from './thin.js';

/** What the lane mininet writes of each tick into its folder. */
interface KernelApply {
  readonly tickIndex: number;
  readonly applyMs: number;
}

/** What a tick cost: computing, translating, and putting it into force in every lane. */
export class MetricsCollector {
  readonly #ticks: Pick<TickMetrics, 'tickIndex' | 'computeMs' | 'translateMs' | 'driftMs' | 'applyMs'>[] = [];
  readonly #kernel = new Map<number, number>();

  add({ tickIndex, computeMs, translateMs, driftMs, applyMs }: TickMetrics): void {
    this.#ticks.push({ tickIndex, computeMs, translateMs, driftMs, applyMs });
  }

  addKernel({ tickIndex, applyMs }: KernelApply): void {
    this.#kernel.set(tickIndex, applyMs);
  }

  pack(packer: Packer): MetricsData | null {
    if (this.#ticks.length === 0) return null;
    const lanes = [...new Set(this.#ticks.flatMap(({ applyMs }) => Object.keys(applyMs)))];
    const columns = {
      computeMs: this.#ticks.map(({ computeMs }) => computeMs),
      translateMs: this.#ticks.map(({ translateMs }) => translateMs),
      driftMs: this.#ticks.map(({ driftMs }) => driftMs),
    };
    const apply: { lane: string; values: (number | null)[] }[] = lanes.map((lane) => ({
      lane,
      values: this.#ticks.map(({ applyMs }) => applyMs[lane] ?? null),
    }));
    if (this.#kernel.size > 0) apply.push({ lane: 'mininet, in the kernel', values: this.#ticks.map(({ tickIndex }) => this.#kernel.get(tickIndex) ?? null) });
    const shown = [columns.computeMs, columns.driftMs, ...apply.map(({ values }) => values)];
    const rows = rowsToKeep(this.#ticks.length, shown, () => false);
    const kept = <Value>(column: readonly Value[]): Value[] => Array.from(rows, (row) => column[row]!);
    const timed = (column: readonly (number | null)[], scale: number): Timed => ({ values: packer.column(kept(column), scale), figures: figuresOf(column) });
    return {
      tick: packer.column(kept(this.#ticks.map(({ tickIndex }) => tickIndex))),
      computeMs: timed(columns.computeMs, 1000),
      translateMs: timed(columns.translateMs, 1000),
      driftMs: columns.driftMs.every((value) => value === null) ? null : timed(columns.driftMs, 100),
      applyMs: apply.map(({ lane, values }) => ({ lane, ...timed(values, 1000) })),
    };
  }
}
