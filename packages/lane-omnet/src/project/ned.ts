import { Identifiers } from './identifiers.js';
import type { NetworkTables, TableRow } from './tables.js';

/** Name of the generated network, and of its file. */
export const NETWORK = 'SatsimNetwork';

const ICONS: Readonly<Record<string, string>> = { satellite: 'device/satellite', ground_station: 'device/antennatower', user_terminal: 'device/terminal' };

/** The generated network, and what its modules are called by the ids of the scenario. */
export interface GeneratedNetwork {
  readonly ned: string;
  readonly nodes: Readonly<Record<string, string>>;
  readonly flows: Readonly<Record<string, string>>;
}

/**
 * The network as NED: a module for each node and flow, a channel for each directed link, with the scenario's ids in string
 * parameters. Same tables, same text.
 * @param sampleIntervalS of udp and tcp flows: a tick
 */
export function generateNetwork({ nodes, links, flows }: NetworkTables, sampleIntervalS: number): GeneratedNetwork {
  const names = new Identifiers();
  const nodeNames = nodes.map(({ id }) => names.of(id!));
  const flowNames = flows.map(({ id }) => names.of(`flow_${id!}`));
  const connections = links.flatMap(({ forward, backward, a, b, forward_id, backward_id }) => {
    const [one, other] = [nodeNames[Number(a)]!, nodeNames[Number(b)]!];
    return [connection(one, other, forward!, forward_id!), connection(other, one, backward!, backward_id!)];
  });
  const ned = [
    '// Written by satsim from the run; the next run writes it anew.',
    'import satsim.*;',
    '',
    `network ${NETWORK}`,
    '{',
    '    submodules:',
    '        controller: Controller;',
    ...nodes.map((row, place) => nodeModule(nodeNames[place]!, row)),
    ...flows.map((row, place) => flowModule(flowNames[place]!, row, sampleIntervalS)),
    '    connections:',
    ...connections,
    '}',
    '',
  ].join('\n');
  const byId = (rows: readonly TableRow[], modules: readonly string[]) => Object.fromEntries(rows.map(({ id }, place) => [id!, modules[place]!]));
  return { ned, nodes: byId(nodes, nodeNames), flows: byId(flows, flowNames) };
}

function nodeModule(name: string, { node, id, role }: TableRow): string {
  return `        ${name}: SatNode { number = ${node}; nodeId = "${id}"; role = "${role}"; @display("i=${ICONS[role!]}"); }`;
}

function connection(from: string, to: string, number: string, id: string): string {
  return `        ${from}.out++ --> SatLink { number = ${number}; linkId = "${id}"; } --> ${to}.in++;`;
}

const TYPES: Readonly<Record<string, string>> = { ping: 'PingFlow', udp: 'UdpFlow', tcp: 'TcpFlow' };

function flowModule(name: string, row: TableRow, sampleIntervalS: number): string {
  const { flow, id, kind, source, target, start_s, stop_s, interval_s, rate_bps, pattern, packet_bytes } = row;
  const own = [
    ...(kind === 'ping' ? [`interval = ${interval_s}s`] : []),
    ...(kind !== 'ping' && rate_bps !== '' ? [`rate = ${rate_bps}bps`] : []),
    ...(kind === 'udp' ? [`pattern = "${pattern}"`] : []),
  ];
  const parameters = [
    `number = ${flow}`,
    `flowId = "${id}"`,
    `source = ${source}`,
    `target = ${target}`,
    `start = ${start_s}s`,
    `stop = ${stop_s}s`,
    `packetBytes = ${packet_bytes}B`,
    `sampleInterval = ${sampleIntervalS}s`,
    ...own,
  ];
  return `        ${name}: ${TYPES[kind!]} { ${parameters.map((parameter) => `${parameter};`).join(' ')} }`;
}
