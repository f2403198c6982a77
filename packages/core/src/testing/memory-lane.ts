import type { LaneAdapter } from '../contract/lane.js';
import { LinkTable } from '../contract/link-table.js';
import type { LinkId, LinkState, TickUpdate } from '../contract/tick.js';

type Fate = 'works' | 'fails' | 'hangs';

/** Stands for a kernel or a simulator: knows links, obeys one command at a time, can be told to fail or to hang. */
export class MemoryBackend {
  readonly links = new Map<LinkId, LinkState>();
  /** Whether somebody built it and did not tear it down. */
  built = false;
  next: Fate = 'works';

  async command(doIt: () => void, signal?: AbortSignal): Promise<void> {
    const fate = this.next;
    this.next = 'works';
    if (fate === 'fails') throw new Error('the command failed');
    if (fate === 'hangs') await forever(signal);
    doIt();
  }
}

/** The smallest lane that keeps the whole contract: the kit's reference, and a model to start from. */
export class MemoryLane implements LaneAdapter {
  readonly backend: MemoryBackend;
  readonly table = new LinkTable();

  constructor(backend: MemoryBackend) {
    this.backend = backend;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.backend.command(() => {
      this.backend.built = true;
    }, signal);
  }

  async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.table.apply(tick);
    await this.backend.command(() => {
      this.backend.links.clear();
      for (const link of this.table.values()) this.backend.links.set(link.linkId, link);
    }, signal);
  }

  async finalize(): Promise<void> {
    await this.backend.command(() => {
      this.backend.links.clear();
      this.backend.built = false;
    });
  }
}

function forever(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}
