import { durationMs, type FieldPath, type LanePlace, type LaneRemark, type NodeId, suggest, timebase } from '@satsim/core';
import type { MininetConfig } from './config.js';

/** What of the block, and of the traffic, does not fit the nodes there are: names of nobody, and switches where somebody has to act. */
export async function check({ topo, exec, capture }: MininetConfig, { scenario, nodes }: LanePlace): Promise<readonly LaneRemark[]> {
  const known = new Set(nodes.map(({ id }) => id));
  const switches = new Set(topo.satellites === 'switch' ? nodes.flatMap(({ id, role }) => (role === 'satellite' ? [id] : [])) : []);

  const fault = (path: FieldPath, message: string, hint: string): LaneRemark => ({ level: 'fault', path, message, hint });
  const unknown = (id: NodeId, path: FieldPath): LaneRemark[] => {
    if (known.has(id)) return [];
    const near = suggest(id, [...known]);
    return [fault(path, `there is no node ${id}`, near === undefined ? 'satsim plan FILE --format json has all nodes in its spec' : `did you mean ${near}?`)];
  };
  const ends = scenario.traffic.flatMap((flow, index) =>
    (['from', 'to'] as const).flatMap((end) =>
      switches.has(flow[end])
        ? [
            fault(
              ['traffic', index, end],
              `${flow[end]} is a switch, which neither sends nor answers`,
              'ground nodes as ends of flows, or mininet.topo.satellites: router',
            ),
          ]
        : [],
    ),
  );
  const { dtMs, tickCount } = timebase(scenario);
  const commands = exec.flatMap(({ node, at }, index): LaneRemark[] => {
    const path = ['mininet', 'exec', index];
    const onSwitch = `${node} is a switch, which is in the machine's own namespace: nothing can be started on it`;
    const late: LaneRemark = { level: 'warning', path: [...path, 'at'], message: 'the run has no tick then: the command is never started' };
    return [
      ...unknown(node, [...path, 'node']),
      ...(switches.has(node) ? [fault([...path, 'node'], onSwitch, 'a ground node, or mininet.topo.satellites: router')] : []),
      ...(durationMs(at) > (tickCount - 1) * dtMs ? [late] : []),
    ];
  });
  const pairs = typeof capture.interfaces === 'string' ? [] : capture.interfaces;
  const captures = pairs.flatMap((pair, index) => pair.split(':').flatMap((id) => unknown(id, ['mininet', 'capture', 'interfaces', index])));
  return [...ends, ...commands, ...captures];
}
