import type { EngineEvent, LinkBudget, LinkIdentity, LinkState, TickUpdate } from '@satsim/core';
import type { Packer } from '../pack/packer.js';
import { scaleFor } from '../pack/scale.js';
import type { ContactData } from '../report-data.js';
import type { Names } from './names.js';

const KINDS: Readonly<Record<LinkIdentity['kind'], number>> = { isl: 0, gsl: 1, terrestrial: 2 };
/** Smaller changes of capacity and elevation are not told apart in a chart. */
const CAPACITY_SHARE = 0.001;
const ELEVATION_DEG = 0.25;

interface Pair {
  readonly index: number;
  readonly a: number;
  readonly b: number;
  readonly kind: number;
  /** Directed links of it that are up. */
  up: number;
  /** Index of the span that is open, or of the last one. */
  span: number;
  readonly spans: number[];
}

interface DirectedLink {
  readonly pair: Pair;
  /** Towards the ground: its radio is the one that is told. */
  readonly down: boolean;
  up: boolean;
}

interface RadioChange {
  readonly tick: number;
  capacityMbps: number | null;
  modcod: string | null;
  elevationDeg: number | null;
}

/** Folds ticks into spans in which pairs of nodes had a link, with what the radio of those to the ground did. */
export class ContactCollector {
  readonly #names: Names;
  readonly #isGround: (node: number) => boolean;
  readonly #links = new Map<string, DirectedLink>();
  readonly #pairs = new Map<string, Pair>();
  readonly #list: Pair[] = [];
  readonly #pairOf: number[] = [];
  readonly #first: number[] = [];
  readonly #length: number[] = [];
  readonly #radio: RadioChange[][] = [];
  /** By the numbers of a stream's columns. */
  #numbered: (DirectedLink | undefined)[] = [];
  #identities: readonly LinkIdentity[] | null = null;

  /** @param isGround whether a node is known to be on the ground */
  constructor(names: Names, isGround: (node: number) => boolean) {
    this.#names = names;
    this.#isGround = isGround;
  }

