import { create, toJson } from '@bufbuild/protobuf';
import type { JsonValue } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { timebase } from '@satsim/core';
import type { FieldPath, NetworkNode, NodeRole, Scenario, ScenarioInput } from '@satsim/core';
import { NodeRole as SpecRole, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { elementStoreOf } from '../store/element-store.js';
import { CompileContext } from './compile-context.js';
import type { CompileOptions } from './compile-context.js';
import { compileConstellation } from './constellation.js';
import { compileFaults } from './faults.js';
import { givenNodes, readGivenSpec } from './given-spec.js';
import { compileGround } from './ground.js';
import { compileAdaptation, compileGsl, compileIsl, compileTerrestrial, outageInTicks } from './links.js';
import { NodeList } from './node-list.js';
import { selectorOf, thresholdsOf } from './selection.js';
import type { Selector, Thresholds } from './selection.js';
import { checkFrequencies, checkTerminals, terminalOf } from './terminals.js';
import { compileWeather } from './weather.js';

/** A scenario in the engine's terms, and what the rest of satsim wants to know of it. */
export interface CompiledScenario {
  readonly spec: ScenarioSpec;
  /** Satellites in the order of the constellation, then ground nodes in the order of the file. */
  readonly nodes: readonly NetworkNode[];
  /** The element and CSV files that were read. */
  readonly inputs: readonly ScenarioInput[];
  readonly warnings: readonly string[];
  readonly selector: Selector;
  readonly thresholds: Thresholds;
}

const SPEC_ROLES: Readonly<Record<NodeRole, SpecRole>> = {
  satellite: SpecRole.SATELLITE,
  ground_station: SpecRole.GROUND_STATION,
  user_terminal: SpecRole.USER_TERMINAL,
};

/**
 * Compiles a scenario into the engine's specification. Deterministic, offline, and without side effect but reading the
 * element and CSV files that the scenario names. Everything that refers to nodes is checked here, as only here all
 * nodes are known.
 *
 * @throws ScenarioError with all faults at once; those inside a file name that file and the line in it
 */
export async function compileScenario(scenario: Scenario, options: CompileOptions): Promise<CompiledScenario> {
  const context = new CompileContext(options, elementStoreOf(scenario.paths.artifacts_root));
  const given = scenario.geomrf.scenario_spec ?? {};
  const { spec, nodes } = Object.keys(given).length === 0 ? await fromShorthand(scenario, context) : fromGiven(given, scenario, context);
  checkReferences(scenario, nodes);
  context.throwIfFaulty();
  return {
    spec,
    nodes: nodes.nodes.map(({ id, role, relay }) => ({ id, role, relay })),
    inputs: context.inputs,
    warnings: context.warnings,
    selector: selectorOf(scenario, spec),
    thresholds: thresholdsOf(scenario),
  };
}

/** The specification as plain JSON with the proto's field names: for people and for the run directory. */
export function specToJson(spec: ScenarioSpec): JsonValue {
  return toJson(ScenarioSpecSchema, spec, { useProtoFieldName: true });
}

type AnyNode = NetworkNode & { readonly path: FieldPath };
interface Compiled {
  readonly spec: ScenarioSpec;
  readonly nodes: NodeList<AnyNode>;
}

async function fromShorthand(scenario: Scenario, context: CompileContext): Promise<Compiled> {
  const { t0Ms, t1Ms, dtMs } = timebase(scenario);
  const satellites = await compileConstellation(scenario.constellation ?? [], t0Ms, context);
  const ground = await compileGround(scenario.ground ?? [], context);
  const nodes = new NodeList([...satellites, ...ground], context);
  const links = scenario.links ?? {};
  const profiles = scenario.terminals ?? {};
  checkTerminals(profiles, nodes, context);
  const gsl = compileGsl(links);
  const outage = outageInTicks(links, dtMs);
  if (outage !== null) context.warnings.push(outage);
  if (gsl.fixedCapacityBps === undefined && (gsl.gases || scenario.weather?.length)) checkFrequencies(profiles, nodes, context);
  const spec = create(ScenarioSpecSchema, {
    name: scenario.name,
    seed: BigInt(scenario.seed),
    tStart: timestampFromMs(t0Ms),
    tEnd: timestampFromMs(t1Ms),
    nodes: nodes.nodes.map((node) => ({
      id: node.id,
      role: SPEC_ROLES[node.role],
      terminal: terminalOf(node, profiles),
      relay: node.relay,
      ...(node.shellPosition === undefined ? {} : { shellPosition: node.shellPosition }),
      ...(node.minElevationDeg === undefined ? {} : { minElevationDeg: node.minElevationDeg }),
      elevationMask: node.elevationMask ?? [],
      position: node.position,
    })),
    isl: compileIsl(links, nodes, context),
    gsl,
    terrestrial: compileTerrestrial(links, nodes, context),
    adaptation: compileAdaptation(links, context),
    weather: await compileWeather(scenario.weather ?? [], nodes, context),
    faults: compileFaults(scenario.faults ?? [], scenario.links?.terrestrial ?? [], nodes, context),
  });
  return { spec, nodes };
}

/** Name, seed and span are the scenario's where the given specification has none. */
function fromGiven(given: Readonly<Record<string, unknown>>, scenario: Scenario, context: CompileContext): Compiled {
  const spec = readGivenSpec(given, context);
  const { t0Ms, t1Ms } = timebase(scenario);
  spec.name ||= scenario.name;
  spec.seed ||= BigInt(scenario.seed);
  spec.tStart ??= timestampFromMs(t0Ms);
  spec.tEnd ??= timestampFromMs(t1Ms);
  if (timestampMs(spec.tStart) > t0Ms || timestampMs(spec.tEnd) < t1Ms) {
    context.fault(['geomrf', 'scenario_spec'], "t_start to t_end does not cover the scenario's time", 'leave them out: time.t0 and time.t1 stand in');
  }
  return { spec, nodes: new NodeList(givenNodes(spec, context), context) };
}

function checkReferences(scenario: Scenario, nodes: NodeList<AnyNode>): void {
  scenario.traffic.forEach((flow, index) => {
    nodes.resolve(['traffic', index, 'from'], flow.from);
    nodes.resolve(['traffic', index, 'to'], flow.to);
  });
  scenario.geomrf.selector_defaults?.node_ids?.forEach((id, index) => nodes.resolve(['geomrf', 'selector_defaults', 'node_ids', index], id));
}
