import { NodeRole } from '@satsim/geomrf-proto';
import type { MeanElements, NodeSpec, ScenarioSpec, ShellPosition } from '@satsim/geomrf-proto';
import { Faults } from './faults.js';
import { checkFaults } from './validate-faults.js';
import { checkPlace } from './validate-places.js';
import { checkPolicies } from './validate-policies.js';
import { checkTerminal } from './validate-terminal.js';
import { isWholeMs } from './validate-time.js';
import { checkWeather } from './validate-weather.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Everything that is wrong with a specification; limits on its size are checked elsewhere. */
export function validateSpec(spec: ScenarioSpec): Faults {
  const faults = new Faults();
  const startOk = faults.check(spec.tStart !== undefined && isWholeMs(spec.tStart), 't_start', 'a time in whole milliseconds is needed');
  const endOk = faults.check(spec.tEnd !== undefined && isWholeMs(spec.tEnd), 't_end', 'a time in whole milliseconds is needed');
  if (startOk && endOk) {
    const order = spec.tEnd!.seconds > spec.tStart!.seconds || (spec.tEnd!.seconds === spec.tStart!.seconds && spec.tEnd!.nanos > spec.tStart!.nanos);
    faults.check(order, 't_end', 'is not after t_start');
  }
  faults.check(spec.nodes.length > 0, 'nodes', 'at least one node is needed');
  const ids = new Map<string, NodeSpec>();
  spec.nodes.forEach((node, i) => {
    checkNode(node, `nodes[${i}]`, faults);
    faults.check(!ids.has(node.id), `nodes[${i}].id`, `'${node.id}' is used twice`);
    ids.set(node.id, node);
  });
  checkShells(spec.nodes, faults);
  checkPolicies(spec, ids, faults);
  checkWeather(spec, ids, faults);
  checkFaults(spec, ids, faults);
  return faults;
}

function checkNode(node: NodeSpec, path: string, faults: Faults): void {
  faults.check(ID.test(node.id), `${path}.id`, `'${node.id}' is not an id: a letter or digit, then letters, digits, '.', '_', '-'`);
  if (node.role === NodeRole.SATELLITE) {
    if (faults.check(node.position.case === 'elements', `${path}.elements`, 'a satellite needs elements'))
      checkElements(node.position.value as MeanElements, `${path}.elements`, faults);
    faults.check(node.minElevationDeg === undefined, `${path}.min_elevation_deg`, 'only ground nodes have one');
    faults.check(node.elevationMask.length === 0, `${path}.elevation_mask`, 'only ground nodes have one');
  } else if (faults.check(node.role === NodeRole.GROUND_STATION || node.role === NodeRole.USER_TERMINAL, `${path}.role`, 'is not set, or not known')) {
    checkPlace(node, path, faults);
    faults.check(node.shellPosition === undefined, `${path}.shell_position`, 'only satellites have one');
    faults.check((node.terminal?.beams ?? 0) === 0, `${path}.terminal.beams`, 'only satellites have beams');
  }
  if (node.terminal !== undefined) checkTerminal(node.terminal, `${path}.terminal`, faults);
}

function checkElements(elements: MeanElements, path: string, faults: Faults): void {
  const { epoch } = elements;
  faults.check(
    epoch !== undefined && epoch.nanos >= 0 && epoch.nanos < 1e9 && epoch.seconds > -1e11 && epoch.seconds < 1e11,
    `${path}.epoch`,
    'a time is needed',
  );
  faults.positive(elements.meanMotion, `${path}.mean_motion`);
  faults.check(elements.eccentricity >= 0 && elements.eccentricity < 1, `${path}.eccentricity`, `${elements.eccentricity} is not in 0 ≤ e < 1`);
  faults.range(elements.inclinationDeg, 0, 180, `${path}.inclination_deg`, ' degrees');
  faults.finite(elements.raanDeg, `${path}.raan_deg`);
  faults.finite(elements.argPerigeeDeg, `${path}.arg_perigee_deg`);
  faults.finite(elements.meanAnomalyDeg, `${path}.mean_anomaly_deg`);
  faults.finite(elements.bstar, `${path}.bstar`);
  faults.finite(elements.meanMotionDot, `${path}.mean_motion_dot`);
  faults.finite(elements.meanMotionDdot, `${path}.mean_motion_ddot`);
}

/** Satellites of one shell agree about the shell, and no two share a place. */
function checkShells(nodes: readonly NodeSpec[], faults: Faults): void {
  const shells = new Map<string, { readonly position: ShellPosition; readonly taken: Map<string, string> }>();
  nodes.forEach(({ id, shellPosition: position }, i) => {
    if (position === undefined) return;
    const path = `nodes[${i}].shell_position`;
    faults.check(position.plane < position.planes, `${path}.plane`, `${position.plane} is not below planes, ${position.planes}`);
    faults.check(position.slot < position.perPlane, `${path}.slot`, `${position.slot} is not below per_plane, ${position.perPlane}`);
    faults.check(
      position.raanSpreadDeg > 0 && position.raanSpreadDeg <= 360,
      `${path}.raan_spread_deg`,
      `${position.raanSpreadDeg} is not above 0 and at most 360`,
    );
    const shell = shells.get(position.shell) ?? { position, taken: new Map<string, string>() };
    shells.set(position.shell, shell);
    const same = (['planes', 'perPlane', 'phasing', 'raanSpreadDeg'] as const).every((key) => position[key] === shell.position[key]);
    faults.check(same, path, `differs from other satellites of shell '${position.shell}' in planes, per_plane, phasing or raan_spread_deg`);
    const place = `${position.plane}/${position.slot}`;
    faults.check(!shell.taken.has(place), path, `'${shell.taken.get(place)}' has the same place`);
    shell.taken.set(place, id);
  });
}
