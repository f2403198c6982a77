import { type ArtifactStream, type LaneDeps, LaneError, type LinkId } from '@satsim/core';
import type { Namespaces } from '../commands/namespaces.js';
import type { MininetConfig } from '../config.js';
import type { PlannedNode } from '../plan/network-plan.js';
import type { LinkShaping } from './link-changes.js';
import { type Applied, NOTHING, parseClassRate, parseQdiscs, type QdiscOutput } from './parse-qdisc.js';
import { type Shape, type ShapingOptions, shapingOptions } from './shaping.js';

const FILE = 'read_back.jsonl';
const NOT_APPLIED = 'not applied';

/** An interface as it was asked for and as the kernel has it. */
interface Comparison {
  readonly linkId: LinkId;
  readonly requested: Shape & { readonly carrier: boolean };
  readonly applied: Applied & { readonly carrier: boolean | null };
}

/** What `ip -j link show` prints, as far as it is read. */
interface LinkOutput {
  readonly ifname: string;
  readonly flags: readonly string[];
}

/** What was compared so far. */
export interface ReadBackCounts {
  readonly interfaces: number;
  /** Quantities that were not as they were asked for; the first one fails the lane. */
  readonly differences: number;
}

/**
 * Compares what links were asked for with what the kernel says it has, and writes both into the lane's folder: a part of the
 * nodes at a time, so that no tick has to wait for hundreds of answers.
 */
export class ReadBack {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #options: ShapingOptions;
  readonly #shaping: LinkShaping;
  readonly #namespaces: Namespaces;
  #stream: ArtifactStream | null = null;
  #pending: Promise<unknown> = Promise.resolve();
  #failure: { readonly reason: unknown } | null = null;
  #interfaces = 0;
  #differences = 0;

  constructor(deps: LaneDeps<MininetConfig>, shaping: LinkShaping, namespaces: Namespaces) {
    this.#deps = deps;
    this.#options = shapingOptions(deps.config.shaping);
    this.#shaping = shaping;
    this.#namespaces = namespaces;
  }

  async open(): Promise<void> {
    this.#stream = await this.#deps.artifacts.openStream(FILE);
  }

