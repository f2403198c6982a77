import { createHash } from 'node:crypto';
import { FaultList, type Scenario, scenarioSchema, type Translator, type TranslatorInput } from '@satsim/core';
import { kindOf, readEpoch, readSatConfig } from './input-json.js';
import { NodeTable } from './node-table.js';
import { timesOf, type TimedEpoch, traceOfEpochs } from './trace-of-epochs.js';

const NAME = 'netsatbench';

/** Epochs of NetSatBench, with or without the system's `sat-config.json`: a scenario, and the trace that it plays. */
export class NetSatBenchTranslator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return [...files.values()].some((content) => kindOf(content) === 'epoch');
  }

  async translate({ files, warn: tell, attach }: TranslatorInput): Promise<Scenario> {
    const faults = new FaultList();
    const told = new Set<string>();
    const warn = (message: string): void => {
      if (!told.has(message)) tell?.(message);
      told.add(message);
    };
    const ofKind = (kind: ReturnType<typeof kindOf>): [string, Uint8Array][] => [...files].filter(([, content]) => kindOf(content) === kind);
    const configs = ofKind('sat-config');
    const config = configs[0] ? readSatConfig(...configs[0], faults) : null;
    for (const [file] of configs.slice(1)) faults.add(file, null, ['nodes'], `is a second configuration beside ${configs[0]![0]}`, 'give one system at a time');
    const epochs = ordered(
      ofKind('epoch').flatMap(([file, content]) => {
        const epoch = readEpoch(file, content, faults);
        return epoch ? [{ file, epoch, timeMs: Date.parse(epoch.time) }] : [];
      }),
      faults,
    );
    if (epochs.length === 0) faults.add(null, null, ['epochs', 'NetSatBench-epoch0.json'], 'there is no epoch file: JSON with `time` and `links-add`');
    if (attach === undefined) faults.add(null, null, ['ticks', 'trace'], 'this version of satsim takes no file beside the scenario', 'use a later one');
    faults.throwIfAny();

    const nodes = new NodeTable(
      config,
      epochs.map(({ epoch }) => epoch),
    );
    if (config === null) warn('there is no sat-config.json: nodes whose name begins with sat are satellites, all others are on the ground');
    const trace = traceOfEpochs(epochs, nodes, faults, warn);
    faults.throwIfAny();
    // By its content: a folder takes any number of translations, and a scenario's trace is never another one's.
    const file = `${NAME}-${createHash('sha256').update(trace).digest('hex').slice(0, 8)}.trace.jsonl`;
    attach?.(file, trace);
    if (epochs.some(({ epoch }) => Object.keys(epoch.run).length > 0)) warn('commands (`run`) are not translated: write `traffic`');
    const { ground, unplaced } = nodes.ground();
    if (unplaced.length > 0) warn(`no place is said for ${unplaced.join(', ')}: 0°, 0° stands in the scenario, and nothing depends on it`);
    const { t0Ms, t1Ms, dtMs } = timesOf(epochs);
    return scenarioSchema.parse({
      name: NAME,
      time: { t0: iso(t0Ms), t1: iso(t1Ms), dt: `${dtMs}ms` },
      ground,
      traffic: traffic(nodes),
      ticks: { trace: file },
    });
  }
}

/** By the last number in their names, as NetSatBench plays them. */
function ordered(epochs: readonly TimedEpoch[], faults: FaultList): readonly TimedEpoch[] {
  const numberOf = ({ file }: TimedEpoch): number => Number(/(\d+)\D*$/.exec(file.split('/').at(-1)!)?.[1] ?? -1);
  const inOrder = epochs.toSorted((a, b) => numberOf(a) - numberOf(b) || (a.file < b.file ? -1 : 1));
  for (const [i, { file, epoch, timeMs }] of inOrder.entries()) {
    const before = inOrder[i - 1];
    if (before && timeMs < before.timeMs) faults.add(file, null, ['time'], `${epoch.time} is before ${before.epoch.time} of ${before.file}`);
    if (Number.isNaN(timeMs)) faults.add(file, null, ['time'], `${epoch.time} is no time`);
  }
  return inOrder;
}

/** A ping from each of the first users, or else sites, to the first that is none; epochs know of no traffic. */
function traffic(nodes: NodeTable) {
  const { sites } = nodes;
  const to = sites.find(({ user }) => !user) ?? sites[0];
  const from = sites.filter((site) => site !== to).toSorted((a, b) => Number(b.user) - Number(a.user));
  return to === undefined ? [] : from.slice(0, 2).map(({ id }) => ({ id: `${id}-${to.id}`, from: id, to: to.id, kind: 'ping' as const, every: '1s' }));
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