  add(tick: TickUpdate): void {
    if (tick.snapshot) for (const link of this.#links.values()) this.#set(link, false, tick.tickIndex);
    const { columns } = tick;
    if (columns === undefined) {
      for (const id of tick.removals) this.#set(this.#links.get(id), false, tick.tickIndex);
      for (const update of tick.updates) this.#update(this.#link(update), update.up, update.capacityMbps, tick.tickIndex, update.rf);
      return;
    }
    if (columns.links !== this.#identities) {
      this.#identities = columns.links;
      this.#numbered = [];
    }
    for (const number of columns.removals) this.#set(this.#numbered[number], false, tick.tickIndex);
    for (let row = 0; row < columns.link.length; row += 1) {
      const number = columns.link[row]!;
      const link = (this.#numbered[number] ??= this.#link(columns.links[number]!));
      this.#update(link, columns.up[row] === 1, columns.capacityMbps[row]!, tick.tickIndex);
    }
  }

  /** After all ticks. @param ticks how many there were */
  end(ticks: number): void {
    for (const link of this.#links.values()) this.#set(link, false, ticks);
  }

  /** After {@link end}: what an event says of the MODCOD of a link, where the ticks had no budget. */
  addModcod({ linkId, tickIndex, attributes }: Pick<EngineEvent, 'linkId' | 'tickIndex' | 'attributes'>): void {
    const link = linkId === null ? undefined : this.#links.get(linkId);
    if (link === undefined || !link.down) return;
    const span = link.pair.spans.find((index) => this.#first[index]! <= tickIndex && tickIndex < this.#first[index]! + this.#length[index]!);
    if (span === undefined) return;
    const changes = (this.#radio[span] ??= []);
    const [first] = changes;
    if (first && first.tick < tickIndex && first.modcod === null && !changes.some(({ modcod }) => modcod !== null)) first.modcod = attributes['from'] ?? null;
    const at = changes.find(({ tick }) => tick === tickIndex);
    if (at) at.modcod = attributes['to'] ?? null;
    else changes.push({ tick: tickIndex, capacityMbps: null, modcod: attributes['to'] ?? null, elevationDeg: null });
  }

  pack(packer: Packer): ContactData {
    const modcods: string[] = [];
    this.#nameByCapacity();
    const rows = this.#radio.flatMap((changes, span) => flattened(changes).map((change) => ({ span, ...change })));
    const codes = rows.map(({ modcod }) => {
      if (modcod === null) return null;
      const known = modcods.indexOf(modcod);
      return known >= 0 ? known : modcods.push(modcod) - 1;
    });
    const capacities = rows.map(({ capacityMbps }) => capacityMbps);
    return {
      a: packer.column(this.#list.map(({ a }) => a)),
      b: packer.column(this.#list.map(({ b }) => b)),
      kind: packer.column(this.#list.map(({ kind }) => kind)),
      pair: packer.column(this.#pairOf),
      first: packer.column(this.#first),
      length: packer.column(this.#length),
      radio: {
        span: packer.column(rows.map(({ span }) => span)),
        tick: packer.column(rows.map(({ tick }) => tick)),
        capacityMbps: packer.column(capacities, scaleFor(capacities)),
        modcod: packer.column(codes),
        elevationDeg: rows.some(({ elevationDeg }) => elevationDeg !== null)
          ? packer.column(
              rows.map(({ elevationDeg }) => elevationDeg),
              100,
            )
          : null,
      },
      modcods,
    };
  }

  /**
   * Events tell changes only. Where a capacity goes with one MODCOD in all of them, a link of exactly that capacity that never
   * changed has that MODCOD.
   */
  #nameByCapacity(): void {
    const named = new Map<number, string | null>();
    const all = this.#radio.map(flattened);
    for (const { capacityMbps, modcod } of all.flat()) {
      if (capacityMbps === null || modcod === null) continue;
      named.set(capacityMbps, (named.get(capacityMbps) ?? modcod) === modcod ? modcod : null);
    }
    for (const changes of this.#radio) {
      if (changes === undefined || changes.some(({ modcod }) => modcod !== null)) continue;
      for (const change of changes) change.modcod = named.get(change.capacityMbps ?? -1) ?? null;
    }
  }

  #link({ linkId, source, target, kind }: LinkIdentity | LinkState): DirectedLink {
    let link = this.#links.get(linkId);
    if (link) return link;
    const [from, to] = [this.#names.number(source), this.#names.number(target)];
    const key = `${kind}:${Math.min(from, to)}:${Math.max(from, to)}`;
    let pair = this.#pairs.get(key);
    if (!pair) {
      // Of a link to the ground the satellite is `a`.
      const turned = kind === 'gsl' ? this.#isGround(from) && !this.#isGround(to) : from > to;
      pair = { index: this.#list.length, a: turned ? to : from, b: turned ? from : to, kind: KINDS[kind], up: 0, span: -1, spans: [] };
      this.#pairs.set(key, pair);
      this.#list.push(pair);
    }
    link = { pair, down: kind === 'gsl' && to === pair.b, up: false };
    this.#links.set(linkId, link);
    return link;
  }

  #update(link: DirectedLink, up: boolean, capacityMbps: number, tick: number, rf?: LinkBudget): void {
    this.#set(link, up, tick);
    if (!up || !link.down) return;
    const changes = (this.#radio[link.pair.span] ??= []);
    const last = changes.at(-1);
    const [modcod, elevationDeg] = [rf?.modcod ?? null, rf?.elevationDeg ?? null];
    const same =
      last !== undefined &&
      Math.abs((last.capacityMbps ?? 0) - capacityMbps) <= CAPACITY_SHARE * capacityMbps &&
      last.modcod === modcod &&
      (elevationDeg === null || Math.abs((last.elevationDeg ?? 1000) - elevationDeg) < ELEVATION_DEG);
    if (!same) changes.push({ tick, capacityMbps, modcod, elevationDeg });
  }

  #set(link: DirectedLink | undefined, up: boolean, tick: number): void {
    if (link === undefined || link.up === up) return;
    link.up = up;
    const { pair } = link;
    pair.up += up ? 1 : -1;
    if (up && pair.up === 1) {
      // A snapshot takes every link away and brings those that stay back in the same tick: that is no end.
      if (pair.span >= 0 && this.#first[pair.span]! + this.#length[pair.span]! === tick) return;
      pair.span = this.#first.push(tick) - 1;
      pair.spans.push(pair.span);
      this.#pairOf.push(pair.index);
      this.#length.push(0);
    } else if (pair.up === 0) {
      this.#length[pair.span] = tick - this.#first[pair.span]!;
    }
  }
}

/** In the order of ticks, what a change does not say filled up from the one before. */
function flattened(changes: readonly RadioChange[]): RadioChange[] {
  let last: RadioChange | null = null;
  return changes
    .toSorted((a, b) => a.tick - b.tick)
    .map((change) => {
      last = {
        tick: change.tick,
        capacityMbps: change.capacityMbps ?? last?.capacityMbps ?? null,
        modcod: change.modcod ?? last?.modcod ?? null,
        elevationDeg: change.elevationDeg,
      };
      return last;
    });
}
