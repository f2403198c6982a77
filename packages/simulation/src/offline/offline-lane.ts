import { join } from 'node:path';
import { type ArtifactStream, type Flow, LaneError, type LaneAdapter, type LaneDeps, type LinkState, type TickUpdate } from '@satsim/core';
import { Router } from '@satsim/routing';
import { readApplied, readCounters } from '../results/read-applied.js';
import { readSamples } from '../results/read-samples.js';
import { NetworkIndex } from '../trace/network-index.js';
import { ROUTES_HEADER, RouteWriter } from '../trace/route-writer.js';
import { flowsCsv, linkMap, linksCsv, nodeMap, nodesCsv } from '../trace/tables.js';
import { LINKS_HEADER, TraceWriter } from '../trace/trace-writer.js';

/** What a simulator is to do, by files. All paths are absolute; `results` exists. */
export interface SimulationJob {
  /** `links.trace` */
  readonly links: string;
  /** `routes.trace` */
  readonly routes: string;
  /** Folder of `nodes.csv`, `links.csv` and `flows.csv`. */
  readonly tables: string;
  /** Folder for `samples.csv`, `applied.csv`, `counters.csv` and the simulator's own files. */
  readonly results: string;
  /** Folder of `results` below the lane's own, for logs. */
  readonly name: string;
  /** Ticks 0 … ticks − 1 are played. */
  readonly ticks: number;
  /** End of the simulation, milliseconds after t0. */
  readonly stopMs: number;
  /** Of which the links are told in `applied.csv`, as they are at its end. */
  readonly reportTick: number;
}

/** The network stays for so long after the end of the run, so that replies can come back. */
const DRAIN_MS = 2_000;

/** Of the samples so many are in memory, and then wait for the exporters. */
const SAMPLES_AT_ONCE = 4096;

/** The part that is the simulator's own. */
export interface OfflineSimulator {
  /** `false`: the program is the user's own, and need not tell in `counters.csv` how many rows it applied. */
  readonly counts?: boolean;
  /** Called once before any tick: finds and compiles what is needed, or throws and leaves nothing behind. */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * Plays the traces and writes the results. Rejects within 1 s of the signal's abort, and nothing runs then.
   * @returns what is worth keeping of how it was done, for `simulation.json`
   */
  run(job: SimulationJob, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
}

/** Files that grow while ticks come. */
interface OpenTraces {
  readonly router: Router;
  readonly links: TraceWriter;
  readonly routes: RouteWriter;
  readonly linksFile: ArtifactStream;
  readonly routesFile: ArtifactStream;
}

/** Writes traces while ticks come, and lets a simulator play them after the last one. */
export class OfflineLane implements LaneAdapter {
  readonly #name: string;
  readonly #deps: LaneDeps;
  readonly #simulator: OfflineSimulator;
  readonly #network: NetworkIndex;
  #traces: OpenTraces | null = null;
  #lastTick = -1;

  constructor(name: string, deps: LaneDeps, simulator: OfflineSimulator) {
    this.#name = name;
    this.#deps = deps;
    this.#simulator = simulator;
    this.#network = new NetworkIndex(name, deps.nodes);
  }

  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { nodes, run, scenario } = this.#deps;
    await this.#simulator.prepare(signal);
    const network = this.#network;
    const [linksFile, routesFile] = await this.#openFiles('links.trace', 'routes.trace');
    const router = new Router(nodes);
    const ends = scenario.traffic.flatMap(({ from, to }) => [from, to]);
    const links = new TraceWriter(network, run.t0Ms);
    const routes = new RouteWriter(network, router, ends, run.t0Ms);
    this.#traces = { router, links, routes, linksFile, routesFile };
    try {
      await linksFile.write(LINKS_HEADER);
      await routesFile.write(ROUTES_HEADER);
    } catch (error) {
      await this.#closeTraces();
      throw error;
    }
  }

