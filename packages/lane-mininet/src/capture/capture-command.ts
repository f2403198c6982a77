import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CaptureCommand, type CapturePlace, SatsimError, suggest } from '@satsim/core';
import { SNAP_BYTES } from '../config.js';
import type { LinkMapEntry, NodeMap } from '../plan/write-maps.js';

/** How the packets of one interface of a run that goes on are had: tcpdump in the node's namespace, to stdout. */
export async function captureCommand({ laneDir, node, interface: wanted }: CapturePlace): Promise<CaptureCommand> {
  const nodes = readJson<NodeMap>(laneDir, 'node_map.json');
  const links = readJson<readonly LinkMapEntry[]>(laneDir, 'link_map.json');
  const place = nodes[node];
  if (!place) throw unknown(`there is no node ${node}`, node, Object.keys(nodes));
  const ends = links.flatMap(({ a, b }) => [
    { own: a, peer: b },
    { own: b, peer: a },
  ]);
  const own = ends.filter((end) => end.own.node === node);
  const found = own.find(({ own: end, peer }) => end.interface === wanted || peer.node === wanted);
  if (!found)
    throw unknown(
      `${node} has no link with ${wanted}`,
      wanted,
      own.map(({ peer }) => peer.node),
    );
  const tcpdump = tcpdumpArgs(found.own.interface, '-');
  return place.kind === 'switch'
    ? { command: 'tcpdump', args: tcpdump }
    : { command: 'nsenter', args: [`--net=/proc/${place.pid}/ns/net`, 'tcpdump', ...tcpdump] };
}

/**
 * @param file `-` for stdout
 * @param snapBytes of each packet
 */
export function tcpdumpArgs(device: string, file: string, snapBytes = SNAP_BYTES): string[] {
  // Immediate and unbuffered: packets of the last second are lost otherwise when tcpdump is ended.
  return ['-i', device, '-n', '--immediate-mode', '-U', '-s', String(snapBytes), '-w', file];
}

function readJson<T>(folder: string, name: string): T {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  } catch (error) {
    throw new SatsimError('USAGE', `the run's network is not built yet: ${name} cannot be read`, { cause: error });
  }
}

function unknown(message: string, word: string, known: readonly string[]): SatsimError {
  const nearest = suggest(word, known);
  return new SatsimError('USAGE', message, { hint: nearest === undefined ? `known: ${known.slice(0, 20).join(', ')}` : `did you mean ${nearest}?` });
}
