import { createHash } from 'node:crypto';
import { linkId, toNodeId, TraceText } from '@satsim/core';
import type { FaultList, FieldPath, LinkState } from '@satsim/core';
import type { Epoch, EpochLink } from './input-json.js';
import { delayMs, lossPct, rateMbps } from './netem-values.js';
import type { NodeTable } from './node-table.js';

/** What a link without a `rate` has: tc limits it not at all, but a lane needs a number. */
const UNLIMITED_MBPS = 10_000;
/** How long the only epoch of a system lasts. */
const SINGLE_EPOCH_MS = 60_000;
const TICK_MS = 1_000;

export interface TimedEpoch {
  readonly file: string;
  readonly epoch: Epoch;
  readonly timeMs: number;
}

export interface EpochTimes {
  readonly t0Ms: number;
  /** Exclusive: the last epoch lasts as long as the one before it. */
  readonly t1Ms: number;
  /** A second, or what divides all epochs where they are closer. */
  readonly dtMs: number;
}

export function timesOf(epochs: readonly TimedEpoch[]): EpochTimes {
  const [t0Ms, last] = [epochs[0]!.timeMs, epochs.at(-1)!.timeMs];
  const before = epochs.findLast(({ timeMs }) => timeMs < last)?.timeMs;
  const lastsMs = before === undefined ? SINGLE_EPOCH_MS : last - before;
  const dtMs = epochs.reduce((common, { timeMs }) => divisor(common, timeMs - t0Ms), TICK_MS);
  return { t0Ms, t1Ms: last + lastsMs, dtMs };
}

interface Link {
  readonly mbps: number;
  readonly ms: number;
  readonly loss: number;
}

/** What an input says and the trace can't, or what was assumed; each once. */
type Warn = (message: string) => void;

/**
 * Plays the epochs as NetSatBench does: in each first what is added, then what is removed, then what changes. An update keeps
 * what it does not name. A link has two directions.
 *
 * @returns the canonical text of a trace
 */
export function traceOfEpochs(epochs: readonly TimedEpoch[], nodes: NodeTable, faults: FaultList, warn: Warn): string {
  const { t0Ms, t1Ms, dtMs } = timesOf(epochs);
  const specSha256 = createHash('sha256')
    .update(JSON.stringify(epochs.map(({ epoch }) => epoch)))
    .digest('hex');
  const text = new TraceText({ seed: 0, t0: t0Ms, dt: dtMs, specSha256, engineVersion: 'NetSatBench epochs' });
  const network = new EpochNetwork(nodes, faults, warn);
  const waiting = [...epochs];
  for (let k = 0, timeMs = t0Ms; timeMs < t1Ms; k += 1, timeMs += dtMs) {
    while (waiting[0] !== undefined && waiting[0].timeMs <= timeMs) network.apply(waiting.shift()!);
    const { removals, updates } = network.changes();
    const stats = { computeMs: 0, linksEvaluated: 0, linksEmitted: updates.length };
    text.add({ runId: '', scenarioRef: '', tickIndex: k, simTimeMs: timeMs, snapshot: k === 0, removals, updates, stats });
  }
  return text.toString();
}

/** The links that stand, and which of them have changed since the last tick. */
class EpochNetwork {
  readonly #nodes: NodeTable;
  readonly #faults: FaultList;
  readonly #warn: Warn;
  readonly #links = new Map<string, { readonly ends: readonly [string, string]; state: Link }>();
  /** Those that stood at the last tick. */
  #told = new Map<string, Link>();

  constructor(nodes: NodeTable, faults: FaultList, warn: Warn) {
    this.#nodes = nodes;
    this.#faults = faults;
    this.#warn = warn;
  }

  apply({ file, epoch }: TimedEpoch): void {
    for (const [i, link] of epoch['links-add'].entries()) this.#put(file, ['links-add', i], link, null);
    for (const link of epoch['links-del']) this.#links.delete(keyOf(link));
    for (const [i, link] of epoch['links-update'].entries()) {
      const known = this.#links.get(keyOf(link));
      if (known) this.#put(file, ['links-update', i], link, known.state);
      else this.#warn(`${file}: links-update names ${link.endpoint1} and ${link.endpoint2}, which have no link then; NetSatBench passes over it as well`);
    }
  }

  changes(): { readonly removals: string[]; readonly updates: LinkState[] } {
    const gone = [...this.#told.keys()].filter((key) => !this.#links.has(key));
    const changed = [...this.#links].filter(([key, { state }]) => this.#told.get(key) !== state);
    this.#told = new Map([...this.#links].map(([key, { state }]) => [key, state]));
    return {
      removals: gone.flatMap((key) => this.#identities(key.split(' ') as [string, string]).map((one) => one.linkId)),
      updates: changed.flatMap(([, { ends, state }]) =>
        this.#identities(ends).map((one): LinkState => ({ ...one, up: true, oneWayDelayMs: state.ms, capacityMbps: state.mbps, lossPct: state.loss })),
      ),
    };
  }

  #put(file: string, path: FieldPath, link: EpochLink, before: Link | null): void {
    const { endpoint1, endpoint2, rate, delay, loss } = link;
    for (const [field, name] of Object.entries({ endpoint1, endpoint2 })) {
      if (!this.#nodes.has(name)) return this.#faults.add(file, null, [...path, field], `there is no node ${name} in the configuration`);
    }
    if (endpoint1 === endpoint2) return this.#faults.add(file, null, [...path, 'endpoint2'], `a link needs two different ends, found ${endpoint1} twice`);
    const value = (field: string, given: unknown, parse: (given: unknown) => number | null, kept: number): number => {
      if (given === undefined || given === null || given === '') return kept;
      const number = parse(given);
      if (number === null) this.#faults.add(file, null, [...path, field], `${JSON.stringify(given)} is nothing that tc takes for a ${field}`);
      return number ?? kept;
    };
    if (before === null && (rate === undefined || rate === null || rate === '')) this.#warn(`links without a rate get ${UNLIMITED_MBPS} Mbit/s`);
    const state: Link = {
      mbps: value('rate', rate, rateMbps, before?.mbps ?? UNLIMITED_MBPS),
      ms: value('delay', delay, delayMs, before?.ms ?? 0),
      loss: value('loss', loss, lossPct, before?.loss ?? 0),
    };
    const key = keyOf(link);
    const known = this.#links.get(key)?.state;
    // Told again only when something is another.
    const same = known !== undefined && known.mbps === state.mbps && known.ms === state.ms && known.loss === state.loss;
    this.#links.set(key, { ends: key.split(' ') as [string, string], state: same ? known : state });
  }

  #identities(ends: readonly [string, string]) {
    const space = ends.filter((name) => this.#nodes.isSatellite(name)).length;
    const kind = space === 2 ? ('isl' as const) : space === 1 ? ('gsl' as const) : ('terrestrial' as const);
    const [a, b] = [toNodeId(ends[0]), toNodeId(ends[1])];
    return [
      { linkId: linkId(kind, a, b), source: a, target: b, kind },
      { linkId: linkId(kind, b, a), source: b, target: a, kind },
    ];
  }
}

/** Whichever end is named first. Names have no blanks: they are those of containers. */
const keyOf = ({ endpoint1, endpoint2 }: EpochLink): string => [endpoint1, endpoint2].sort().join(' ');

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
