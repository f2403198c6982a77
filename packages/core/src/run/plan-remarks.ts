import type { LanePlace, LaneRemark } from '../contract/lane.js';
import type { LaneDefinition } from '../contract/plugin.js';
import type { Scenario } from '../contract/scenario.js';
import type { FieldLocator } from '../contract/tick-source.js';
import { formatPath, messageOf, SatsimError, type ScenarioFault } from '../errors.js';
import { faultAt } from '../scenario/fault-at.js';
import type { PlannedPlugin } from './types.js';

type Chosen = Pick<PlannedPlugin<LaneDefinition>, 'name' | 'packageName' | 'definition' | 'config'>;

/**
 * What the chosen lanes can't do of the scenario, and assertions about lanes that are not there. One warning for all fields
 * that a lane says the same of.
 * @throws SatsimError PLUGIN_INVALID when a lane can't say it
 */
export function laneRemarks(scenario: Scenario, lanes: readonly Chosen[], locate: FieldLocator): Told {
  const told = lanes.flatMap((lane) => remarksOf(lane, scenario).map((remark) => ({ ...remark, lane: lane.name })));
  const { faults, warnings } = tell(told, locate);
  return { faults, warnings: [...warnings, ...strangers(scenario, lanes)] };
}

/**
 * What of the lanes' configurations does not fit the network or the files there are.
 * @throws SatsimError PLUGIN_INVALID when a lane can't say it
 */
export async function laneChecks(place: LanePlace, lanes: readonly Chosen[], locate: FieldLocator): Promise<Told> {
  const told = lanes.map(async ({ name, packageName, definition, config }) => {
    try {
      return ((await definition.check?.(config, place)) ?? []).map((remark) => ({ ...remark, lane: name }));
    } catch (cause) {
      throw new SatsimError('PLUGIN_INVALID', `plugin ${packageName}: the check of its configuration fails: ${messageOf(cause)}`, { cause });
    }
  });
  return tell((await Promise.all(told)).flat(), locate);
}

interface Told {
  readonly faults: readonly ScenarioFault[];
  readonly warnings: readonly string[];
}

function tell(remarks: readonly (LaneRemark & { readonly lane: string })[], locate: FieldLocator): Told {
  // A field of the lane's own block says which lane it is.
  const said = remarks.map(({ lane, ...remark }) => ({ ...remark, where: remark.path[0] === lane ? '' : ` in lane ${lane}` }));
  const faults = said
    .filter(({ level }) => level === 'fault')
    .map(({ path, message, hint, where }) => faultAt(locate, path, where === '' ? message : `${where.trim()}: ${message}`, hint));
  const fields = new Map<string, string[]>();
  for (const { path, message, where } of said.filter(({ level }) => level === 'warning')) {
    const what = `${where}: ${message}`;
    fields.set(what, [...(fields.get(what) ?? []), formatPath(path)]);
  }
  return { faults, warnings: [...fields].map(([what, paths]) => paths.join(', ') + what) };
}

function remarksOf({ packageName, definition, config }: Chosen, scenario: Scenario): readonly LaneRemark[] {
  if (!definition.remarks) return newKeys(scenario);
  try {
    return definition.remarks(scenario, config);
  } catch (cause) {
    throw new SatsimError('PLUGIN_INVALID', `plugin ${packageName}: its remarks on the scenario fail: ${messageOf(cause)}`, { cause });
  }
}

/** Keys that came after core 1.0, where they ask for something. */
function newKeys({ traffic }: Scenario): LaneRemark[] {
  return traffic.flatMap((flow, index) => {
    const keys = [...(flow.dscp ? ['dscp'] : []), ...(flow.pattern === 'poisson' ? ['pattern'] : [])];
    return keys.map((key) => ({ level: 'warning', path: ['traffic', index, key], message: 'may have no effect: the lane does not say that it knows it' }));
  });
}

function strangers({ assertions }: Scenario, lanes: readonly Chosen[]): string[] {
  return assertions.flatMap(({ lane }, index) =>
    lane === undefined || lanes.some(({ name }) => name === lane)
      ? []
      : [`assertions[${index}].lane: ${lane} is not a lane of this run: the assertion will not hold`],
  );
}
