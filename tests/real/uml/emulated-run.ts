import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin } from '../../e2e/satsim.js';

const SCRIPT_PLUGIN = fileURLToPath(new URL('../../fixtures/scripted-ticks', import.meta.url));
export const STREAM = fileURLToPath(new URL('stream.py', import.meta.url));
export const OWN_WAY = fileURLToPath(new URL('mininet_own_way.py', import.meta.url));

/** A link of the scripted ticks, in both directions unless it says otherwise. */
export interface ScriptedLink {
  readonly from: string;
  readonly to: string;
  readonly delayMs?: number;
  readonly mbps?: number;
  readonly lossPct?: number;
  readonly up?: boolean;
  readonly one_way?: boolean;
}

export interface Script {
  readonly satellites: readonly string[];
  readonly grounds: readonly string[];
  /** Ground nodes that relay. */
  readonly relays?: readonly string[];
  readonly ticks: Readonly<Record<number, { readonly set?: readonly ScriptedLink[]; readonly remove?: readonly ScriptedLink[] }>>;
}

/** As the lane plans it: nodes are numbered from 1, satellites first. */
export const addressOf = ({ satellites, grounds }: Script, node: string): string => `10.0.0.${[...satellites, ...grounds].indexOf(node) + 1}`;

/** Puts a scenario into the folder. @returns the command that runs it there */
export function emulate(folder: string, name: string, scenario: Readonly<Record<string, unknown>>, script?: Script): string {
  mkdirSync(folder, { recursive: true });
  const ticks = script && { source: 'script', config: { file: `${name}.json` } };
  if (script) writeFileSync(join(folder, `${name}.json`), JSON.stringify(script));
  const document = { name, lanes: ['mininet', 'flow'], ...(ticks && { ticks }), paths: { artifacts_root: `./${name}` }, ...scenario };
  writeFileSync(join(folder, `${name}.satsim.yaml`), JSON.stringify(document));
  // Its beginning costs much where a processor is emulated.
  return `NODE_COMPILE_CACHE="$PWD/cache" ${process.execPath} ${bin} run ${name}.satsim.yaml --plugin ${SCRIPT_PLUGIN} --format json`;
}

export interface Sample {
  readonly lane: string;
  readonly flow: string;
  /** After t0. */
  readonly second: number;
  readonly rttMs: number | null;
  readonly lossPct: number;
  readonly goodputMbps: number | null;
  readonly hops: number | null;
}

/** What a run has left in its directory. */
export class EmulatedRun {
  readonly dir: string;
  readonly #samples: readonly Sample[];

  constructor(folder: string, name: string, t0: string) {
    const [runId] = readdirSync(join(folder, name));
    this.dir = join(folder, name, runId!);
    const lines = this.lines('results/flows.jsonl') as (Sample & { readonly simTimeMs: number })[];
    this.#samples = lines.map((sample) => ({ ...sample, second: (sample.simTimeMs - Date.parse(t0)) / 1000 }));
  }

  lines(path: string): readonly unknown[] {
    const text = readFileSync(join(this.dir, path), 'utf8').trim();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as unknown);
  }

  samples(lane: string, flow: string, [from, to]: readonly [number, number] = [0, Infinity]): readonly Sample[] {
    return this.#samples.filter((sample) => sample.lane === lane && sample.flow === flow && sample.second >= from && sample.second < to);
  }

  /** What the n-th command of the scenario, from 1, has printed, and how it ended. */
  output(number: number, node: string): { readonly printed: string; readonly ended: string } {
    const lines = readFileSync(join(this.dir, 'lanes/mininet/exec', `${number}-${node}.log`), 'utf8')
      .trimEnd()
      .split('\n');
    return { printed: lines.slice(0, -1).join('\n'), ended: lines.at(-1)! };
  }
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A datagram that came, by the clock of the machine, ms. */
export interface Packet {
  readonly number: number;
  readonly sentMs: number;
  readonly receivedMs: number;
}

export const packetsOf = (json: string): readonly Packet[] =>
  (JSON.parse(json) as [number, number, number][]).map(([number, sentMs, receivedMs]) => ({ number, sentMs, receivedMs }));

/** A standstill between the clock and the sending is seen when the packet arrives, and by others before. */
const UNDER_WAY_MS = 150;

/**
 * The longest time for which nothing of a stream came, less what the sender let pass, and less the time for which nothing
 * came about then of the control either, that it sent in the same moments: then the machine stood still, and not the network.
 */
export function longestGapMs(packets: readonly Packet[], control: readonly Packet[]): number {
  const standstills = gapsOf(control).filter(({ lengthMs }) => lengthMs > 2);
  const alone = gapsOf(packets).map(({ fromMs, toMs, lengthMs }) => {
    const still = standstills.filter((gap) => gap.fromMs < toMs && gap.toMs > fromMs - UNDER_WAY_MS).map((gap) => gap.lengthMs);
    return lengthMs - Math.max(0, ...still);
  });
  return Math.max(...alone);
}

const gapsOf = (packets: readonly Packet[]): { readonly fromMs: number; readonly toMs: number; readonly lengthMs: number }[] =>
  packets.slice(1).map(({ sentMs, receivedMs }, i) => {
    const before = packets[i]!;
    return { fromMs: before.receivedMs, toMs: receivedMs, lengthMs: receivedMs - before.receivedMs - (sentMs - before.sentMs) };
  });

/**
 * The least and the most that come through of `count` packets that are each lost with probability `loss`, but for a chance
 * of 10⁻⁶ (Clopper and Pearson's tails, each of half of it, summed exactly).
 */
export function binomialInterval(count: number, loss: number): readonly [number, number] {
  let cumulated = 0;
  let low = 0;
  let high = count;
  let logTerm = count * Math.log(1 - loss);
  for (let lost = 0; lost <= count; lost += 1) {
    cumulated += Math.exp(logTerm);
    if (cumulated < 0.5e-6) low = lost + 1;
    if (cumulated > 1 - 0.5e-6) {
      high = lost;
      break;
    }
    logTerm += Math.log((count - lost) / (lost + 1)) + Math.log(loss / (1 - loss));
  }
  return [count - high, count - low];
}
