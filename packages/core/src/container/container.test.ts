import 'reflect-metadata';
import { container as globalContainer } from 'tsyringe';
import { expect, test } from 'vitest';
import type { ExporterDeps } from '../contract/exporter.js';
import type { LaneDeps } from '../contract/lane.js';
import { defineExporter, defineLane, defineTickSource } from '../contract/plugin.js';
import { scenarioSchema } from '../contract/scenario.js';
import type { TickSourceDeps } from '../contract/tick-source.js';
import { z } from 'zod';
import { createRootContainer } from './index.js';

const config = z.unknown();
const lane = { prepare: async () => {}, applyTick: async () => {}, finalize: async () => {} };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const artifacts = { dir: '/nowhere', writeFile: async () => {}, openStream: () => Promise.reject(new Error('none')) };
const results = { write() {} };
const processes = {
  run: () => Promise.reject(new Error('none')),
  start: () => {
    throw new Error('none');
  },
};
const runValues = (runId: string) => ({
  run: { runId, seed: 1, t0Ms: 0, t1Ms: 1000, dtMs: 1000, tickCount: 1, mode: 'offline' as const },
  scenario: scenarioSchema.parse({ name: runId, time: { t0: '2026-01-01T00:00:00Z', duration: '1s' } }),
  nodes: [],
  baseDir: '/base',
  processes,
});
const laneValues = { config: { a: 1 }, logger, artifacts, results, report() {} };

test('a factory on the root gets the values of the run that resolves it, also in the second run', () => {
  const seen: LaneDeps[] = [];
  const root = createRootContainer();
  root.register(defineLane({ name: 'a', config, create: (deps) => (seen.push(deps), lane) }));
  root.createRunScope(runValues('first')).createLane('a', laneValues);
  root.createRunScope(runValues('second')).createLane('a', { ...laneValues, config: { a: 2 } });
  expect(seen.map((deps) => [deps.run.runId, deps.scenario.name, deps.config])).toEqual([
    ['first', 'first', { a: 1 }],
    ['second', 'second', { a: 2 }],
  ]);
  expect(Object.keys(seen[0]!).sort()).toEqual(['artifacts', 'baseDir', 'config', 'logger', 'nodes', 'processes', 'report', 'results', 'run', 'scenario']);
});

test('two plugins of one run share the run and nothing of each other', () => {
  const seen: LaneDeps[] = [];
  const root = createRootContainer();
  for (const name of ['a', 'b']) root.register(defineLane({ name, config, create: (deps) => (seen.push(deps), lane) }));
  const scope = root.createRunScope(runValues('r'));
  scope.createLane('a', { ...laneValues, config: 'of a' });
  scope.createLane('b', { ...laneValues, config: undefined });
  expect(seen.map((deps) => deps.config)).toEqual(['of a', undefined]);
  expect(seen[0]!.run).toBe(seen[1]!.run);
});

test('exporters and tick sources get their own deps, null where there is nothing', () => {
  let exporterDeps: ExporterDeps | undefined;
  let sourceDeps: TickSourceDeps | undefined;
  const root = createRootContainer();
  root.register(defineExporter({ name: 'x', config, create: (deps) => ((exporterDeps = deps), { open: async () => {}, close: async () => {} }) }));
  root.register(
    defineTickSource({
      name: 'x',
      config,
      create: (deps) => ((sourceDeps = deps), { resolve: () => Promise.reject(new Error()), open: () => Promise.reject(new Error()) }),
    }),
  );
  const scope = root.createRunScope(runValues('r'));
  scope.createExporter('x', { config: {}, logger, artifacts, ephemeris: null });
  scope.createTickSource('x', { config: {}, logger, inputs: [], locate: () => null, engine: { start: async () => 'unix:none' } });
  expect(exporterDeps).toMatchObject({ ephemeris: null, nodes: [] });
  expect(sourceDeps).toMatchObject({ baseDir: '/base' });
});

test('a second registration of one kind and name is refused; another kind may have the name', () => {
  const root = createRootContainer();
  root.register(defineLane({ name: 'a', config, create: () => lane }));
  root.register(defineExporter({ name: 'a', config, create: () => ({ open: async () => {}, close: async () => {} }) }));
  expect(() => root.register(defineLane({ name: 'a', config, create: () => lane }))).toThrow('lane a is registered already');
});

test('an unregistered name says what is registered', () => {
  const root = createRootContainer();
  root.register(defineLane({ name: 'a', config, create: () => lane }));
  expect(() => root.createRunScope(runValues('r')).createLane('b', laneValues)).toThrow(
    expect.objectContaining({ code: 'PLUGIN_INVALID', hint: 'registered: a' }),
  );
});

test('after dispose nothing can be created; a second dispose does nothing', async () => {
  const root = createRootContainer();
  root.register(defineLane({ name: 'a', config, create: () => lane }));
  const scope = root.createRunScope(runValues('r'));
  scope.createLane('a', laneValues);
  await scope.dispose();
  await scope.dispose();
  expect(() => scope.createLane('a', laneValues)).toThrow(expect.objectContaining({ code: 'RUN_STATE' }));
  expect(root.createRunScope(runValues('next')).createLane('a', laneValues)).toBe(lane);
});

test("what somebody registers in tsyringe's global container under a name of ours does not reach a run", () => {
  globalContainer.register('config', { useValue: 'foreign' });
  const seen: unknown[] = [];
  const root = createRootContainer();
  root.register(defineLane({ name: 'a', config, create: (deps) => (seen.push(deps.config), lane) }));
  root.createRunScope(runValues('r')).createLane('a', laneValues);
  expect(seen).toEqual([{ a: 1 }]);
});
