import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { GEN1, GEN2, TEN_THOUSAND, cities, realSetsAbsent, realSpec, terminals, walkerSpec } from './specs.ts';

/** Whether the step ends with routing from every ground node, and whether ground nodes relay. */
export type Routed = 'ends' | 'relay' | null;

export interface Variant {
  readonly name: string;
  readonly routed: Routed;
  readonly dtMs: number;
  /** Of the mean CPU of a step, ms; with two workers of its mean wall time. */
  readonly limitMs: number;
}

export interface Case {
  readonly name: string;
  readonly spec: () => ScenarioSpec;
  /** Why it cannot be measured here, or null. */
  readonly absent: string | null;
  readonly workers: 1 | 2;
  readonly limitRssMiB: number | null;
  readonly variants: readonly Variant[];
}

const unrouted = (limitMs: number): Variant => ({ name: 'unrouted', routed: null, dtMs: 1000, limitMs });

/** All variants of a row of the table: cold is a step of 15 s, after which nothing that was known is of use. */
const all = (plain: number, routed: number, cold: number): readonly Variant[] => [
  unrouted(plain),
  { name: 'routed', routed: 'ends', dtMs: 1000, limitMs: routed },
  { name: 'routed, cities relay', routed: 'relay', dtMs: 1000, limitMs: 1.5 * routed },
  { name: 'routed, dt 15 s', routed: 'ends', dtMs: 15_000, limitMs: cold },
];

const one = { absent: null, workers: 1, limitRssMiB: null } as const;

export const CASES: readonly Case[] = [
  { ...one, name: '1,584 × 100', spec: () => walkerSpec(GEN1.slice(0, 1), cities(100)), variants: all(0.5, 4, 14) },
  { ...one, name: '4,408 × 100', spec: () => walkerSpec(GEN1, cities(100)), variants: all(1.2, 10, 32) },
  { ...one, name: '10,000 × 100', spec: () => walkerSpec(TEN_THOUSAND, cities(100)), variants: all(2.5, 24, 80) },
  { ...one, name: '6,469 real × 1,000', absent: realSetsAbsent, spec: () => realSpec(cities(1000)), variants: [unrouted(3)] },
  {
    name: '30,000 × 10,000',
    absent: null,
    workers: 2,
    limitRssMiB: 0.8 * 1024,
    spec: () => walkerSpec(GEN2, terminals()),
    variants: [unrouted(40)],
  },
];
