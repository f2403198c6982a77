import { availableParallelism } from 'node:os';
import { create, toBinary } from '@bufbuild/protobuf';
import { LinkSelectorSchema, MeanElementsSchema, NodeSpecSchema, ScenarioSpecSchema, SelectionPolicy } from '@satsim/geomrf-proto';
import type { LinkSelector, NodeSpec } from '@satsim/geomrf-proto';
import { needsEverySite } from '../gsl/chooser.js';
import { looksAhead } from '../gsl/satellite-scores.js';
import { wantedSites } from '../gsl/wanted-sites.js';
import { LinkNetwork, orbitsOf } from '../links/link-network.js';
import type { LinkOutput } from '../links/link-output.js';
import { Selection } from '../links/selector.js';
import type { StreamOptions } from '../links/stream-options.js';
import type { Adaptation } from '../rf/adaptation.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { RemoteGslLinks } from './remote-gsl-links.js';

/** Site-satellite pairs from which a second thread is worth its memory: a step then takes tens of milliseconds. */
const WORTH_A_WORKER = 5e7;

/**
 * The network of one stream, in one thread or several: each computes the ground links of a block of sites, this one all other
 * links as well. What comes out does not depend on their number. {@link close} has to be called.
 */
export class ParallelNetwork {
  readonly #network: LinkNetwork;
  readonly #remotes: readonly RemoteGslLinks[];

  /** @param workers threads that compute, this one among them; by the network's size where it is not said */
  constructor(scenario: CompiledScenario, selector: LinkSelector, options: StreamOptions, workers?: number) {
    const sites = wantedSites(scenario, new Selection(selector, scenario.indexOf)).length;
    const threads = threadsFor(scenario, sites, workers);
    const share = Math.ceil(sites / threads);
    const orbits = orbitsOf(scenario);
    const { x, y, z } = orbits.positions;
    const job = {
      spec: threads === 1 ? new Uint8Array(0) : toBinary(ScenarioSpecSchema, forGroundLinks(scenario)),
      selector: toBinary(LinkSelectorSchema, create(LinkSelectorSchema, selector)),
      options,
      bounds: orbits.bounds,
      positions: { x, y, z },
    };
    this.#remotes = Array.from({ length: threads - 1 }, (_, i) => new RemoteGslLinks({ ...job, firstSite: (i + 1) * share, endSite: (i + 2) * share }));
    this.#network = new LinkNetwork(scenario, selector, options, { orbits, sites: share, elsewhere: this.#remotes.map(({ out }) => out) });
  }

  /** See {@link LinkNetwork.outputs}. */
  get outputs(): readonly LinkOutput[] {
    return this.#network.outputs;
  }

  get adaptation(): Adaptation {
    return this.#network.adaptation;
  }

  /** Number of links in the set. */
  get size(): number {
    return this.#network.size;
  }

  /** @param timeMs Unix ms, later than that of the call before, which has to be over */
  async moveTo(timeMs: number): Promise<void> {
    this.#network.begin(timeMs);
    for (const remote of this.#remotes) remote.start(timeMs);
    this.#network.compute(timeMs);
    for (const remote of this.#remotes) await remote.finish();
    this.#network.settle();
  }

  async close(): Promise<void> {
    await Promise.all(this.#remotes.map((remote) => remote.close()));
  }
}

function threadsFor(scenario: CompiledScenario, sites: number, workers: number | undefined): number {
  const { gsl } = scenario.spec;
  // Sites whose choice depends on each other stay together.
  if (gsl === undefined || sites === 0 || needsEverySite(scenario, gsl) || gsl.selection === SelectionPolicy.SCHEDULED) return 1;
  const wanted = workers ?? (sites * scenario.propagator.size >= WORTH_A_WORKER ? Math.min(2, availableParallelism()) : 1);
  return Math.min(wanted, sites);
}

/** Links between satellites are computed here, and so are positions: most others need no orbits. */
function forGroundLinks({ spec }: CompiledScenario): CompiledScenario['spec'] {
  const { isl: _, ...rest } = spec;
  return looksAhead(spec.gsl!) ? rest : { ...rest, nodes: spec.nodes.map(withoutOrbit) };
}

function withoutOrbit(node: NodeSpec): NodeSpec {
  if (node.position.case !== 'elements') return node;
  const { shellPosition: _, ...rest } = node;
  return create(NodeSpecSchema, { ...rest, position: { case: 'elements', value: create(MeanElementsSchema) } });
}
