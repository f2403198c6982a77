import type { MessageInitShape } from '@bufbuild/protobuf';
import type { NodeSpecSchema } from '@satsim/geomrf-proto';
import { isStandIn, suggest } from '@satsim/core';
import type { FieldPath, NodeRole } from '@satsim/core';
import type { CompileContext } from './compile-context.js';

type NodeInit = MessageInitShape<typeof NodeSpecSchema>;

/** A node on its way into the specification, with the field that declared it. */
export interface DeclaredNode {
  readonly id: string;
  readonly role: NodeRole;
  readonly relay: boolean;
  readonly path: FieldPath;
  readonly position: NonNullable<NodeInit['position']>;
  readonly shellPosition?: NodeInit['shellPosition'];
  readonly minElevationDeg?: NodeInit['minElevationDeg'];
  readonly elevationMask?: NodeInit['elevationMask'];
}

/** The full list of nodes: what every other part of a scenario may refer to. */
export class NodeList<Node extends { readonly id: string; readonly role: NodeRole; readonly path: FieldPath } = DeclaredNode> {
  readonly nodes: readonly Node[];
  readonly #byId = new Map<string, Node>();
  readonly #context: CompileContext;
  /** Some nodes may be unknown only because what declares them is faulty. */
  readonly #incomplete: boolean;

  /** Duplicate ids are faults: one for each pair of declaring fields, however many nodes they share. */
  constructor(nodes: readonly Node[], context: CompileContext) {
    this.nodes = nodes;
    this.#context = context;
    this.#incomplete = context.faulty;
    const clashes = new Map<string, { node: Node; count: number }>();
    for (const node of nodes) {
      const first = this.#byId.get(node.id);
      if (first === undefined) {
        this.#byId.set(node.id, node);
        continue;
      }
      if (isChecked(first.path) && isChecked(node.path)) continue;
      const key = JSON.stringify([first.path, node.path]);
      const clash = clashes.get(key);
      if (clash === undefined) clashes.set(key, { node, count: 1 });
      else clash.count++;
    }
    for (const { node, count } of clashes.values()) {
      const which = count === 1 ? `id ${node.id} is` : `ids ${node.id} and ${count - 1} more are`;
      context.fault(node.path, `node ${which} used twice`, 'give each node an id of its own');
    }
  }

  get(id: string): Node | undefined {
    return this.#byId.get(id);
  }

  /** The node that a field refers to; `undefined` after a fault with a suggestion. */
  resolve(path: FieldPath, id: string): Node | undefined {
    const node = this.#byId.get(id);
    if (node === undefined) this.#context.fault(path, `there is no node ${id}`, this.hint(id));
    return node;
  }

  /** What to do about an id that nothing has, `also` being words that are allowed in its place. */
  hint(id: string, also: readonly string[] = []): string | undefined {
    // Satellites last: there are many, and it is a site that is usually meant.
    const sites = [...this.#byId.values()].filter(({ role }) => role !== 'satellite').map((node) => node.id);
    const known = [...new Set([...also, ...sites, ...this.#byId.keys()])].filter((each) => !isStandIn(each));
    const near = suggest(id, known);
    if (near !== undefined) return `did you mean ${near}?`;
    if (this.#incomplete) return 'it may be one of those that could not be read';
    if (known.length === 0) return undefined;
    return known.length <= 12 ? `known: ${known.join(', ')}` : `known: ${known.slice(0, 12).join(', ')} and ${known.length - 12} more`;
  }
}

/** Core has compared the ids of inline sites, and the names of shells, among themselves. */
function isChecked([list, , field]: FieldPath): boolean {
  return (list === 'ground' && field === 'id') || (list === 'constellation' && field === 'walker');
}
