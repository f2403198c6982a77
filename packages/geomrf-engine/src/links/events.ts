import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventType, LinkType } from '@satsim/geomrf-proto';
import type { EngineEvent, LinkSelector } from '@satsim/geomrf-proto';
import type { CompiledScenario } from '../scenario/compiled.js';
import type { LinkModel } from './link-model.js';
import { Selection } from './selector.js';

type EventContent = Pick<EngineEvent, 'type' | 'nodeId' | 'attrs'> & {
  readonly link: { readonly type: LinkType; readonly source: number; readonly target: number };
};

/**
 * Turns what changed from one tick to the next into events, in this order: passes that end, links that go down, passes
 * that begin, links that come up, handovers, MODCOD changes; each by link. A pass is a satellite above the mask of a site,
 * chosen or not. At the first tick passes and ground links that are under way begin; links that stand there from the start
 * (between satellites, on the ground) are no event.
 */
export class EventDetector {
  readonly #scenario: CompiledScenario;
  readonly #model: LinkModel;
  readonly #selection: Selection;
  readonly #types: ReadonlySet<EventType>;
  #passes = new Set<number>();
  #seq = 0;

  /** @param types empty for all */
  constructor(scenario: CompiledScenario, model: LinkModel, selector: LinkSelector, types: readonly EventType[]) {
    this.#scenario = scenario;
    this.#model = model;
    this.#selection = new Selection(selector, scenario.indexOf);
    this.#types = new Set(types);
  }

  /** Events of the tick that the model stands at; before its table's endTick. */
  next(tickIndex: number, timeMs: number): readonly EngineEvent[] {
    const passes = this.#passChanges();
    const links = this.#linkChanges(tickIndex === 0);
    const { nodeIds } = this.#scenario;
    return [...passes.ended, ...links.down, ...passes.begun, ...links.up, ...this.#handovers(), ...links.modcod]
      .filter(({ type }) => this.#types.size === 0 || this.#types.has(type))
      .map(({ type, nodeId, attrs, link }) => ({
        $typeName: 'geomrf.v1.EngineEvent',
        tickIndex: BigInt(tickIndex),
        time: timestampFromMs(timeMs),
        type,
        link: { $typeName: 'geomrf.v1.LinkKey', src: nodeIds[link.source], dst: nodeIds[link.target], linkType: link.type },
        nodeId,
        attrs,
        seq: BigInt(this.#seq++),
      }));
  }

  #linkChanges(first: boolean): { down: EventContent[]; up: EventContent[]; modcod: EventContent[] } {
    const { table, gsl } = this.#model;
    const found: { down: EventContent[]; up: EventContent[]; modcod: EventContent[] } = { down: [], up: [], modcod: [] };
    for (const slot of table.live) {
      const wasUp = table.wasUp[slot] === 1;
      const up = !table.hasLeft(slot) && table.up[slot] === 1;
      const link = { type: table.type[slot] as LinkType, source: table.source[slot], target: table.target[slot] };
      if (wasUp && !up) found.down.push({ type: EventType.LINK_DOWN, nodeId: '', attrs: {}, link });
      if (!wasUp && up && !(first && (link.type === LinkType.ISL || link.type === LinkType.TERRESTRIAL)))
        found.up.push({ type: EventType.LINK_UP, nodeId: '', attrs: {}, link });
      if (wasUp && up && gsl !== null && table.modcod[slot] !== table.wasModcod[slot]) {
        const attrs = { from: gsl.adaptation.steps[table.wasModcod[slot]].name, to: gsl.adaptation.steps[table.modcod[slot]].name };
        found.modcod.push({ type: EventType.MODCOD_CHANGE, nodeId: '', attrs, link });
      }
    }
    return found;
  }

  #passChanges(): { ended: EventContent[]; begun: EventContent[] } {
    const { gsl } = this.#model;
    if (gsl === null) return { ended: [], begun: [] };
    const satellites = this.#scenario.propagator.size;
    const now = new Set<number>();
    for (let s = 0; s < gsl.sites.length; s++) {
      for (let j = gsl.visibility.start[s]; j < gsl.visibility.start[s + 1]; j++) now.add(s * satellites + gsl.visibility.satellite[j]);
    }
    const before = this.#passes;
    this.#passes = now;
    const content = (keys: readonly number[], type: EventType): EventContent[] =>
      keys.toSorted((p, q) => p - q).flatMap((key) => this.#pass(Math.floor(key / satellites), key % satellites, type));
    return { ended: content(without(before, now), EventType.PASS_END), begun: content(without(now, before), EventType.PASS_START) };
  }

  #pass(siteIndex: number, satellite: number, type: EventType): EventContent[] {
    const site = this.#model.gsl!.sites[siteIndex];
    const node = this.#scenario.satelliteNodes[satellite];
    if (!this.#selection.has(site.linkType, node, site.node) && !this.#selection.has(site.linkType, site.node, node)) return [];
    return [{ type, nodeId: this.#scenario.nodeIds[site.node], attrs: {}, link: { type: site.linkType, source: node, target: site.node } }];
  }

  #handovers(): EventContent[] {
    const { nodeIds, satelliteNodes } = this.#scenario;
    return (this.#model.gsl?.handovers ?? []).flatMap(({ site, from, to }) => {
      const [fromNode, toNode] = [satelliteNodes[from], satelliteNodes[to]];
      const selected = [fromNode, toNode].some(
        (node) => this.#selection.has(site.linkType, site.node, node) || this.#selection.has(site.linkType, node, site.node),
      );
      if (!selected) return [];
      const link = { type: site.linkType, source: site.node, target: toNode };
      return [{ type: EventType.HANDOVER, nodeId: nodeIds[site.node], attrs: { from: nodeIds[fromNode], to: nodeIds[toNode] }, link }];
    });
  }
}

const without = (keys: ReadonlySet<number>, others: ReadonlySet<number>): number[] => [...keys].filter((key) => !others.has(key));
