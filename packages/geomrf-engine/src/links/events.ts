import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventType, LinkType } from '@satsim/geomrf-proto';
import type { EngineEvent, LinkSelector } from '@satsim/geomrf-proto';
import { Passes } from '../gsl/passes.js';
import { OUTAGE } from '../rf/adaptation.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { LinkNetwork } from './link-network.js';
import type { LinkOutput } from './link-output.js';
import { Selection } from './selector.js';

interface Link {
  readonly type: LinkType;
  readonly source: number;
  readonly target: number;
}

type EventContent = Pick<EngineEvent, 'type' | 'nodeId' | 'attrs'> & { readonly link: Link };

/** What a link was when last heard of. */
interface Known {
  readonly link: Link;
  up: boolean;
  modcod: number;
}

/** Of links nothing is sent but another `up` or MODCOD: all that makes an event. */
const ONLY_CHANGES = { delayS: Infinity, capacityBps: Infinity, lossRate: Infinity };

/**
 * Turns what changed from one tick to the next into events, in this order: passes that end, links that go down, passes
 * that begin, links that come up, handovers, MODCOD changes; passes and handovers by site, links by type, source and target.
 * A pass is a satellite above the mask of a site, chosen or not. At the first tick passes and ground links that are under
 * way begin; links that stand there from the start (between satellites, on the ground) are no event.
 */
export class EventDetector {
  readonly #scenario: CompiledScenario;
  readonly #network: LinkNetwork;
  readonly #selection: Selection;
  readonly #types: ReadonlySet<EventType>;
  readonly #passes: Passes | null;
  /** By the link's number. */
  readonly #known: Known[] = [];
  #seq = 0;

  /** @param types empty for all */
  constructor(scenario: CompiledScenario, selector: LinkSelector, types: readonly EventType[], dtMs: number) {
    this.#scenario = scenario;
    this.#network = new LinkNetwork(scenario, selector, { dtMs, thresholds: ONLY_CHANGES, modcods: true, details: false, passes: true });
    this.#selection = new Selection(selector, scenario.indexOf);
    this.#types = new Set(types);
    this.#passes = this.#network.gsl === null ? null : new Passes(this.#network.gsl.sites.length);
  }

  /** Moves to a tick and tells its events. */
  next(tickIndex: number, timeMs: number): readonly EngineEvent[] {
    this.#network.moveTo(timeMs);
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
    const found: { down: EventContent[]; up: EventContent[]; modcod: EventContent[] } = { down: [], up: [], modcod: [] };
    const { outputs, adaptation } = this.#network;
    for (const { removed, removedCount } of outputs) {
      for (let i = 0; i < removedCount; i++) {
        const { link, up } = this.#known[removed[i]];
        if (up) found.down.push({ type: EventType.LINK_DOWN, nodeId: '', attrs: {}, link });
      }
    }
    for (const output of outputs) this.#learn(output);
    for (const { count, link: numbers, up: ups, modcod: modcods } of outputs) {
      for (let row = 0; row < count; row++) {
        const known = this.#known[numbers[row]];
        const { link, up: wasUp, modcod: wasModcod } = known;
        known.up = ups[row] === 1;
        known.modcod = modcods === null ? OUTAGE : modcods[row];
        const standsFromTheStart = first && (link.type === LinkType.ISL || link.type === LinkType.TERRESTRIAL);
        if (wasUp && !known.up) found.down.push({ type: EventType.LINK_DOWN, nodeId: '', attrs: {}, link });
        if (!wasUp && known.up && !standsFromTheStart) found.up.push({ type: EventType.LINK_UP, nodeId: '', attrs: {}, link });
        if (wasUp && known.up && known.modcod !== wasModcod) {
          const attrs = { from: adaptation.steps[wasModcod].name, to: adaptation.steps[known.modcod].name };
          found.modcod.push({ type: EventType.MODCOD_CHANGE, nodeId: '', attrs, link });
        }
      }
    }
    for (const list of Object.values(found)) list.sort(byLink);
    return found;
  }

  /** Numbers that were given back may name other links now. */
  #learn({ enteredCount, enteredLink, enteredSource, enteredTarget, enteredType }: LinkOutput): void {
    for (let i = 0; i < enteredCount; i++) {
      this.#known[enteredLink[i]] = { link: { type: enteredType[i], source: enteredSource[i], target: enteredTarget[i] }, up: false, modcod: OUTAGE };
    }
  }

  #passChanges(): { ended: EventContent[]; begun: EventContent[] } {
    const found: { ended: EventContent[]; begun: EventContent[] } = { ended: [], begun: [] };
    const { gsl } = this.#network;
    if (gsl === null) return found;
    this.#passes!.update(
      gsl.visibility,
      (site, satellite) => this.#pass(site, satellite, EventType.PASS_START, found.begun),
      (site, satellite) => this.#pass(site, satellite, EventType.PASS_END, found.ended),
    );
    return found;
  }

  #pass(siteIndex: number, satellite: number, type: EventType, found: EventContent[]): void {
    const site = this.#network.gsl!.sites[siteIndex];
    const node = this.#scenario.satelliteNodes[satellite];
    if (!this.#selection.has(site.linkType, node, site.node) && !this.#selection.has(site.linkType, site.node, node)) return;
    found.push({ type, nodeId: this.#scenario.nodeIds[site.node], attrs: {}, link: { type: site.linkType, source: node, target: site.node } });
  }

  #handovers(): EventContent[] {
    const { nodeIds, satelliteNodes } = this.#scenario;
    return (this.#network.gsl?.handovers ?? []).flatMap(({ site, from, to }) => {
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

const byLink = ({ link: p }: EventContent, { link: q }: EventContent): number => p.type - q.type || p.source - q.source || p.target - q.target;
