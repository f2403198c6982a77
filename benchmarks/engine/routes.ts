import { linkId } from '@satsim/core';
import type { LinkIdentity, LinkKind, NetworkNode, TickColumns } from '@satsim/core';
import type { LinkOutput } from '@satsim/geomrf-engine';
import { NodeRole } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { Router } from '@satsim/routing';

const ISL = 3;

/** Folds what the steps say into the present state of every link. */
export class PresentLinks {
  readonly #links = new Map<number, { isl: boolean; source: number; target: number; up: boolean; delayS: number }>();

  apply(changes: readonly LinkOutput[]): void {
    for (const { removed, removedCount } of changes) for (const number of removed.subarray(0, removedCount)) this.#links.delete(number);
    for (const { enteredCount, enteredLink, enteredSource, enteredTarget, enteredType } of changes) {
      for (let i = 0; i < enteredCount; i++) {
        const [source, target] = [enteredSource[i]!, enteredTarget[i]!];
        this.#links.set(enteredLink[i]!, { isl: enteredType[i] === ISL, source, target, up: false, delayS: Number.NaN });
      }
    }
    for (const { count, link, up, delayS } of changes) {
      for (let row = 0; row < count; row++) Object.assign(this.#links.get(link[row]!)!, { up: up[row] === 1, delayS: delayS[row]! });
    }
  }

  values() {
    return this.#links.values();
  }
}

/** Least-delay trees towards every ground node. */
export interface Routes {
  /** Takes over what the engine's last step changed and brings all trees up to date. */
  route(changes: readonly LinkOutput[]): void;
  /** One-way, between two nodes; null without a way. */
  delayMs(from: number, to: number): number | null;
}

/** @param relay whether ground nodes pass on what is not theirs */
export function openRoutes(spec: ScenarioSpec, relay: boolean): Routes {
  const ids = spec.nodes.map(({ id }) => id);
  const router = new Router(
    spec.nodes.map(({ id, role }): NetworkNode =>
      role === NodeRole.SATELLITE ? { id, role: 'satellite', relay: true } : { id, role: 'user_terminal', relay },
    ),
  );
  const places = spec.nodes.flatMap(({ id, role }) => (role === NodeRole.SATELLITE ? [] : [id]));
  const pack = columnsOf(ids);
  return {
    route(changes) {
      router.apply({ snapshot: false, removals: [], updates: [], columns: pack(changes) });
      // The first question about a destination brings the ways of all nodes to it up to date.
      for (const place of places) router.nextHop(ids[0]!, place);
    },
    delayMs: (from, to) => router.path(ids[from]!, ids[to]!)?.oneWayDelayMs ?? null,
  };
}

const KINDS: readonly LinkKind[] = ['gsl', 'gsl', 'gsl', 'isl', 'terrestrial'];

/** Columns as a client makes them of what the engine sends: a number is never given to another link. */
function columnsOf(ids: readonly string[]): (changes: readonly LinkOutput[]) => TickColumns {
  const links: LinkIdentity[] = [];
  const ours: number[] = [];
  return (changes) => {
    const removals = Int32Array.from(
      changes.flatMap(({ removed, removedCount }) => Array.from(removed.subarray(0, removedCount))),
      (number) => ours[number]!,
    );
    for (const { enteredCount, enteredLink, enteredSource, enteredTarget, enteredType } of changes) {
      for (let i = 0; i < enteredCount; i++) {
        const [source, target, kind] = [ids[enteredSource[i]!]!, ids[enteredTarget[i]!]!, KINDS[enteredType[i]!]!];
        ours[enteredLink[i]!] = links.push({ linkId: linkId(kind, source, target), source, target, kind }) - 1;
      }
    }
    const rows = changes.reduce((sum, { count }) => sum + count, 0);
    const columns = {
      links,
      removals,
      link: new Int32Array(rows),
      up: new Uint8Array(rows),
      oneWayDelayMs: new Float64Array(rows),
      // Budgets are no part of a step; a link without capacity would carry nothing.
      capacityMbps: new Float64Array(rows).fill(1),
      lossPct: new Float64Array(rows),
    };
    let next = 0;
    for (const { count, link, up, delayS } of changes) {
      for (let row = 0; row < count; row++, next++) {
        columns.link[next] = ours[link[row]!]!;
        columns.up[next] = up[row]!;
        columns.oneWayDelayMs[next] = delayS[row]! * 1000;
      }
    }
    return columns;
  };
}