  async applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#traces) throw new LaneError(this.#name, 'a tick came before prepare or after finalize', { tickIndex: tick.tickIndex });
    const { router, links, routes, linksFile, routesFile } = this.#traces;
    router.apply(tick);
    const linkRows = links.rows(tick);
    const routeRows = routes.rows(tick);
    await unlessAborted(
      (async () => {
        if (linkRows.length > 0) await linksFile.write(linkRows);
        if (routeRows.length > 0) await routesFile.write(routeRows);
      })(),
      signal,
    );
    this.#lastTick = tick.tickIndex;
  }

  async complete(signal: AbortSignal): Promise<void> {
    if (!this.#traces) throw new LaneError(this.#name, 'there is nothing to simulate: no tick came');
    const { links, routes } = this.#traces;
    await unlessAborted(this.#closeTraces(), signal);
    const { run, scenario, results, logger } = this.#deps;
    await this.#writeFile('node_map.json', nodeMap(this.#network), signal);
    await this.#writeFile('link_map.json', linkMap(this.#network), signal);
    const started = performance.now();
    const { folder, told } = await this.#simulate('results', { ticks: run.tickCount, stopMs: run.t1Ms - run.t0Ms + DRAIN_MS, flows: scenario.traffic }, signal);
    const wallS = (performance.now() - started) / 1000;
    const counters = await readCounters(join(folder, 'counters.csv'), this.#name);
    this.#expectApplied(counters, 'link_rows', links.rowCount);
    this.#expectApplied(counters, 'route_rows', routes.rowCount);
    const from = { lane: this.#name, network: this.#network, flows: scenario.traffic, t0Ms: run.t0Ms };
    let held = 0;
    for await (const sample of readSamples(join(folder, 'samples.csv'), from)) {
      results.write(sample);
      held += 1;
      if (held < SAMPLES_AT_ONCE) continue;
      await unlessAborted(results.flush?.() ?? Promise.resolve(), signal);
      held = 0;
    }
    const summary = { ...told, linkRows: links.rowCount, routeRows: routes.rowCount, wallS, counters: Object.fromEntries(counters) };
    await this.#writeFile('simulation.json', `${JSON.stringify(summary, null, 2)}\n`, signal);
    logger.info({ wallS, counters: Object.fromEntries(counters) }, `simulated ${(run.tickCount * run.dtMs) / 1000} s in ${wallS.toFixed(1)} s`);
  }

  async finalize(): Promise<void> {
    await this.#closeTraces();
  }

  /**
   * The links as the simulator has them after the ticks so far: for tests of the lane contract. What was written must be in
   * the files already.
   */
  async observe(): Promise<readonly LinkState[]> {
    if (this.#lastTick < 0) return [];
    const { folder } = await this.#simulate(
      'observed',
      { ticks: this.#lastTick + 1, stopMs: this.#lastTick * this.#deps.run.dtMs, flows: [] },
      new AbortController().signal,
    );
    const links: LinkState[] = [];
    for await (const { link } of readApplied(join(folder, 'applied.csv'), this.#name, this.#network)) links.push(link);
    return links;
  }

  async #simulate(name: string, what: { readonly ticks: number; readonly stopMs: number; readonly flows: readonly Flow[] }, signal: AbortSignal) {
    const { ticks, stopMs, flows } = what;
    const { artifacts, run } = this.#deps;
    const network = this.#network;
    // Its own tables: links are numbered as they come, and an observation has no flows.
    await this.#writeFile(`${name}/nodes.csv`, nodesCsv(network), signal);
    await this.#writeFile(`${name}/links.csv`, linksCsv(network), signal);
    await this.#writeFile(`${name}/flows.csv`, flowsCsv({ run, flows, network }), signal);
    const folder = join(artifacts.dir, name);
    const told = await this.#simulator.run(
      {
        links: join(artifacts.dir, 'links.trace'),
        routes: join(artifacts.dir, 'routes.trace'),
        tables: folder,
        results: folder,
        name,
        ticks,
        stopMs,
        reportTick: ticks - 1,
      },
      signal,
    );
    return { folder, told };
  }

  #writeFile(path: string, content: string, signal: AbortSignal): Promise<void> {
    return unlessAborted(this.#deps.artifacts.writeFile(path, content), signal);
  }

  #expectApplied(counters: ReadonlyMap<string, number>, counter: string, written: number): void {
    const applied = counters.get(counter) ?? (this.#simulator.counts === false ? written : 0);
    if (applied !== written) throw new LaneError(this.#name, `the simulator applied ${applied} of ${written} ${counter.replace('_', ' ')}`);
  }

  async #openFiles(one: string, other: string): Promise<readonly [ArtifactStream, ArtifactStream]> {
    const { artifacts } = this.#deps;
    const first = await artifacts.openStream(one);
    try {
      return [first, await artifacts.openStream(other)];
    } catch (error) {
      await first.close();
      throw error;
    }
  }

  async #closeTraces(): Promise<void> {
    const traces = this.#traces;
    this.#traces = null;
    if (traces) await Promise.all([traces.linksFile.close(), traces.routesFile.close()]);
  }
}

/** The work's own result, or a rejection with the signal's reason; the work then goes on unheard. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => {});
  }
}
