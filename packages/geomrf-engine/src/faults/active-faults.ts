import type { CompiledScenario } from '../scenario/compiled.js';
import { durationMs } from '../scenario/ground-places.js';

/** What declared faults do to a link. */
export interface FaultEffect {
  readonly down: boolean;
  /** 0 to 1, beside the link's own: 1 − (1 − a)(1 − b). */
  readonly lossRate: number;
  /** At most; `Infinity` for no limit. */
  readonly capacityBps: number;
  readonly extraDelayS: number;
}

interface TimedFault {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  /** Index of a node, or the key of a link. */
  readonly node: number | null;
  readonly link: number | null;
  readonly effect: FaultEffect;
}

/**
 * The scenario's declared faults, as they are at one instant: a fault holds from `at` on and before `at + for`. It changes
 * with {@link moveTo}, so every stream has its own; what it says depends on the instant alone.
 */
export class ActiveFaults {
  /** No fault is declared at all: there is nothing to ask, ever. */
  readonly none: boolean;
  /** By node: 1 while a fault has it down, and so all its links. */
  readonly nodeDown: Uint8Array;

  readonly #nodes: number;
  readonly #faults: readonly TimedFault[];
  readonly #active: Uint8Array;
  /** Of the active ones. */
  readonly #ofNode = new Map<number, FaultEffect>();
  readonly #ofLink = new Map<number, FaultEffect>();
  /** Answers since the active ones last changed. */
  readonly #known = new Map<number, FaultEffect>();

  constructor(scenario: Pick<CompiledScenario, 'spec' | 'startMs' | 'nodeIds' | 'indexOf'>) {
    const { spec, startMs, indexOf } = scenario;
    this.#nodes = scenario.nodeIds.length;
    this.nodeDown = new Uint8Array(this.#nodes);
    this.#faults = spec.faults.map((fault): TimedFault => {
      const begin = startMs + durationMs(fault.at);
      const { what, lossRate, capacityBps, extraDelayS } = fault;
      return {
        startMs: begin,
        endMs: fault.for === undefined ? Infinity : begin + durationMs(fault.for),
        node: what.case === 'nodeId' ? indexOf.get(what.value)! : null,
        link: what.case === 'link' ? this.#key(indexOf.get(what.value.a)!, indexOf.get(what.value.b)!) : null,
        effect: {
          // Nothing gets over a link without capacity.
          down: capacityBps === 0 || (lossRate === undefined && capacityBps === undefined && extraDelayS === undefined),
          lossRate: lossRate ?? 0,
          capacityBps: capacityBps ?? Infinity,
          extraDelayS: extraDelayS ?? 0,
        },
      };
    });
    this.none = this.#faults.length === 0;
    this.#active = new Uint8Array(this.#faults.length);
  }

  /** @param timeMs Unix ms */
  moveTo(timeMs: number): void {
    let changed = false;
    for (let i = 0; i < this.#faults.length; i++) {
      const active = timeMs >= this.#faults[i].startMs && timeMs < this.#faults[i].endMs ? 1 : 0;
      if (active === this.#active[i]) continue;
      this.#active[i] = active;
      changed = true;
    }
    if (changed) this.#collect();
  }

  /** What a link between two nodes, in this direction, suffers now; `null` for nothing. */
  effectOn(source: number, target: number): FaultEffect | null {
    if (this.#ofNode.size === 0 && this.#ofLink.size === 0) return null;
    const link = this.#ofLink.get(this.#key(source, target));
    const [from, to] = [this.#ofNode.get(source), this.#ofNode.get(target)];
    if (link === undefined && from === undefined && to === undefined) return null;
    const key = this.#key(source, target);
    let effect = this.#known.get(key);
    if (effect === undefined) this.#known.set(key, (effect = both(both(from, to), link)!));
    return effect;
  }

  #collect(): void {
    for (const map of [this.#ofNode, this.#ofLink, this.#known]) map.clear();
    this.nodeDown.fill(0);
    this.#faults.forEach(({ node, link, effect }, i) => {
      if (this.#active[i] === 0) return;
      if (node !== null) {
        this.#ofNode.set(node, both(this.#ofNode.get(node), effect)!);
        if (effect.down) this.nodeDown[node] = 1;
      }
      if (link !== null) this.#ofLink.set(link, both(this.#ofLink.get(link), effect)!);
    });
  }

  /** The same for both directions. */
  #key(a: number, b: number): number {
    return a < b ? a * this.#nodes + b : b * this.#nodes + a;
  }
}

function both(one: FaultEffect | undefined, other: FaultEffect | undefined): FaultEffect | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    down: one.down || other.down,
    lossRate: 1 - (1 - one.lossRate) * (1 - other.lossRate),
    capacityBps: Math.min(one.capacityBps, other.capacityBps),
    extraDelayS: one.extraDelayS + other.extraDelayS,
  };
}
