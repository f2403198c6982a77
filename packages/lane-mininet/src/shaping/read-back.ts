import { LaneError, type ArtifactStream, type LaneDeps, type LinkId } from '@satsim/core';
import type { Namespaces } from '../commands/namespaces.js';
import type { MininetConfig } from '../config.js';
import type { PlannedNode } from '../plan/network-plan.js';
import type { LinkShaping } from './link-changes.js';
import { type Applied, parseApplied, type QdiscOutput } from './parse-qdisc.js';
import { type Shape, shapingOptions } from './shaping.js';

const FILE = 'read_back.jsonl';
/** What the kernel rounds: delays to a nanosecond's ticks, rates to whole bytes a second, losses to 2⁻³². */
const DELAY_US = 0.1;
const RATE_BPS = 16;
/** htb's rates are printed with four digits or so. */
const PRINTED = 1e-3;
const LOSS_PCT = 1e-6;

interface Difference {
  readonly linkId: LinkId;
  readonly quantity: string;
  readonly requested: number;
  readonly applied: number | null;
}

/** Compares what links were asked for with what the kernel says it has, and writes both into the lane's folder. */
export class ReadBack {
  readonly #deps: LaneDeps<MininetConfig>;
  readonly #shaping: LinkShaping;
  readonly #namespaces: Namespaces;
  #stream: ArtifactStream | null = null;
  #lastTick = -1;

  constructor(deps: LaneDeps<MininetConfig>, shaping: LinkShaping, namespaces: Namespaces) {
    this.#deps = deps;
    this.#shaping = shaping;
    this.#namespaces = namespaces;
  }

  /** @throws LaneError naming link, quantity, requested and applied value */
  async compare(tickIndex: number, signal?: AbortSignal): Promise<void> {
    this.#lastTick = tickIndex;
    this.#stream ??= await this.#deps.artifacts.openStream(FILE);
    const requested = [...this.#shaping.requested()];
    const applied = new Map<string, Applied>();
    const htb = shapingOptions(this.#deps.config.shaping).rate === 'htb';
    const places = new Map<string, PlannedNode>(requested.map(({ own }) => [own.node.kind === 'switch' ? '' : own.node.name, own.node]));
    await Promise.all(
      [...places.values()].map(async (node) => {
        const tc = async (args: readonly string[], input: string): Promise<string> => {
          const options = { input, ...(signal && { signal }) };
          return (await this.#deps.processes.run(...this.#namespaces.inside(node, 'tc', args), options)).stdout;
        };
        const qdiscs = JSON.parse((await tc(['-j', 'qdisc', 'show'], '')) || '[]') as QdiscOutput;
        const devices = requested
          .filter(({ own }) => own.node === node || (node.kind === 'switch' && own.node.kind === 'switch'))
          .map(({ own }) => own.interface);
        const classes = htb ? await tc(['-batch', '-'], devices.map((device) => `class show dev ${device}\n`).join('')) : '';
        for (const [device, each] of parseApplied(qdiscs, devices, classes)) applied.set(device, each);
      }),
    );
    const differences: Difference[] = [];
    for (const { own, linkId, shape } of requested) {
      const found = applied.get(own.interface) ?? null;
      await this.#stream.write(`${JSON.stringify({ tickIndex, linkId, requested: shape, applied: found })}\n`);
      differences.push(...differencesOf(linkId, shape, found, { delay: this.#deps.config.shaping.delay, rateTolerance: htb ? PRINTED : 1e-9 }));
    }
    const [first] = differences;
    if (!first) return;
    const more = differences.length > 1 ? `, and ${differences.length - 1} more differences` : '';
    throw new LaneError('', `tick ${tickIndex}: ${first.linkId} has ${first.quantity} ${first.applied}, not ${first.requested}${more}`, { tickIndex });
  }

  /** The last comparison, of the end; then the file is complete. */
  async finish(): Promise<void> {
    try {
      if (this.#lastTick >= 0) await this.compare(this.#lastTick);
    } finally {
      await this.#stream?.close();
      this.#stream = null;
    }
  }
}

function differencesOf(
  linkId: LinkId,
  shape: Shape,
  applied: Applied | null,
  { delay, rateTolerance }: { readonly delay: 'netem' | 'none'; readonly rateTolerance: number },
): Difference[] {
  const found: Difference[] = [];
  const compare = (quantity: string, requested: number, value: number | null | undefined, tolerance: number): void => {
    if (value === null || value === undefined || Math.abs(value - requested) > tolerance) found.push({ linkId, quantity, requested, applied: value ?? null });
  };
  compare('rate in bit/s', shape.rateBps, applied?.rateBps, RATE_BPS + shape.rateBps * rateTolerance);
  if (delay === 'none') return found;
  compare('delay in µs', shape.delayUs, applied?.delayUs, DELAY_US);
  compare('loss in percent', shape.drop ? 100 : shape.lossPct, applied?.lossPct, LOSS_PCT);
  return found;
}
