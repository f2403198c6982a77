import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string }; children?: readonly number[] }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Rooms of satsim, found by the path of the innermost frame that belongs to one of them. */
const ROOMS: readonly (readonly [room: string, path: RegExp])[] = [
  ['bus, runners and trace', /packages\/core\/dist\/(bus|run|artifacts)\//],
  ['gRPC encode and decode', /packages\/geomrf-proto\/|node_modules\/(@grpc|@bufbuild)\//],
  ['engine', /packages\/(geomrf-engine|elements)\/|node_modules\/satellite\.js\//],
  ['client', /packages\/geomrf-client\//],
  ['lane flow and routing', /plugins\/lane-flow\/|packages\/routing\//],
  ['exporters', /plugins\/exporter-/],
  ['rest of satsim and npm', /\/(packages|plugins|node_modules)\//],
];

/**
 * Shares of CPU by room, over all threads, from V8 CPU profiles. Time inside Node and V8 built-ins counts for the room
 * that called them; what nobody called (collector, event loop, start-up) is `node`.
 */
export function cpuShares(folder: string): Record<string, number> {
  const totals = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
    const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const rooms = new Map<number, string | null>();
    const roomOf = (id: number | undefined): string | null => {
      if (id === undefined) return 'node';
      const known = rooms.get(id);
      if (known !== undefined) return known;
      const { functionName, url } = nodes.get(id)!.callFrame;
      const room = functionName === '(idle)' ? null : (ROOMS.find(([, path]) => path.test(url))?.[0] ?? roomOf(parents.get(id)));
      rooms.set(id, room);
      return room;
    };
    profile.samples.forEach((id, i) => {
      const room = roomOf(id);
      if (room !== null) totals.set(room, (totals.get(room) ?? 0) + (profile.timeDeltas[i] ?? 0));
    });
  }
  const sum = [...totals.values()].reduce((a, b) => a + b, 0);
  return Object.fromEntries([...totals].toSorted(([, a], [, b]) => b - a).map(([room, us]) => [room, Number((us / sum).toFixed(4))]));
}