  get counts(): ReadBackCounts {
    return { interfaces: this.#interfaces, differences: this.#differences };
  }

  /**
   * Begins to compare the part of the nodes whose turn it is, when each has it once in so many ticks; nobody waits for it. The
   * standing `tc` and `ip` answer before they do anything that comes later, so that what they say is of this tick.
   *
   * @throws LaneError naming link, quantity, requested and applied value of an earlier comparison
   */
  begin(tickIndex: number, everyTicks: number): void {
    if (this.#failure) throw this.#failure.reason;
    const comparing = this.#compare(tickIndex, ({ number, kind }) => (kind === 'switch' ? 0 : number) % everyTicks === tickIndex % everyTicks);
    const done = comparing.catch((reason: unknown) => {
      this.#failure ??= { reason };
    });
    this.#pending = Promise.all([this.#pending, done]);
  }

  async #compare(tickIndex: number, isAsked: (node: PlannedNode) => boolean): Promise<void> {
    const compared = await this.#read(isAsked);
    if (compared.length === 0) return;
    await this.#stream?.write(compared.map((each) => `${JSON.stringify({ tickIndex, ...this.#told(each) })}\n`).join(''));
    this.#interfaces += compared.length;
    const [first, ...more] = compared.flatMap((each) => differencesOf(each, this.#options));
    this.#differences += more.length + (first === undefined ? 0 : 1);
    if (first === undefined) return;
    const others = more.length === 0 ? '' : ` (and ${more.length} more differences)`;
    throw new LaneError('', `the kernel does not have what tick ${tickIndex} asked for: ${first}${others}`, { tickIndex });
  }

  /** The last comparison, of all that there is. @throws as {@link begin} */
  async compareAll(tickIndex: number): Promise<void> {
    await this.#pending;
    if (this.#failure) throw this.#failure.reason;
    await this.#compare(tickIndex, () => true);
  }

  /** The file is complete. @param tickIndex compared first; `null` when there is nothing to be compared any more, or a tick failed */
  async finish(tickIndex: number | null): Promise<void> {
    try {
      if (tickIndex !== null) await this.compareAll(tickIndex);
    } finally {
      await this.#stream?.close();
      this.#deps.logger.info(this.counts, 'what the kernel has was compared with what was asked for');
    }
  }

  async #read(isAsked: (node: PlannedNode) => boolean): Promise<readonly Comparison[]> {
    const requested = [...this.#shaping.requested()].filter(({ own }) => isAsked(own.node));
    const places = new Map<string, PlannedNode>(requested.map(({ own: { node } }) => [node.kind === 'switch' ? '' : node.name, node]));
    const ask = (program: 'tc' | 'ip', node: PlannedNode, question: string): Promise<readonly string[]> => this.#namespaces.ask(program, node, question);
    const asPrinted = async <T>(answer: Promise<readonly string[]>): Promise<T> => JSON.parse((await answer)[0] ?? '[]') as T;
    // All questions are on their way before the first answer: what a later tick sends comes behind them.
    const [qdiscs, links, rates] = await Promise.all([
      Promise.all([...places.values()].map((node) => asPrinted<QdiscOutput>(ask('tc', node, 'qdisc show')))),
      Promise.all([...places.values()].map((node) => asPrinted<readonly LinkOutput[]>(ask('ip', node, 'link show')))),
      Promise.all(
        this.#options.rate !== 'htb'
          ? []
          : requested.map(async ({ own }) => [own.interface, parseClassRate(await ask('tc', own.node, `class show dev ${own.interface}`))] as const),
      ),
    ]);
    const applied = new Map(qdiscs.flatMap((each) => [...parseQdiscs(each)]));
    for (const [device, rateBps] of rates) applied.set(device, { ...NOTHING, ...applied.get(device), rateBps });
    const carriers = new Map(links.flat().map(({ ifname, flags }) => [ifname, flags.includes('LOWER_UP')]));
    return requested.map(({ link, linkId, own, shape, carrier }) => {
      // The carrier hangs on the other end as well, to which a later tick may have come first.
      const wanted = this.#shaping.hasCarrier(link);
      const seen = carriers.get(own.interface) ?? null;
      return { linkId, requested: { ...shape, carrier }, applied: { ...NOTHING, ...applied.get(own.interface), carrier: seen === wanted ? carrier : seen } };
    });
  }

  /** As it is written down. */
  #told({ applied, ...rest }: Comparison): object {
    return { ...rest, applied: this.#options.delay === 'none' ? { ...applied, delayUs: NOT_APPLIED, lossPct: NOT_APPLIED } : applied };
  }
}

/** iproute2 prints fractions with six digits. */
const SIX_DIGITS = 5e-6;
/** iproute2 before 6.9 passes a delay on in steps of 64 ns, and cuts what it prints to whole microseconds. */
const DELAY_US = 1.001;
/** The kernel keeps losses in steps of 2⁻³². */
const LOSS_PCT = 100 * 2 ** -32;
/** The kernel keeps rates in whole bytes a second. */
const RATE_BPS = 8;
/** As text, a rate of an htb class is cut to four digits. */
const FOUR_DIGITS = 1e-3;

/** What is not as it was asked for, in words. */
export function differencesOf({ linkId, requested, applied }: Comparison, { delay, rate }: ShapingOptions): string[] {
  const found: string[] = [];
  const compare = (quantity: string, wanted: number | boolean, value: number | boolean | null, tolerance = 0): void => {
    if (value === null || Math.abs(Number(value) - Number(wanted)) > tolerance) found.push(`${linkId} has ${quantity} ${value ?? 'not at all'}, not ${wanted}`);
  };
  compare('carrier', requested.carrier, applied.carrier);
  compare('queue in packets', requested.queuePackets, applied.queuePackets);
  compare('rate in bit/s', requested.rateBps, applied.rateBps, RATE_BPS + (rate === 'htb' ? requested.rateBps * FOUR_DIGITS : 0));
  if (delay === 'none') return found;
  compare('delay in µs', requested.delayUs, applied.delayUs, requested.delayUs === 0 ? 0 : DELAY_US + requested.delayUs * SIX_DIGITS);
  const lossPct = requested.drop ? 100 : requested.lossPct;
  compare('loss in percent', lossPct, applied.lossPct, LOSS_PCT + lossPct * SIX_DIGITS);
  return found;
}
