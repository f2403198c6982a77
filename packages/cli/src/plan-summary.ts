import { formatScenario } from '@satsim/core';
import type { Contribution, RunPlan } from '@satsim/core';
import { formatTable } from './table.js';

/** What a run would do, as data; the scenario in it is itself a scenario file. */
export function planAsJson(plan: RunPlan): Record<string, unknown> {
  const { t0Ms, t1Ms, dtMs, tickCount } = plan.time;
  return {
    name: plan.scenario.name,
    file: plan.loaded.file,
    seed: plan.scenario.seed,
    time: { t0: iso(t0Ms), t1: iso(t1Ms), dtMs, mode: plan.scenario.time.mode },
    tickCount,
    nodes: countNodes(plan),
    source: plugin(plan.source),
    lanes: plan.lanes.map(plugin),
    exporters: plan.exporters.map(plugin),
    privileges: needingPrivileges(plan).map(({ who, what }) => `${who} needs ${what}`),
    inputs: plan.network.inputs.map(({ path, sha256 }) => ({ path, sha256 })),
    warnings: plan.warnings,
    scenario: JSON.parse(formatScenario(plan.scenario)) as unknown,
    spec: plan.network.spec,
  };
}

export function describePlan(plan: RunPlan): string {
  const { t0Ms, t1Ms, dtMs, tickCount } = plan.time;
  const nodes = countNodes(plan);
  const privileges = needingPrivileges(plan);
  const named = [plan.source, ...plan.lanes, ...plan.exporters];
  return [
    `${plan.scenario.name}, seed ${plan.scenario.seed}`,
    `time       ${iso(t0Ms)} to ${iso(t1Ms)}, ${tickCount} ticks of ${dtMs / 1000} s, ${plan.scenario.time.mode}`,
    `network    ${nodes.satellite} satellites, ${nodes.ground_station} ground stations, ${nodes.user_terminal} user terminals`,
    `traffic    ${plan.scenario.traffic.map((flow) => `${flow.id} (${flow.kind} ${flow.from} → ${flow.to})`).join(', ') || 'none'}`,
    `privileges ${privileges.map(({ who, what }) => `${what}, for ${who}`).join('; ') || 'none'}`,
    ...plan.warnings.map((warning) => `warning    ${warning}`),
    '',
    formatTable(named, [
      { title: 'plugin', value: ({ contribution }) => `${contribution.kind} ${contribution.name}` },
      { title: 'from', value: ({ packageName, packageVersion }) => `${packageName} ${packageVersion}` },
      { title: 'does', value: ({ contribution }) => contribution.summary },
    ]),
  ].join('\n');
}

function plugin({ name, packageName, packageVersion, contribution, config }: Planned): Record<string, unknown> {
  const { determinism, pacing, requires } = contribution;
  return { name, package: packageName, version: packageVersion, determinism, pacing, requires, config };
}

type Planned = {
  readonly name: string;
  readonly packageName: string;
  readonly packageVersion: string;
  readonly contribution: Contribution;
  readonly config: unknown;
};

/** Of each plugin that asks for any: root, or capabilities, which root has. */
function needingPrivileges(plan: RunPlan): readonly { readonly who: string; readonly what: string }[] {
  return [plan.source, ...plan.lanes, ...plan.exporters].flatMap(({ contribution: { kind, name, requires } }) => {
    const { root = false, capabilities = [] } = requires;
    const what = root ? 'root' : capabilities.length === 0 ? null : `root or ${capabilities.join(', ')}`;
    return what === null ? [] : [{ who: `${kind} ${name}`, what }];
  });
}

function countNodes(plan: RunPlan): Record<'satellite' | 'ground_station' | 'user_terminal', number> {
  const count = { satellite: 0, ground_station: 0, user_terminal: 0 };
  for (const { role } of plan.network.nodes) count[role]++;
  return count;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
