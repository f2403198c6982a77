import type { EngineEvent, EventType, LinkSelector } from '@satsim/geomrf-proto';
import type { CompiledScenario } from '../scenario/compiled.js';
import { EventDetector } from './events.js';
import { LinkNetwork } from './link-network.js';

/** Of links nothing is sent but another `up`. */
const ONLY_UP = { delayS: Infinity, capacityBps: Infinity, lossRate: Infinity };

/** Events of one stream, tick by tick, for those who take no links. */
export class EventSteps {
  readonly #network: LinkNetwork;
  readonly #detector: EventDetector;

  /** @param types empty for all */
  constructor(scenario: CompiledScenario, selector: LinkSelector, types: readonly EventType[], dtMs: number) {
    this.#network = new LinkNetwork(scenario, selector, { dtMs, thresholds: ONLY_UP, modcods: false, details: false, events: true });
    this.#detector = new EventDetector(scenario, this.#network, types);
  }

  /** Moves to a tick and tells its events. */
  next(tickIndex: number, timeMs: number): readonly EngineEvent[] {
    this.#network.moveTo(timeMs);
    return this.#detector.next(tickIndex, timeMs);
  }
}
