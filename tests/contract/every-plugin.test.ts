import { fileURLToPath } from 'node:url';
import { discoverPlugins, type ExporterDeps, type LaneDeps } from '@satsim/core';
import { type ContractCase, exporterContract, laneContract } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { EXPORTER_HARNESSES, FailingSink, LANE_HARNESSES } from './harnesses.js';

// Loaded as in a run: by their manifests, from the dependencies of the CLI.
const hostPackageJson = fileURLToPath(import.meta.resolve('@satsim/cli/package.json'));
const registry = await discoverPlugins({ cwd: fileURLToPath(new URL('.', import.meta.url)), hostPackageJson });

/** Options left out mean the defaults of the plugin's own schema. */
async function defaultConfig(schema: { readonly '~standard': { validate(value: unknown): unknown } }): Promise<unknown> {
  return ((await schema['~standard'].validate({})) as { readonly value: unknown }).value;
}

test('every lane and exporter has a harness here, and every plugin is sound', () => {
  expect(registry.faults).toEqual([]);
  expect(registry.names('lane')).toEqual(Object.keys(LANE_HARNESSES).sort());
  expect(registry.names('exporter')).toEqual(Object.keys(EXPORTER_HARNESSES).sort());
});

for (const [name, harness] of Object.entries(LANE_HARNESSES)) {
  const { definition, contribution } = await registry.load('lane', name);
  const config = await defaultConfig(definition.config);
  describe(`lane ${name}`, () => {
    const make = (deps: LaneDeps) => {
      const sink = new FailingSink(deps.results);
      return { lane: definition.create({ ...deps, config, results: sink }), sink };
    };
    register(laneContract(make, { ...harness, determinism: contribution.determinism }), contribution.determinism);
  });
}

for (const [name, harness] of Object.entries(EXPORTER_HARNESSES)) {
  const { definition, contribution } = await registry.load('exporter', name);
  const config = await defaultConfig(definition.config);
  describe(`exporter ${name}`, () => {
    const make = (deps: ExporterDeps) => ({ exporter: definition.create({ ...deps, config }) });
    register(exporterContract(make, { ...harness, determinism: contribution.determinism }), contribution.determinism);
  });
}

/** What a harness here can not judge fails; only what a manifest takes back by `statistical` is left out. */
function register(cases: readonly ContractCase[], determinism: 'exact' | 'statistical'): void {
  for (const { rule, run } of cases.filter(({ skip }) => skip === false || determinism === 'exact')) test(rule, run);
}
