// tsyringe throws when it is loaded without this polyfill, so it comes first.
import 'reflect-metadata';
import { type DependencyContainer, container as globalContainer } from 'tsyringe';
import type { Exporter, ExporterDeps } from '../contract/exporter.js';
import type { LaneAdapter, LaneDeps } from '../contract/lane.js';
import type { ExporterDefinition, LaneDefinition, TickSourceDefinition } from '../contract/plugin.js';
import type { TickSource, TickSourceDeps } from '../contract/tick-source.js';
import { SatsimError } from '../errors.js';
import { RunScope, type RunValues } from './run-scope.js';
import { provideFactory, resolve, type Token, token } from './token.js';
import * as T from './tokens.js';

/** What takes part in a run. A translator does not: it only ever makes a scenario. */
export type RunDefinition = LaneDefinition | ExporterDefinition | TickSourceDefinition;

/** Holds the factories of plugins; a run resolves them in a scope of its own. */
export interface RootContainer {
  /** @throws SatsimError PLUGIN_INVALID when the kind and name are taken (tsyringe would let the second win silently) */
  register(definition: RunDefinition): void;
  createRunScope(values: RunValues): RunScope;
}

export function createRootContainer(): RootContainer {
  const root = globalContainer.createChildContainer();
  const factories = {
    lane: new Map<string, Token<LaneAdapter>>(),
    exporter: new Map<string, Token<Exporter>>(),
    'tick-source': new Map<string, Token<TickSource>>(),
  };

  function add<Made>(map: Map<string, Token<Made>>, kind: RunDefinition['kind'], name: string, make: (scope: DependencyContainer) => Made): void {
    if (map.has(name)) throw new SatsimError('PLUGIN_INVALID', `${kind} ${name} is registered already`, { hint: 'two plugins may not claim one name' });
    const key = token<Made>(`${kind} ${name}`);
    provideFactory(root, key, make);
    map.set(name, key);
  }

  return {
    register(definition) {
      switch (definition.kind) {
        case 'lane':
          return add(factories.lane, 'lane', definition.name, (scope) => definition.create(laneDeps(scope)));
        case 'exporter':
          return add(factories.exporter, 'exporter', definition.name, (scope) => definition.create(exporterDeps(scope)));
        case 'tick-source':
          return add(factories['tick-source'], 'tick-source', definition.name, (scope) => definition.create(tickSourceDeps(scope)));
      }
    },
    createRunScope: (values) => new RunScope(root.createChildContainer(), values, factories),
  };
}

function laneDeps(scope: DependencyContainer): LaneDeps {
  return {
    config: resolve(scope, T.CONFIG),
    run: resolve(scope, T.RUN),
    scenario: resolve(scope, T.SCENARIO),
    nodes: resolve(scope, T.NODES),
    baseDir: resolve(scope, T.BASE_DIR),
    logger: resolve(scope, T.LOGGER),
    artifacts: resolve(scope, T.ARTIFACTS),
    processes: resolve(scope, T.PROCESSES),
    results: resolve(scope, T.RESULTS),
    report: resolve(scope, T.REPORT),
  };
}

function exporterDeps(scope: DependencyContainer): ExporterDeps {
  return {
    config: resolve(scope, T.CONFIG),
    run: resolve(scope, T.RUN),
    scenario: resolve(scope, T.SCENARIO),
    nodes: resolve(scope, T.NODES),
    logger: resolve(scope, T.LOGGER),
    artifacts: resolve(scope, T.ARTIFACTS),
    ephemeris: resolve(scope, T.EPHEMERIS),
  };
}

function tickSourceDeps(scope: DependencyContainer): TickSourceDeps {
  return {
    config: resolve(scope, T.CONFIG),
    run: resolve(scope, T.RUN),
    scenario: resolve(scope, T.SCENARIO),
    baseDir: resolve(scope, T.BASE_DIR),
    inputs: resolve(scope, T.INPUTS),
    locate: resolve(scope, T.LOCATE),
    logger: resolve(scope, T.LOGGER),
    engine: resolve(scope, T.ENGINE),
  };
}
