// The only file here that knows the inside of the engine and of routing.
import { linkId } from '@satsim/core';
import type { LinkState, NetworkNode } from '@satsim/core';
import { NodeRole } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';

/** An engine without its server: one tick after the other. */
export interface Steps {
  /** Propagate, rotate, visibility, ISL ranges, delay, and what of it differs from what was sent last. */
  step(timeMs: number): Promise<void> | void;
  /** Of the present tick, both directions. */
  links(): Iterable<PresentLink>;
  close(): Promise<void>;
}

export interface PresentLink {
  readonly isl: boolean;
  /** By node of the specification. */
  readonly source: number;
  readonly target: number;
  readonly delayS: number;
}

/** Least-delay trees towards every ground node. */
export interface Routes {
  /** Takes over what the engine's last step changed and computes all trees. */
  route(): void;
  /** One-way, between two nodes; null without a way. */
  delayMs(from: number, to: number): number | null;
}

interface Table {
  readonly live: Int32Array;
  readonly type: Uint8Array;
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly up: Uint8Array;
  readonly delayS: Float64Array;
  endTick(): void;
}
interface Changes {
  readonly removals: readonly number[];
  readonly updates: readonly number[];
}
interface Internals {
  readonly compileScenario: (spec: ScenarioSpec) => unknown;
  readonly LinkModel: new (scenario: unknown, selector: object) => { readonly table: Table; moveTo(timeMs: number): number };
  readonly DeltaFilter: new (thresholds: undefined) => { next(table: Table): Changes };
  readonly LinkGraph: new (nodes: readonly NetworkNode[]) => { apply(tick: { snapshot: boolean; removals: string[]; updates: LinkState[] }): void };
  readonly DestinationTree: new (graph: unknown, destination: number) => { linksFrom(source: number): LinkState[] | null };
}

async function internals(): Promise<Internals> {
  const dist = (path: string): Promise<object> => import(new URL(`../../packages/${path}.js`, import.meta.url).href) as Promise<object>;
  const modules = await Promise.all(
    [
      'geomrf-engine/dist/scenario/compiled',
      'geomrf-engine/dist/links/link-model',
      'geomrf-engine/dist/links/delta-filter',
      'routing/dist/link-graph',
      'routing/dist/destination-tree',
    ].map(dist),
  );
  return Object.assign({}, ...modules) as Internals;
}

const ISL = 3;
const KINDS = ['', 'gsl', 'gsl', 'isl', 'terrestrial'] as const;

export async function openEngine(spec: ScenarioSpec): Promise<Steps & { readonly changes: () => { table: Table; changes: Changes } }> {
  const { compileScenario, LinkModel, DeltaFilter } = await internals();
  const model = new LinkModel(compileScenario(spec), { linkTypes: [], nodeIds: [], links: [], allLinks: true });
  const filter = new DeltaFilter(undefined);
  const { table } = model;
  let changes: Changes = { removals: [], updates: [] };
  return {
    step(timeMs) {
      table.endTick();
      model.moveTo(timeMs);
      changes = filter.next(table);
    },
    *links() {
      const left = new Set(changes.removals);
      for (const slot of table.live) {
        if (left.has(slot)) continue;
        yield { isl: table.type[slot] === ISL, source: table.source[slot]!, target: table.target[slot]!, delayS: table.delayS[slot]! };
      }
    },
    changes: () => ({ table, changes }),
    close: async () => undefined,
  };
}

/** @param relay whether ground nodes pass on what is not theirs */
export async function openRoutes(spec: ScenarioSpec, engine: Awaited<ReturnType<typeof openEngine>>, relay: boolean): Promise<Routes> {
  const { LinkGraph, DestinationTree } = await internals();
  const ids = spec.nodes.map(({ id }) => id);
  const ground = spec.nodes.flatMap(({ role }, i) => (role === NodeRole.SATELLITE ? [] : [i]));
  const nodes = spec.nodes.map(({ id, role }): NetworkNode =>
    role === NodeRole.SATELLITE ? { id, role: 'satellite', relay: true } : { id, role: 'user_terminal', relay },
  );
  // Nobody links to it: a way from it is looked for everywhere.
  const graph = new LinkGraph([...nodes, { id: 'nowhere', role: 'satellite', relay: true }]);
  const trees = new Map(ground.map((node) => [node, new DestinationTree(graph, node)]));
  const identities = new Map<number, Pick<LinkState, 'linkId' | 'source' | 'target' | 'kind'>>();
  return {
    route() {
      const { table, changes } = engine.changes();
      const removals = changes.removals.map((slot) => {
        const { linkId: id } = identities.get(slot)!;
        identities.delete(slot);
        return id;
      });
      const updates = changes.updates.map((slot): LinkState => {
        const [source, target, kind] = [ids[table.source[slot]!]!, ids[table.target[slot]!]!, KINDS[table.type[slot]!] as LinkState['kind']];
        let identity = identities.get(slot);
        if (identity?.source !== source || identity.target !== target) {
          identity = { linkId: linkId(kind, source, target), source, target, kind };
          identities.set(slot, identity);
        }
        return { ...identity, up: table.up[slot] === 1, oneWayDelayMs: table.delayS[slot]! * 1000, capacityMbps: 1000, lossPct: 0 };
      });
      graph.apply({ snapshot: false, removals, updates });
      for (const tree of trees.values()) tree.linksFrom(nodes.length);
    },
    delayMs: (from, to) =>
      trees
        .get(to)!
        .linksFrom(from)
        ?.reduce((sum, link) => sum + link.oneWayDelayMs, 0) ?? null,
  };
}
