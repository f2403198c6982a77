import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Scenario } from '@satsim/core';
import { matchesPattern } from '@satsim/elements';
import type { FaultSchema } from '@satsim/geomrf-proto';
import type { CompileContext } from './compile-context.js';
import { durationOf } from './duration-of.js';
import type { NodeList } from './node-list.js';

type DeclaredFault = NonNullable<Scenario['faults']>[number];
type Lines = NonNullable<NonNullable<Scenario['links']>['terrestrial']>;
type FaultInit = MessageInitShape<typeof FaultSchema>;

/** In the order of the file; a pattern becomes one fault for each node that it matches, in the order of the nodes. */
export function compileFaults(faults: readonly DeclaredFault[], lines: Lines, nodes: NodeList, context: CompileContext): FaultInit[] {
  return faults.flatMap((fault, index) => {
    const { node, link, effect } = fault;
    // Neither is a fault of the file, which core has told.
    const ofNodes = node === undefined ? [] : failingNodes(node, index, nodes, context);
    const what = link === undefined ? ofNodes : failingLink(link, index, lines, nodes, context);
    const common: FaultInit = {
      at: durationOf(fault.at),
      ...(fault.for === undefined ? {} : { for: durationOf(fault.for) }),
      ...(effect?.loss_pct === undefined ? {} : { lossRate: effect.loss_pct / 100 }),
      ...(effect?.capacity_mbps === undefined ? {} : { capacityBps: effect.capacity_mbps * 1e6 }),
      ...(effect?.delay_ms === undefined ? {} : { extraDelayS: effect.delay_ms / 1e3 }),
    };
    return what.map((each) => ({ ...common, what: each }));
  });
}

type What = NonNullable<FaultInit['what']>;

function failingNodes(name: string, index: number, nodes: NodeList, context: CompileContext): What[] {
  const path = ['faults', index, 'node'];
  const found = /[*?]/.test(name) ? nodes.nodes.filter(({ id }) => matchesPattern(id, name)) : [nodes.resolve(path, name)];
  if (found.length === 0) context.fault(path, `no node matches ${name}`, nodes.hint(name));
  return found.flatMap((node) => (node === undefined ? [] : [{ case: 'nodeId' as const, value: node.id }]));
}

function failingLink([a, b]: readonly [string, string], index: number, lines: Lines, nodes: NodeList, context: CompileContext): What[] {
  const ends = [a, b].map((id, end) => nodes.resolve(['faults', index, 'link', end], id));
  const onGround = ends.every((node) => node !== undefined && node.role !== 'satellite');
  if (onGround && !lines.some((line) => (line.a === a && line.b === b) || (line.a === b && line.b === a)))
    context.fault(['faults', index, 'link'], `there is no link between ${a} and ${b}`, 'links of ground nodes are links.terrestrial');
  return [{ case: 'link', value: { a, b } }];
}
