import { TickPacker } from '../artifacts/trace/tick-packer.js';
import { columnTick } from '../contract/column-tick.js';
import type { NetworkNode, ResolvedNetwork } from '../contract/network.js';
import type { Ephemeris, TickSource, TickSourceDeps, TickStream } from '../contract/tick-source.js';
import type { EngineEvent, TickUpdate, UnixMs } from '../contract/tick.js';
import { testEphemeris } from './ephemeris.js';
import { TEST_LINKS, TEST_NODES, testTick } from './network.js';

/** The smallest tick source that keeps the whole contract, columns too: six links, of which one gets longer with each tick. */
export class MemoryTickSource implements TickSource {
  /** Streams that are open. */
  opened = 0;
  readonly deps: TickSourceDeps;
  readonly #packer = new TickPacker();

  constructor(deps: TickSourceDeps) {
    this.deps = deps;
  }

  async resolve(signal: AbortSignal): Promise<ResolvedNetwork> {
    signal.throwIfAborted();
    return { nodes: this.nodes(), spec: { links: TEST_LINKS.length }, inputs: [], warnings: [] };
  }

  async open(signal: AbortSignal): Promise<TickStream> {
    signal.throwIfAborted();
    this.opened += 1;
    const closing = new AbortController();
    return {
      info: { engineVersion: '1', engineGitSha: null, schemaVersion: '1', specSha256: '', scenarioRef: 'memory', warnings: [] },
      ticks: this.ticks(signal, closing.signal),
      events: this.events(),
      ephemeris: (timeMs) => this.ephemeris(timeMs),
      close: async () => this.close(closing),
    };
  }

  nodes(): readonly NetworkNode[] {
    return TEST_NODES;
  }

  tick(k: number): TickUpdate {
    const { t0Ms, dtMs } = this.deps.run;
    const updates = k === 0 ? TEST_LINKS : [{ ...TEST_LINKS[0]!, oneWayDelayMs: 3.5 + k / 8 }];
    const head = { ...testTick(k, { snapshot: k === 0 }), simTimeMs: t0Ms + k * dtMs };
    return columnTick(head, this.#packer.pack({ removals: [], updates }));
  }

  event(k: number): EngineEvent {
    const { t0Ms, dtMs } = this.deps.run;
    return { tickIndex: k, simTimeMs: t0Ms + k * dtMs, seq: k + 1, type: 'handover', linkId: null, nodeId: 'gnd-1', attributes: {} };
  }

  async *ticks(signal: AbortSignal, closing: AbortSignal): AsyncGenerator<TickUpdate> {
    for (let k = 0; k < this.deps.run.tickCount && !closing.aborted; k += 1) {
      await new Promise(setImmediate);
      signal.throwIfAborted();
      yield this.tick(k);
    }
  }

  async *events(): AsyncGenerator<readonly EngineEvent[]> {
    for (let k = 0; k < this.deps.run.tickCount; k += 2) yield [this.event(k)];
  }

  /** The last satellite has decayed. */
  async ephemeris(timeMs: UnixMs): Promise<Ephemeris> {
    const all = await testEphemeris(timeMs);
    return { ...all, states: all.states.filter(({ id }) => id !== 'sat-3'), failures: [{ id: 'sat-3', reason: 'decayed' }] };
  }

  close(closing: AbortController): void {
    if (closing.signal.aborted) return;
    closing.abort();
    this.opened -= 1;
  }
}
