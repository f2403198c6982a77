import { type LinkId, linkId, type LinkKind, type LinkState, LinkTable, type TickUpdate } from '@satsim/core';
import type { Command } from '../commands/command-batch.js';
import { upLines } from '../forwarding/host-routes.js';
import type { NetworkPlan, PlannedEnd, PlannedLink, PlannedNode } from '../plan/network-plan.js';
import { changeLines, createLines, same, type Shape, shapeOf, type ShapingOptions } from './shaping.js';

/** Commands by the node in whose namespace they run. */
export type CommandsByNode = ReadonlyMap<PlannedNode, readonly Command[]>;

export interface LinkChanges {
  /** Pairs that the tick names for the first time: to be built before anything else. */
  readonly build: readonly PlannedLink[];
  /** `ip`: interfaces that come up, with their neighbours. */
  readonly up: CommandsByNode;
  /** `tc` */
  readonly shape: CommandsByNode;
  /** `tc`: links on which nothing passes from now on, after routes have left them. */
  readonly cut: CommandsByNode;
  /** `ip`: interfaces that go down, after routes have left them. */
  readonly down: CommandsByNode;
  readonly changed: readonly LinkChange[];
}

/** What a tick makes of a directed link. */
export interface LinkChange {
  readonly linkId: LinkId;
  /** Not in the set any more. */
  readonly removed: boolean;
  readonly shape: Shape;
}

interface PairState {
  readonly link: PlannedLink;
  /** Whether the interfaces are up. */
  carrier: boolean;
  /** By end: what the kernel was last asked for. */
  readonly shapes: { a: Shape; b: Shape };
  /** By end: whether the link is in the set, up or down. */
  readonly present: { a: boolean; b: boolean };
}

type Ends = readonly (readonly [own: PlannedEnd, peer: PlannedEnd, end: 'a' | 'b'])[];
const endsOf = ({ a, b }: PlannedLink): Ends => [
  [a, b, 'a'],
  [b, a, 'b'],
];

/**
 * What each tick asks of the kernel, as lines for `ip` and `tc`; pure, so that it can be tested as data. A link takes its
 * whole state on the interface by which it leaves. A pair of which neither direction is up loses its carrier, by one of its
 * ends (or, by configuration, drops everything); one direction alone that is down drops, and so does one without capacity.
 */
export class LinkShaping {
  readonly #plan: NetworkPlan;
  readonly #options: ShapingOptions;
  readonly #downBy: 'carrier' | 'drop';
  readonly #numbered: boolean;
  readonly #table = new LinkTable();
  readonly #pairs = new Map<PlannedLink, PairState>();

  constructor(plan: NetworkPlan, options: ShapingOptions, downBy: 'carrier' | 'drop', numbered = false) {
    this.#plan = plan;
    this.#options = options;
    this.#downBy = downBy;
    this.#numbered = numbered;
  }

  /** Built at the start, and down until a tick says otherwise. */
  prepared(links: readonly PlannedLink[]): LinkChanges {
    const commands = new Commands();
    for (const link of links) this.#create(link, commands);
    return { build: links, ...commands.all() };
  }

