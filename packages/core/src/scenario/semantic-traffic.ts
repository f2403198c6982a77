import { durationMs, type Flow, type Scenario } from '../contract/scenario.js';
import type { Finding } from './located.js';
import type { Sound } from './semantic.js';
import { suggest } from './suggest.js';

/** Keys that only flows of some kinds have. */
const OWN_KEYS: Readonly<Record<'every' | 'rate_mbps' | 'pattern' | 'congestion', readonly Flow['kind'][]>> = {
  every: ['ping'],
  rate_mbps: ['udp', 'tcp'],
  pattern: ['udp'],
  congestion: ['tcp'],
};

/** IPv4 and TCP header, and the least segment that Linux takes. */
const LEAST_TCP_BYTES = 128;

/** Faults of flows, but for their times, and of what is asserted of them. */
export function trafficFindings(scenario: Scenario, sound: Sound): Finding[] {
  return [...scenario.traffic.flatMap((flow, index) => flowFindings(flow, index, sound)), ...assertionFindings(scenario, sound)];
}

function flowFindings(flow: Flow, index: number, sound: Sound): Finding[] {
  const { from, to, kind, every, packet_bytes: bytes } = flow;
  const found: Finding[] = [];
  const add = (key: string, message: string, hint?: string): void => void found.push({ path: ['traffic', index, key], message, ...(hint && { hint }) });
  if (from === to) add('to', `a flow needs two different ends, found \`${from}\` twice`);
  if (every !== undefined && durationMs(every) === 0) add('every', 'must be more than 0');
  if (!sound('traffic', index, 'kind')) return found;
  for (const [key, kinds] of Object.entries(OWN_KEYS)) {
    if (flow[key as keyof typeof OWN_KEYS] !== undefined && !kinds.includes(kind))
      add(key, `is for ${kinds.join(' and ')}, but this flow is ${kind}`, 'leave it out, or change `kind`');
  }
  if (kind === 'tcp' && bytes !== undefined && bytes < LEAST_TCP_BYTES) add('packet_bytes', `must be at least ${LEAST_TCP_BYTES} for tcp, found ${bytes}`);
  return found;
}

function assertionFindings(scenario: Scenario, sound: Sound): Finding[] {
  const ids = scenario.traffic.map(({ id }) => id);
  const flowsKnown = (ids.length > 0 || sound('traffic')) && ids.every((_, index) => sound('traffic', index, 'id'));
  return scenario.assertions.flatMap(({ flow }, index) => {
    if (!flowsKnown || !sound('assertions', index, 'flow') || ids.includes(flow)) return [];
    const near = suggest(flow, ids);
    const known = ids.length === 0 ? 'the scenario has no traffic' : `known: ${ids.slice(0, 10).join(', ')}`;
    return [{ path: ['assertions', index, 'flow'], message: `there is no flow \`${flow}\``, hint: near === undefined ? known : `did you mean \`${near}\`?` }];
  });
}
