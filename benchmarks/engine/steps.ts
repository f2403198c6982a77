// The only file here that knows the inside of the engine.
import { linkId } from '@satsim/core';
import type { LinkIdentity, LinkState, NetworkNode, TickColumns } from '@satsim/core';
import { NodeRole } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { Router } from '@satsim/routing';

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
  readonly up: boolean;
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
}

async function internals(): Promise<Internals> {
  const dist = (path: string): Promise<object> => import(new URL(`../../packages/${path}.js`, import.meta.url).href) as Promise<object>;
  const modules = await Promise.all(
    ['geomrf-engine/dist/scenario/compiled', 'geomrf-engine/dist/links/link-model', 'geomrf-engine/dist/links/delta-filter'].map(dist),
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
        const [source, target] = [table.source[slot]!, table.target[slot]!];
        yield { isl: table.type[slot] === ISL, up: table.up[slot] === 1, source, target, delayS: table.delayS[slot]! };
      }
    },
    changes: () => ({ table, changes }),
    close: async () => undefined,
  };
}

/** @param relay whether ground nodes pass on what is not theirs */
export function openRoutes(spec: ScenarioSpec, engine: Awaited<ReturnType<typeof openEngine>>, relay: boolean): Routes {
  const ids = spec.nodes.map(({ id }) => id);
  const router = new Router(
    spec.nodes.map(({ id, role }): NetworkNode =>
      role === NodeRole.SATELLITE ? { id, role: 'satellite', relay: true } : { id, role: 'user_terminal', relay },
    ),
  );
  const places = spec.nodes.flatMap(({ id, role }) => (role === NodeRole.SATELLITE ? [] : [id]));
  const pack = columnsOf(ids);
  return {
    route() {
      const { table, changes } = engine.changes();
      router.apply({ snapshot: false, removals: [], updates: [], columns: pack(table, changes) });
      // The first question about a destination brings the ways of all nodes to it up to date.
      for (const place of places) router.nextHop(ids[0]!, place);
    },
    delayMs: (from, to) => router.path(ids[from]!, ids[to]!)?.oneWayDelayMs ?? null,
  };
}

/** Columns as the client makes them of what the engine sends: a number is never given to another link. */
function columnsOf(ids: readonly string[]): (table: Table, changes: Changes) => TickColumns {
  const links: LinkIdentity[] = [];
  const numberOf = new Int32Array(1 << 23).fill(-1);
  return (table, { removals, updates }) => {
    const removed = Int32Array.from(removals, (slot) => numberOf[slot]!);
    for (const slot of removals) numberOf[slot] = -1;
    const link = Int32Array.from(updates, (slot) => {
      if (numberOf[slot] !== -1) return numberOf[slot]!;
      const [source, target, kind] = [ids[table.source[slot]!]!, ids[table.target[slot]!]!, KINDS[table.type[slot]!] as LinkState['kind']];
      return (numberOf[slot] = links.push({ linkId: linkId(kind, source, target), source, target, kind }) - 1);
    });
    return {
      links,
      removals: removed,
      link,
      up: Uint8Array.from(updates, (slot) => table.up[slot]!),
      oneWayDelayMs: Float64Array.from(updates, (slot) => table.delayS[slot]! * 1000),
      capacityMbps: new Float64Array(updates.length).fill(1000),
      lossPct: new Float64Array(updates.length),
    };
  };
}
