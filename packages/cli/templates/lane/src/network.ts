import type { LinkId, LinkState, NetworkNode } from '@satsim/core';

/** What the lane drives: a kernel, a simulator, a testbed. Everything that can fail or take time is behind it. */
export interface Network {
  /** Makes the nodes, or throws and leaves nothing behind. */
  build(nodes: readonly NetworkNode[], signal: AbortSignal): Promise<void>;
  /** Removes and sets links, in this order; resolves when they are in force. An update is the whole state of its link. */
  apply(removals: readonly LinkId[], updates: readonly LinkState[], signal: AbortSignal): Promise<void>;
  /** Removes everything. Safe without {@link build}, and twice. */
  tearDown(): Promise<void>;
}

/** A network that only remembers: put your own in its place. */
export class MemoryNetwork implements Network {
  readonly nodes = new Set<string>();
  readonly links = new Map<LinkId, LinkState>();

  async build(nodes: readonly NetworkNode[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const { id } of nodes) this.nodes.add(id);
  }

  async apply(removals: readonly LinkId[], updates: readonly LinkState[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const id of removals) this.links.delete(id);
    for (const link of updates) this.links.set(link.linkId, link);
  }

  async tearDown(): Promise<void> {
    this.links.clear();
    this.nodes.clear();
  }
}
