import type { ScenarioSpec, Terminal } from '@satsim/geomrf-proto';
import { planIsls } from '../isl/isl-plan.js';
import type { IslPlan } from '../isl/isl-plan.js';
import { Sgp4Propagator } from '../orbit/propagator.js';
import { GasTables } from '../rf/gas-attenuation.js';
import { instantOfMs } from '../time.js';
import { groundPlaces } from './ground-places.js';
import type { GroundSite } from './ground-places.js';

export type { GroundSite };

/** A checked specification, made ready to compute with. Immutable: all streams of a scenario share it. */
export interface CompiledScenario {
  readonly spec: ScenarioSpec;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly nodeIds: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly terminals: readonly (Terminal | undefined)[];
  /** Node of each satellite, in the order of the propagator. */
  readonly satelliteNodes: Int32Array;
  readonly propagator: Sgp4Propagator;
  /** Where ground nodes are at a time: a stream makes its own GroundSites of them. */
  readonly sites: readonly GroundSite[];
  readonly isls: IslPlan;
  /** Filled as streams ask. */
  readonly gasTables: GasTables;
}

/** @param spec without faults, see validateSpec */
export function compileScenario(spec: ScenarioSpec): CompiledScenario {
  const { nodes } = spec;
  const satellites = nodes.flatMap((node, index) => (node.position.case === 'elements' ? [{ node, index, elements: node.position.value }] : []));
  const propagator = new Sgp4Propagator(satellites.map((each) => each.elements));
  const startMs = msOf(spec.tStart!);
  const start = instantOfMs(startMs);
  const endMs = msOf(spec.tEnd!);

  return {
    spec,
    startMs,
    endMs,
    nodeIds: nodes.map((node) => node.id),
    indexOf: new Map(nodes.map((node, index) => [node.id, index])),
    terminals: nodes.map((node) => node.terminal),
    satelliteNodes: Int32Array.from(satellites, (each) => each.index),
    propagator,
    sites: groundPlaces(spec, startMs),
    gasTables: new GasTables(),
    isls: planIsls(
      spec.isl,
      satellites.map(({ node }) => node),
      (satellite) => propagator.meanElementsAt(satellite, start),
    ),
  };
}

/** Milliseconds since the Unix epoch of a timestamp that is a whole number of them. */
export function msOf(timestamp: { readonly seconds: bigint; readonly nanos: number }): number {
  return Number(timestamp.seconds) * 1000 + timestamp.nanos / 1e6;
}
