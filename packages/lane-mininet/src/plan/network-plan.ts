import type { LinkKind, NetworkNode, NodeId } from '@satsim/core';
import { LaneError } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import { ipv4Of, ipv6Of, linkLocalOf, MAX_NUMBER, macOf } from './addresses.js';
import { datapathId, interfaceName, nodeName, runPrefix } from './names.js';

export type NodeKind = 'router' | 'switch' | 'host';

export interface PlannedNode {
  readonly id: NodeId;
  /** From 1, in the order of the scenario's nodes. */
  readonly number: number;
  /** Of the Mininet node; of a switch also its bridge. */
  readonly name: string;
  readonly kind: NodeKind;
  /** Whether packets of others may pass. */
  readonly forwards: boolean;
  /** /32 and /128: links are unnumbered. `null` for a switch. */
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  /** Of a switch: its OpenFlow datapath id, 16 hexadecimal digits; `null` for others. */
  readonly dpid: string | null;
}

/** One end of a link: the interface on which that node sends. */
export interface PlannedEnd {
  readonly node: PlannedNode;
  readonly interface: string;
  /** From 1, in the order in which the node got its links. */
  readonly port: number;
  readonly mac: string;
  readonly linkLocal: string;
}

/** A pair of nodes with a veth between them; each direction is shaped on the interface that it leaves by. */
export interface PlannedLink {
  readonly kind: LinkKind;
  readonly a: PlannedEnd;
  readonly b: PlannedEnd;
}

/**
 * Names, numbers and addresses of everything that a run makes. Nodes are numbered in order, links get their ports when they
 * are first asked for: the same ticks give the same plan.
 */
export class NetworkPlan {
  readonly prefix: string;
  readonly nodes: readonly PlannedNode[];
  readonly #byId: ReadonlyMap<NodeId, PlannedNode>;
  readonly #ports: Int32Array;
  readonly #links = new Map<string, PlannedLink>();

  /** @throws LaneError when there are more nodes than addresses */
  constructor(nodes: readonly NetworkNode[], topo: MininetConfig['topo'], runId: string) {
    if (nodes.length > MAX_NUMBER) throw new LaneError('', `${nodes.length} nodes are more than the addresses are planned for, ${MAX_NUMBER}`);
    this.prefix = runPrefix(runId);
    this.nodes = nodes.map(({ id, role, relay }, index) => {
      const number = index + 1;
      const kind: NodeKind = role === 'satellite' ? topo.satellites : 'host';
      return {
        id,
        number,
        name: nodeName(this.prefix, number),
        kind,
        forwards: kind === 'router' || (kind === 'host' && role !== 'satellite' && relay),
        ipv4: kind === 'switch' ? null : ipv4Of(topo.ipv4_base, number),
        ipv6: kind === 'switch' ? null : ipv6Of(topo.ipv6_prefix, number),
        dpid: kind === 'switch' ? datapathId(this.prefix, number) : null,
      };
    });
    this.#byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.#ports = new Int32Array(nodes.length + 1);
  }

  /** @throws LaneError for a node that the scenario does not have */
  node(id: NodeId): PlannedNode {
    const node = this.#byId.get(id);
    if (!node) throw new LaneError('', `a tick names the node ${id}, which the scenario does not have`);
    return node;
  }

  /** The link between two nodes, whichever is named first; `null` while it has not been planned. */
  find(one: NodeId, other: NodeId): PlannedLink | null {
    return this.#links.get(pairKey(this.node(one), this.node(other))) ?? null;
  }

  /** The link between two nodes; planned now if it was not. */
  link(kind: LinkKind, one: NodeId, other: NodeId): PlannedLink {
    const [first, second] = [this.node(one), this.node(other)].sort((p, q) => p.number - q.number) as [PlannedNode, PlannedNode];
    const key = pairKey(first, second);
    let link = this.#links.get(key);
    if (!link) this.#links.set(key, (link = { kind, a: this.#end(first), b: this.#end(second) }));
    return link;
  }

  links(): IterableIterator<PlannedLink> {
    return this.#links.values();
  }

  /** By which the source of a directed link sends. */
  egress(link: PlannedLink, source: NodeId): PlannedEnd {
    return link.a.node.id === source ? link.a : link.b;
  }

  #end(node: PlannedNode): PlannedEnd {
    const port = (this.#ports[node.number] = this.#ports[node.number]! + 1);
    // Behind a switch a host is known by its address, whichever of its interfaces it uses.
    const mac = macOf(node.number, node.kind === 'host' ? 0 : port);
    return { node, interface: interfaceName(this.prefix, node.number, port), port, mac, linkLocal: linkLocalOf(mac) };
  }
}

const pairKey = (one: PlannedNode, other: PlannedNode): string => `${Math.min(one.number, other.number)} ${Math.max(one.number, other.number)}`;
