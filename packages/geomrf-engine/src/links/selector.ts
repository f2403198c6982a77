import type { LinkSelector, LinkType } from '@satsim/geomrf-proto';

/** Which links a stream is about; see LinkSelector in the contract. Made from a selector that was checked before. */
export class Selection {
  readonly #all: boolean;
  /** Whether the lists of types and nodes say anything. */
  readonly #lists: boolean;
  readonly #types: ReadonlySet<LinkType>;
  readonly #nodes: ReadonlySet<number>;
  readonly #links: ReadonlySet<string>;
  readonly #linkNodes: ReadonlySet<number>;

  constructor(selector: LinkSelector, indexOf: ReadonlyMap<string, number>) {
    this.#all = selector.allLinks;
    this.#lists = selector.linkTypes.length > 0 || selector.nodeIds.length > 0;
    this.#types = new Set(selector.linkTypes);
    this.#nodes = new Set(selector.nodeIds.map((id) => indexOf.get(id)!));
    const links = selector.links.map(({ src, dst, linkType }) => ({ source: indexOf.get(src)!, target: indexOf.get(dst)!, type: linkType }));
    this.#links = new Set(links.map(({ source, target, type }) => `${type} ${source} ${target}`));
    this.#linkNodes = new Set(links.flatMap(({ source, target }) => [source, target]));
  }

  has(type: LinkType, source: number, target: number): boolean {
    if (this.#all) return true;
    if (this.#lists && this.#hasType(type) && (this.#nodes.size === 0 || this.#nodes.has(source) || this.#nodes.has(target))) return true;
    return this.#links.size > 0 && this.#links.has(`${type} ${source} ${target}`);
  }

  /** Whether any link of this type between the node and one of `others` might be selected: false lets its computation be left out. */
  mayHave(type: LinkType, node: number, isOther: (node: number) => boolean): boolean {
    if (this.#all || this.#linkNodes.has(node)) return true;
    if (!this.#lists || !this.#hasType(type)) return false;
    return this.#nodes.size === 0 || this.#nodes.has(node) || [...this.#nodes].some(isOther);
  }

  #hasType(type: LinkType): boolean {
    return this.#types.size === 0 || this.#types.has(type);
  }
}
