import type { ArtifactArea, LinkId } from '@satsim/core';
import { linkId } from '@satsim/core';
import type { ObservedLink } from '@satsim/core/testing';
import type { LinkMapEntry, NodeMap } from '../plan/write-maps.js';
import type { LinkChange } from '../shaping/link-changes.js';
import type { Applied } from '../shaping/parse-qdisc.js';

/** An interface as the machine has it. */
export interface SeenInterface extends Applied {
  readonly carrier: boolean;
}

/** What a lane under test says of itself in its files: which links there are, and by which interface each of them leaves. */
export class Witness {
  readonly #known = new Set<LinkId>();
  #links: readonly LinkMapEntry[] = [];
  #nodes: NodeMap = {};

  /** The lane's folder, read along. */
  overhear(area: ArtifactArea): ArtifactArea {
    return {
      dir: area.dir,
      writeFile: (path, content) => {
        if (path === 'link_map.json') this.#links = JSON.parse(String(content)) as readonly LinkMapEntry[];
        if (path === 'node_map.json') this.#nodes = JSON.parse(String(content)) as NodeMap;
        return area.writeFile(path, content);
      },
      openStream: async (path) => {
        const stream = await area.openStream(path);
        if (path !== 'changes.jsonl') return stream;
        return { write: (chunk) => (this.#hear(String(chunk)), stream.write(chunk)), close: () => stream.close() };
      },
    };
  }

  /** The links in force. @param see an interface of the node whose namespace the process is in */
  async observe(see: (device: string, pid: number) => SeenInterface | Promise<SeenInterface>): Promise<readonly ObservedLink[]> {
    const ends = this.#links.flatMap(({ kind, a, b }) => [
      { id: linkId(kind, a.node, b.node), own: a },
      { id: linkId(kind, b.node, a.node), own: b },
    ]);
    const known = ends.filter(({ id }) => this.#known.has(id));
    return Promise.all(
      known.map(async ({ id, own }): Promise<ObservedLink> => {
        const { carrier, rateBps, delayUs, lossPct, queuePackets } = await see(own.interface, this.#nodes[own.node]!.pid);
        // tc before 6.9 cuts what it prints to whole microseconds: what is meant lies between.
        const oneWayDelayMs = delayUs ? (delayUs + 0.5) / 1000 : (delayUs ?? Number.NaN);
        const [capacityMbps, loss] = [(rateBps ?? Number.NaN) / 1e6, lossPct ?? Number.NaN];
        return { linkId: id, up: carrier && queuePackets !== 0, oneWayDelayMs, capacityMbps, lossPct: loss };
      }),
    );
  }

  #hear(lines: string): void {
    for (const line of lines.trimEnd().split('\n')) {
      const { linkId: id, removed } = JSON.parse(line) as LinkChange;
      if (removed) this.#known.delete(id);
      else this.#known.add(id);
    }
  }
}
