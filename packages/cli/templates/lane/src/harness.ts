import type { LaneDeps, LinkId, LinkState, NetworkNode } from '@satsim/core';
import type { LaneHarness, PluginHarness } from '@satsim/core/testing';
import type { __Name__Config } from './config.js';
import { __Name__Lane } from './lane.js';
import { MemoryNetwork } from './network.js';

/** A network that fails or hangs when it is told to. With a real tool in the lane, this is the fake one. */
class FakeNetwork extends MemoryNetwork {
  next: 'works' | 'fails' | 'hangs' = 'works';

  override async build(nodes: readonly NetworkNode[], signal: AbortSignal): Promise<void> {
    await this.#fate(signal);
    await super.build(nodes, signal);
  }

  override async apply(removals: readonly LinkId[], updates: readonly LinkState[], signal: AbortSignal): Promise<void> {
    await this.#fate(signal);
    await super.apply(removals, updates, signal);
  }

  async #fate(signal: AbortSignal): Promise<void> {
    const { next } = this;
    this.next = 'works';
    if (next === 'fails') throw new Error('the network fails, as the harness told it to');
    if (next === 'hangs') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  }
}

interface Subject {
  readonly lane: __Name__Lane;
  readonly network: FakeNetwork;
}

const lane: LaneHarness<Subject, __Name__Config> = {
  kind: 'lane',
  name: '__name__',
  create(deps: LaneDeps<__Name__Config>) {
    const network = new FakeNetwork();
    return { lane: new __Name__Lane(deps, network), network };
  },
  observe: ({ network }) => [...network.links.values()],
  failNext({ network }) {
    network.next = 'fails';
  },
  hangNext({ network }) {
    network.next = 'hangs';
  },
  leftovers: ({ network }) => [...network.nodes, ...network.links.keys()],
};

export const harnesses: readonly PluginHarness[] = [lane];
