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
  /** `ip`: interfaces that go down, after routes have left them. */
  readonly down: CommandsByNode;
  /** Directed links whose shape changes. */
  readonly changed: number;
}

interface PairState {
  readonly link: PlannedLink;
  /** Whether the interfaces are up. */
  carrier: boolean;
  /** By end: what the kernel was last asked for. */
  readonly shapes: { a: Shape; b: Shape };
}

type Ends = readonly (readonly [own: PlannedEnd, peer: PlannedEnd, end: 'a' | 'b'])[];
const endsOf = ({ a, b }: PlannedLink): Ends => [
  [a, b, 'a'],
  [b, a, 'b'],
];

/**
 * What each tick asks of the kernel, as lines for `ip` and `tc`; pure, so that it can be tested as data. A link takes its
 * whole state on the interface by which it leaves. A pair of which neither direction is up loses its carrier, by one of its
 * ends (or, by configuration, drops everything); one direction alone that is down drops.
 */
export class LinkShaping {
  readonly #plan: NetworkPlan;
  readonly #options: ShapingOptions;
  readonly #downBy: 'carrier' | 'drop';
  readonly #table = new LinkTable();
  readonly #pairs = new Map<PlannedLink, PairState>();

  constructor(plan: NetworkPlan, options: ShapingOptions, downBy: 'carrier' | 'drop') {
    this.#plan = plan;
    this.#options = options;
    this.#downBy = downBy;
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
    this.#pairs.set(link, { link, carrier: false, shapes: { a: nothing, b: nothing } });
    for (const [own, peer, end] of endsOf(link)) {
      for (const line of createLines(own.interface, nothing, this.#options))
        commands.add('shape', own.node, line, `${name(link.kind, own, peer)}: first shape`);
      // The carrier hangs on one end; the other one is up from the beginning.
      if (end === 'b' || this.#downBy === 'drop') this.#raise(own, peer, link.kind, commands);
    }
    if (this.#downBy === 'drop') this.#pairs.get(link)!.carrier = true;
  }

  #update(pair: PairState, commands: Commands, tickIndex: number): void {
    const { link, shapes } = pair;
    const [forth, back] = [this.#stateOf(link.kind, link.a, link.b), this.#stateOf(link.kind, link.b, link.a)];
    const wanted = { a: shapeOf(forth, this.#options), b: shapeOf(back, this.#options) };
    for (const [own, peer, end] of endsOf(link)) {
      if (same(shapes[end], wanted[end])) continue;
      const lines = changeLines(own.interface, shapes[end], wanted[end], this.#options);
      for (const line of lines) commands.add('shape', own.node, line, `${name(link.kind, own, peer)} at tick ${tickIndex}`);
      shapes[end] = wanted[end];
      commands.changed += 1;
    }
    const carrier = this.#downBy === 'drop' || !wanted.a.drop || !wanted.b.drop;
    if (carrier === pair.carrier) return;
    pair.carrier = carrier;
    if (carrier) this.#raise(link.a, link.b, link.kind, commands);
    else commands.add('down', link.a.node, `link set dev ${link.a.interface} down`, `${name(link.kind, link.a, link.b)} down at tick ${tickIndex}`);
  }

  #raise(own: PlannedEnd, peer: PlannedEnd, kind: LinkKind, commands: Commands): void {
    for (const line of upLines(own, peer)) commands.add('up', own.node, line, `${name(kind, own, peer)} up`);
  }

  #stateOf(kind: LinkKind, from: PlannedEnd, to: PlannedEnd): LinkState | null {
    return this.#table.get(linkId(kind, from.node.id, to.node.id)) ?? null;
  }
}

const name = (kind: LinkKind, from: PlannedEnd, to: PlannedEnd): LinkId => linkId(kind, from.node.id, to.node.id);

class Commands {
  changed = 0;
  readonly #up = new Map<PlannedNode, Command[]>();
  readonly #shape = new Map<PlannedNode, Command[]>();
  readonly #down = new Map<PlannedNode, Command[]>();

  add(when: 'up' | 'shape' | 'down', node: PlannedNode, line: string, about: string): void {
    const commands = { up: this.#up, shape: this.#shape, down: this.#down }[when];
    const list = commands.get(node);
    if (list) list.push({ line, about });
    else commands.set(node, [{ line, about }]);
  }

  all(): Omit<LinkChanges, 'build'> {
    return { up: this.#up, shape: this.#shape, down: this.#down, changed: this.changed };
  }
}
