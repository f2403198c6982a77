import type { DependencyContainer } from 'tsyringe';
import type { Exporter, ExporterDeps } from '../contract/exporter.js';
import type { LaneAdapter, LaneDeps } from '../contract/lane.js';
import type { TickSource, TickSourceDeps } from '../contract/tick-source.js';
import { SatsimError } from '../errors.js';
import { provide, resolve, type Token } from './token.js';
import * as T from './tokens.js';

/** What all plugins of one run share. */
export interface RunValues extends Pick<LaneDeps, 'run' | 'scenario' | 'nodes' | 'baseDir' | 'processes'> {}
export interface LaneValues extends Pick<LaneDeps, 'config' | 'logger' | 'artifacts' | 'results' | 'report'> {}
export interface ExporterValues extends Pick<ExporterDeps, 'config' | 'logger' | 'artifacts' | 'ephemeris'> {}
export interface TickSourceValues extends Required<Pick<TickSourceDeps, 'config' | 'logger' | 'inputs' | 'locate' | 'engine'>> {}

/** The tokens of the factories on the root, by plugin name. */
export interface FactoryTokens {
  readonly lane: ReadonlyMap<string, Token<LaneAdapter>>;
  readonly exporter: ReadonlyMap<string, Token<Exporter>>;
  readonly 'tick-source': ReadonlyMap<string, Token<TickSource>>;
}

/**
 * The child container of one run. Each `create…` makes a new instance below it, from the factory on the root and the
 * values of this run and this plugin. The caller owns the instance: `finalize` and `close` are the runners' business.
 */
export class RunScope {
  readonly #container: DependencyContainer;
  readonly #factories: FactoryTokens;
  readonly #below: DependencyContainer[] = [];
  #disposed = false;

  constructor(container: DependencyContainer, values: RunValues, factories: FactoryTokens) {
    this.#container = container;
    this.#factories = factories;
    provide(container, T.RUN, values.run);
    provide(container, T.SCENARIO, values.scenario);
    provide(container, T.NODES, values.nodes);
    provide(container, T.BASE_DIR, values.baseDir);
    provide(container, T.PROCESSES, values.processes);
  }

  /** @throws SatsimError PLUGIN_INVALID when no such lane is registered */
  createLane(name: string, values: LaneValues): LaneAdapter {
    const scope = this.#child(values);
    provide(scope, T.ARTIFACTS, values.artifacts);
    provide(scope, T.RESULTS, values.results);
    provide(scope, T.REPORT, values.report);
    return resolve(scope, factory('lane', this.#factories.lane, name));
  }

  /** @throws SatsimError PLUGIN_INVALID when no such exporter is registered */
  createExporter(name: string, values: ExporterValues): Exporter {
    const scope = this.#child(values);
    provide(scope, T.ARTIFACTS, values.artifacts);
    provide(scope, T.EPHEMERIS, values.ephemeris);
    return resolve(scope, factory('exporter', this.#factories.exporter, name));
  }

  /** @throws SatsimError PLUGIN_INVALID when no such tick source is registered */
  createTickSource(name: string, values: TickSourceValues): TickSource {
    const scope = this.#child(values);
    provide(scope, T.INPUTS, values.inputs);
    provide(scope, T.LOCATE, values.locate);
    provide(scope, T.ENGINE, values.engine);
    return resolve(scope, factory('tick-source', this.#factories['tick-source'], name));
  }

  /** Drops what the scope holds, youngest first; nothing can be created afterwards. Safe to call twice. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const scope of this.#below.reverse()) await scope.dispose();
    await this.#container.dispose();
  }

  #child(values: Pick<LaneValues, 'config' | 'logger'>): DependencyContainer {
    if (this.#disposed) throw new SatsimError('RUN_STATE', 'the scope of this run is closed: nothing can be created in it any more');
    const scope = this.#container.createChildContainer();
    this.#below.push(scope);
    provide(scope, T.CONFIG, values.config);
    provide(scope, T.LOGGER, values.logger);
    return scope;
  }
}

function factory<Made>(kind: string, known: ReadonlyMap<string, Token<Made>>, name: string): Token<Made> {
  const found = known.get(name);
  if (!found) throw new SatsimError('PLUGIN_INVALID', `${kind} ${name} is not registered`, { hint: `registered: ${[...known.keys()].join(', ') || 'none'}` });
  return found;
}
