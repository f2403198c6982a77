import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventType, LinkType } from '@satsim/geomrf-proto';
import type { EngineEvent } from '@satsim/geomrf-proto';
import type { Adaptation } from '../rf/adaptation.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { grown } from './columns.js';
import type { LinkEvents, LinkOutput } from './link-output.js';

interface Link {
  readonly type: LinkType;
  readonly source: number;
  readonly target: number;
}

type EventContent = Pick<EngineEvent, 'type' | 'nodeId' | 'attrs'> & { readonly link: Link };

/** A network that a stream moves from tick to tick, all of whose outputs have `events`. */
interface WatchedNetwork {
  readonly outputs: readonly LinkOutput[];
  readonly adaptation: Adaptation;
}

/**
 * Turns what changed from one tick to the next into events, in this order: passes that end, links that go down, passes
 * that begin, links that come up, handovers, MODCOD changes; passes and handovers by site, links by type, source and target.
 * A pass is a satellite above the mask of a site, chosen or not. At the first tick passes and ground links that are under
 * way begin; links that stand there from the start (between satellites, on the ground) are no event.
 *
 * What it tells does not depend on what the network sends of links that stay up, so any stream's network will do.
 */
export class EventDetector {
  readonly #nodeIds: readonly string[];
  readonly #network: WatchedNetwork;
  readonly #types: ReadonlySet<EventType>;
  /** Of the links of ground nodes, by node. */
  readonly #linkType: Uint8Array;
  // What a link is, and whether it was up when last heard of, by its number.
  #type = new Uint8Array(0);
  #source = new Int32Array(0);
  #target = new Int32Array(0);
  #up = new Uint8Array(0);
  #seq = 0;

  /** @param types empty for all */
  constructor({ nodeIds, sites }: CompiledScenario, network: WatchedNetwork, types: readonly EventType[]) {
    this.#nodeIds = nodeIds;
    this.#network = network;
    this.#types = new Set(types);
    this.#linkType = new Uint8Array(nodeIds.length);
    for (const { node, linkType } of sites) this.#linkType[node] = linkType;
  }

  /** The events of the tick that the network has been moved to; of every tick, once. */
  next(tickIndex: number, timeMs: number): readonly EngineEvent[] {
    const links = this.#linkChanges(tickIndex === 0);
    const content = [...this.#passes('passEnds'), ...links.down, ...this.#passes('passStarts'), ...links.up, ...this.#handovers(), ...this.#modcodChanges()];
    const [nodeIds, time] = [this.#nodeIds, timestampFromMs(timeMs)];
    return content
      .filter(({ type }) => this.#types.size === 0 || this.#types.has(type))
      .map(({ type, nodeId, attrs, link }) => ({
        $typeName: 'geomrf.v1.EngineEvent',
        tickIndex: BigInt(tickIndex),
        time,
        type,
        link: { $typeName: 'geomrf.v1.LinkKey', src: nodeIds[link.source], dst: nodeIds[link.target], linkType: link.type },
        nodeId,
        attrs,
        seq: BigInt(this.#seq++),
      }));
  }

  #linkChanges(first: boolean): { readonly down: readonly EventContent[]; readonly up: readonly EventContent[] } {
    const found: { down: EventContent[]; up: EventContent[] } = { down: [], up: [] };
    const { outputs } = this.#network;
    for (const { removed, removedCount } of outputs) {
      for (let i = 0; i < removedCount; i++) if (this.#up[removed[i]] === 1) found.down.push(this.#ofLink(EventType.LINK_DOWN, removed[i]));
    }
    for (const output of outputs) this.#learn(output);
    const up = this.#up;
    for (const { count, link: numbers, up: ups } of outputs) {
      for (let row = 0; row < count; row++) {
        const number = numbers[row];
        if (ups[row] === up[number]) continue;
        up[number] = ups[row];
        const standsFromTheStart = first && (this.#type[number] === LinkType.ISL || this.#type[number] === LinkType.TERRESTRIAL);
        if (ups[row] === 0) found.down.push(this.#ofLink(EventType.LINK_DOWN, number));
        else if (!standsFromTheStart) found.up.push(this.#ofLink(EventType.LINK_UP, number));
      }
    }
    for (const list of Object.values(found)) list.sort(byLink);
    return found;
  }

  /** Numbers that were given back may name other links now. */
  #learn({ enteredCount, enteredLink, enteredSource, enteredTarget, enteredType }: LinkOutput): void {
    for (let i = 0; i < enteredCount; i++) {
      const number = enteredLink[i];
      if (number >= this.#up.length) this.#makeRoom(2 * number + 64);
      this.#type[number] = enteredType[i];
      this.#source[number] = enteredSource[i];
      this.#target[number] = enteredTarget[i];
      this.#up[number] = 0;
    }
  }

  #makeRoom(links: number): void {
    this.#type = grown(this.#type, links);
    this.#source = grown(this.#source, links);
    this.#target = grown(this.#target, links);
    this.#up = grown(this.#up, links);
  }

  #ofLink(type: EventType, number: number, attrs: EventContent['attrs'] = {}): EventContent {
    return { type, nodeId: '', attrs, link: { type: this.#type[number], source: this.#source[number], target: this.#target[number] } };
  }

  #passes(which: 'passEnds' | 'passStarts'): EventContent[] {
    const type = which === 'passEnds' ? EventType.PASS_END : EventType.PASS_START;
    return this.#rows(which, (site, satellite) => ({
      type,
      nodeId: this.#nodeIds[site],
      attrs: {},
      link: { type: this.#linkType[site], source: satellite, target: site },
    }));
  }

  #handovers(): EventContent[] {
    const nodeIds = this.#nodeIds;
    return this.#rows('handovers', (site, from, to) => ({
      type: EventType.HANDOVER,
      nodeId: nodeIds[site],
      attrs: { from: nodeIds[from], to: nodeIds[to] },
      link: { type: this.#linkType[site], source: site, target: to },
    }));
  }

  #modcodChanges(): EventContent[] {
    const { steps } = this.#network.adaptation;
    return this.#rows('modcodChanges', (number, from, to) =>
      this.#ofLink(EventType.MODCOD_CHANGE, number, { from: steps[from].name, to: steps[to].name }),
    ).sort(byLink);
  }

  /** The rows of all parts, in order. */
  #rows(which: keyof LinkEvents, content: (a: number, b: number, c: number) => EventContent): EventContent[] {
    const found: EventContent[] = [];
    for (const { events } of this.#network.outputs) {
      const { count, values, width } = events![which];
      for (let row = 0, at = 0; row < count; row++, at += width) found.push(content(values[at], values[at + 1], values[at + 2]));
    }
    return found;
  }
}

const byLink = ({ link: p }: EventContent, { link: q }: EventContent): number => p.type - q.type || p.source - q.source || p.target - q.target;