  next(tick: TickUpdate): LinkChanges {
    const touched = new Map<LinkId, Pick<LinkState, 'kind' | 'source' | 'target'>>();
    const touch = (link: Pick<LinkState, 'linkId' | 'kind' | 'source' | 'target'>): void => void touched.set(link.linkId, link);
    if (tick.snapshot) for (const link of this.#table.values()) touch(link);
    for (const id of tick.removals) {
      const link = this.#table.get(id);
      if (link) touch(link);
    }
    this.#table.apply(tick);
    tick.updates.forEach(touch);

    const commands = new Commands();
    const build: PlannedLink[] = [];
    const pairs = new Set<PlannedLink>();
    for (const { kind, source, target } of touched.values()) {
      const known = this.#plan.find(source, target);
      const link = known ?? this.#plan.link(kind, source, target);
      pairs.add(link);
      if (this.#pairs.has(link)) continue;
      build.push(link);
      this.#create(link, commands);
    }
    for (const link of pairs) this.#update(this.#pairs.get(link)!, commands, tick.tickIndex);
    return { build, ...commands.all() };
  }

  /** Whether the link's interfaces are up: its packets can be captured. */
  hasCarrier(link: PlannedLink): boolean {
    return this.#pairs.get(link)?.carrier === true;
  }

  /** What the kernel should have now: one entry for each interface. */
  *requested(): Generator<{ readonly link: PlannedLink; readonly own: PlannedEnd; readonly linkId: LinkId; readonly shape: Shape; readonly carrier: boolean }> {
    for (const { link, shapes, carrier } of this.#pairs.values()) {
      for (const [own, peer, end] of endsOf(link)) yield { link, own, linkId: linkId(link.kind, own.node.id, peer.node.id), shape: shapes[end], carrier };
    }
  }

  #create(link: PlannedLink, commands: Commands): void {
    const nothing = shapeOf(null, this.#options);
    this.#pairs.set(link, { link, carrier: this.#downBy === 'drop', shapes: { a: nothing, b: nothing }, present: { a: false, b: false } });
    for (const [own, peer, end] of endsOf(link)) {
      for (const line of createLines(own.interface, nothing, this.#options))
        commands.add('shape', own.node, line, `${name(link.kind, own, peer)}: first shape`);
      // The carrier hangs on one end; the other one is up from the beginning.
      if (end === 'b' || this.#downBy === 'drop') this.#raise(own, peer, link.kind, commands);
    }
  }

  #update(pair: PairState, commands: Commands, tickIndex: number): void {
    const { link, shapes, present } = pair;
    let carrier = this.#downBy === 'drop';
    for (const [own, peer, end] of endsOf(link)) {
      const id = name(link.kind, own, peer);
      const state = this.#table.get(id) ?? null;
      carrier ||= state?.up === true;
      const wanted = shapeOf(state, this.#options);
      if (same(shapes[end], wanted) && present[end] === (state !== null)) continue;
      const when = wanted.drop ? 'cut' : 'shape';
      for (const line of changeLines(own.interface, shapes[end], wanted, this.#options)) commands.add(when, own.node, line, `${id} at tick ${tickIndex}`);
      shapes[end] = wanted;
      present[end] = state !== null;
      commands.changed.push({ linkId: id, removed: state === null, shape: wanted });
    }
    if (carrier === pair.carrier) return;
    pair.carrier = carrier;
    if (carrier) this.#raise(link.a, link.b, link.kind, commands);
    else commands.add('down', link.a.node, `link set dev ${link.a.interface} down`, `${name(link.kind, link.a, link.b)} down at tick ${tickIndex}`);
  }

  #raise(own: PlannedEnd, peer: PlannedEnd, kind: LinkKind, commands: Commands): void {
    for (const line of upLines(own, peer, this.#numbered)) commands.add('up', own.node, line, `${name(kind, own, peer)} up`);
  }
}

const name = (kind: LinkKind, from: PlannedEnd, to: PlannedEnd): LinkId => linkId(kind, from.node.id, to.node.id);

class Commands {
  readonly changed: LinkChange[] = [];
  readonly #when = {
    up: new Map<PlannedNode, Command[]>(),
    shape: new Map<PlannedNode, Command[]>(),
    cut: new Map<PlannedNode, Command[]>(),
    down: new Map<PlannedNode, Command[]>(),
  };

  add(when: 'up' | 'shape' | 'cut' | 'down', node: PlannedNode, line: string, about: string): void {
    const list = this.#when[when].get(node);
    if (list) list.push({ line, about });
    else this.#when[when].set(node, [{ line, about }]);
  }

  all(): Omit<LinkChanges, 'build'> {
    return { ...this.#when, changed: this.changed };
  }
}
