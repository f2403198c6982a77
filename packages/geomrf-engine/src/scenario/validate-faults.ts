import type { NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';
import type { Faults } from './faults.js';
import { checkSpan } from './validate-time.js';

/** Faults that the scenario declares. */
export function checkFaults(spec: ScenarioSpec, nodes: ReadonlyMap<string, NodeSpec>, faults: Faults): void {
  spec.faults.forEach((fault, i) => {
    const path = `faults[${i}]`;
    checkSpan(fault.at, `${path}.at`, faults);
    if (fault.for !== undefined) checkSpan(fault.for, `${path}.for`, faults, 'above 0');
    const known = (id: string, field: string): boolean => faults.check(nodes.has(id), `${path}.${field}`, `there is no node '${id}'`);
    if (fault.what.case === 'nodeId') known(fault.what.value, 'node_id');
    else if (faults.check(fault.what.case === 'link', path, 'names neither a node nor a link')) {
      const { a, b } = fault.what.value as Extract<typeof fault.what, { case: 'link' }>['value'];
      known(a, 'link.a');
      known(b, 'link.b');
      faults.check(a !== b, `${path}.link`, `links '${a}' with itself`);
    }
    if (fault.lossRate !== undefined) faults.range(fault.lossRate, 0, 1, `${path}.loss_rate`);
    if (fault.capacityBps !== undefined) faults.nonNegative(fault.capacityBps, `${path}.capacity_bps`);
    if (fault.extraDelayS !== undefined) faults.nonNegative(fault.extraDelayS, `${path}.extra_delay_s`);
  });
}
