import type { TickMetrics } from '@satsim/core';
import type { Packer } from '../pack/packer.js';
import type { MetricsData } from '../report-data.js';
import { rowsToKeep } from './thin.js';

/** What the lane mininet writes of each tick into its folder. */
interface KernelApply {
  readonly tickIndex: number;
  readonly applyMs: number;
}

/** What a tick cost: computing, translating, and putting it into force in every lane. */
export class MetricsCollector {
  readonly #ticks: TickMetrics[] = [];
  readonly #kernel = new Map<number, number>();

  add({ tickIndex, simTimeMs, computeMs, translateMs, linksEmitted, driftMs, applyMs }: TickMetrics): void {
    this.#ticks.push({ tickIndex, simTimeMs, computeMs, translateMs, linksEmitted, driftMs, applyMs });
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
    return {
      tick: packer.column(kept(this.#ticks.map(({ tickIndex }) => tickIndex))),
      computeMs: packer.column(kept(columns.computeMs), 1000),
      translateMs: packer.column(kept(columns.translateMs), 1000),
      links: packer.column(kept(this.#ticks.map(({ linksEmitted }) => linksEmitted))),
      driftMs: columns.driftMs.every((value) => value === null) ? null : packer.column(kept(columns.driftMs), 100),
      applyMs: apply.map(({ lane, values }) => ({ lane, values: packer.column(kept(values), 1000) })),
    };
  }
}
