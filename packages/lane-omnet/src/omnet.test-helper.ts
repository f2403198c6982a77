import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scenarioSchema } from '@satsim/core';
import { testLaneDeps } from '@satsim/core/testing';
import { flowsCsv, LINKS_HEADER, linksCsv, NetworkIndex, nodesCsv, ROUTES_HEADER } from '@satsim/simulation';
import { describe, onTestFinished } from 'vitest';
import { configSchema } from './config.js';
import { LANE, OmnetSimulator } from './omnet-simulator.js';
import { missingFor } from './toolchain/toolchain.js';

const missing = await missingFor({ root: null });

/** For tests that need OMNeT++: where it is not found they are skipped, with the reason. */
export const describeOmnet: typeof describe.only = missing.length === 0 ? describe : describe.skip;
for (const { what } of missing) process.stderr.write(`skipped: there is no ${what}\n`);

export interface Played {
  readonly told: Readonly<Record<string, unknown>> & {
    readonly fingerprint: string;
    readonly scalars: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly finalEvent: { readonly tS: number; readonly event: number };
    readonly buildMs: number | null;
  };
  /** Rows of `samples.csv`, numbers as such, `null` where empty. */
  readonly samples: readonly {
    readonly flow: number;
    readonly t: number;
    readonly rtt: number | null;
    readonly owd: number | null;
    readonly loss: number | null;
    readonly goodput: number | null;
    readonly path: string;
  }[];
  readonly counters: Readonly<Record<string, number>>;
  /** Lines of `applied.csv`, after the header. */
  readonly applied: readonly string[];
  /** What finding everything, and compiling it if need be, took. */
  readonly prepareMs: number;
  /** The lane's folder; gone after the test. */
  readonly dir: string;
}

export interface Play {
  /** Ids; all are satellites. */
  readonly nodes?: readonly string[];
  /** Pairs of links: pair p has the links 2p, there, and 2p + 1, back. */
  readonly pairs?: readonly (readonly [number, number])[];
  readonly flows?: readonly object[];
  /** Rows of the traces, as they stand in the files. */
  readonly links: Iterable<string>;
  readonly routes?: readonly string[];
  readonly ticks?: number;
  readonly dtMs?: number;
  readonly seed?: number;
  readonly config?: object;
  /** Called with the folder of the results, before the simulation. */
  readonly before?: (results: string) => Promise<void>;
}

/** Two nodes and a link between them, and routes over it from tick 0. */
export const PAIR_ROUTES = ['0,0.000,0,1,0', '0,0.000,1,0,1'];

/** Lets OMNeT++ play traces that are written as a test wants them. */
export async function play({
  nodes = ['a', 'b'],
  pairs = [[0, 1]],
  flows = [],
  links,
  routes = PAIR_ROUTES,
  ticks = 4,
  dtMs = 1_000,
  seed = 1,
  config = {},
  before,
}: Play): Promise<Played> {
  const bench = await testLaneDeps();
  onTestFinished(async () => void (await bench.dispose()));
  const run = { ...bench.deps.run, seed, dtMs, tickCount: ticks, t1Ms: bench.deps.run.t0Ms + ticks * dtMs };
  const network = new NetworkIndex(
    LANE,
    nodes.map((id) => ({ id, role: 'satellite', relay: true })),
  );
  for (const [a, b] of pairs) network.pairs.push({ kind: 'isl', a, b });
  const scenario = scenarioSchema.parse({
    name: 'play',
    time: { t0: new Date(run.t0Ms).toISOString(), duration: `${ticks * dtMs}ms`, dt: `${dtMs}ms` },
    traffic: flows,
  });
  const { dir } = bench.deps.artifacts;
  const results = join(dir, 'results');
  await mkdir(results);
  await writeFile(join(dir, 'links.trace'), lines(LINKS_HEADER, links));
  await writeFile(join(dir, 'routes.trace'), lines(ROUTES_HEADER, routes));
  await writeFile(join(results, 'nodes.csv'), nodesCsv(network));
  await writeFile(join(results, 'links.csv'), linksCsv(network));
  await writeFile(join(results, 'flows.csv'), flowsCsv({ run, flows: scenario.traffic, network }));
  await before?.(results);
  const simulator = new OmnetSimulator({ ...bench.deps, run, scenario, config: configSchema.parse(config) });
  const { signal } = new AbortController();
  const started = performance.now();
  await simulator.prepare(signal);
  const prepareMs = performance.now() - started;
  const told = await simulator.run(
    {
      links: join(dir, 'links.trace'),
      routes: join(dir, 'routes.trace'),
      tables: results,
      results,
      name: 'results',
      ticks,
      stopMs: ticks * dtMs + 2_000,
      reportTick: ticks - 1,
    },
    signal,
  );
  const rows = async (file: string) => (await readFile(join(results, file), 'utf8')).trimEnd().split('\n').slice(1);
  const number = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
  return {
    told: told as Played['told'],
    samples: (await rows('samples.csv')).map((row) => {
      const [flow, t, rtt, owd, loss, goodput, , path] = row.split(',');
      return { flow: Number(flow), t: Number(t), rtt: number(rtt), owd: number(owd), loss: number(loss), goodput: number(goodput), path: path! };
    }),
    counters: Object.fromEntries((await rows('counters.csv')).map((row) => [row.split(',')[0]!, Number(row.split(',')[1])])),
    applied: await rows('applied.csv').catch(() => []),
    prepareMs,
    dir,
  };
}

/** Rows are ended, except one that a test ends otherwise by `\\`. */
function* lines(header: string, rows: Iterable<string>): Iterable<string> {
  yield header;
  for (const row of rows) yield row.endsWith('\\') ? row.slice(0, -1) : `${row}\n`;
}
