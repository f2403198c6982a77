import { LinkType } from '@satsim/geomrf-proto';
import type { ActiveFaults } from '../faults/active-faults.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { LinkOutput } from './link-output.js';
import { LinkState, LinkStates } from './link-states.js';
import type { Selection } from './selector.js';
import type { StreamOptions } from './stream-options.js';

interface Link {
  readonly source: number;
  readonly target: number;
  readonly delayS: number;
  readonly capacityBps: number;
  readonly lossRate: number;
}

/** Configured links on the ground: constant, and up but for declared faults, in both directions. */
export class TerrestrialLinks {
  readonly out: LinkOutput;
  readonly #links: readonly Link[];
  readonly #states = new LinkStates(2, false);
  readonly #state = new LinkState();
  readonly #options: StreamOptions;
  #entered = false;

  constructor({ spec, indexOf }: CompiledScenario, selection: Selection, options: StreamOptions) {
    this.#options = options;
    this.out = new LinkOutput(options, false);
    this.#links = spec.terrestrial.flatMap(({ a, b, oneWayDelayS, capacityBps, lossRate }) => {
      const [one, other] = [indexOf.get(a)!, indexOf.get(b)!];
      return [
        { source: one, target: other },
        { source: other, target: one },
      ]
        .filter(({ source, target }) => selection.has(LinkType.TERRESTRIAL, source, target))
        .map((ends) => ({ ...ends, delayS: oneWayDelayS, capacityBps, lossRate }));
    });
    this.#states.reserve(Math.ceil(this.#links.length / 2));
  }

  /** @param faults at this instant */
  update(faults: ActiveFaults): void {
    const areNew = !this.#entered;
    this.#entered = true;
    this.out.begin(this.#links.length);
    this.out.looked = this.#links.length;
    if (!areNew && faults.none) return;
    this.#links.forEach(({ source, target, delayS, capacityBps, lossRate }, i) => {
      Object.assign(this.#state, { up: 1, delayS, capacityBps, lossRate });
      this.#state.suffer(faults.effectOn(source, target));
      if (!this.#states.take(i, areNew, this.#state, this.#options)) return;
      if (areNew) this.out.enter(LinkType.TERRESTRIAL, source, target, i);
      this.out.sendState(this.#states.link[i], this.#state);
    });
  }

  /** Takes over the numbers of the links that entered. */
  number(): void {
    this.#states.number(this.out);
  }
}
