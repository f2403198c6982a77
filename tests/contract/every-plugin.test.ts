import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, loadHarnesses } from '@satsim/core';
import { pluginContract, type PluginHarness } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { geomrfHarness } from './geomrf-harness.js';

// Loaded as in a run: by their manifests, from the dependencies of the CLI.
const hostPackageJson = fileURLToPath(import.meta.resolve('@satsim/cli/package.json'));
const registry = await discoverPlugins({ cwd: fileURLToPath(new URL('.', import.meta.url)), hostPackageJson });

test('every plugin is sound, and there are some', () => {
  expect(registry.faults).toEqual([]);
  for (const kind of ['lane', 'exporter', 'tick-source'] as const) expect(registry.names(kind)).not.toEqual([]);
});

for (const candidate of registry.candidates) {
  const own = (await loadHarnesses(candidate)) as readonly PluginHarness[] | null;
  // The client may not know the engine, so its harness is here.
  const harnesses = candidate.packageName === '@satsim/geomrf-client' ? [geomrfHarness] : own;
  const loaded = await Promise.all(candidate.contributes.map(({ kind, name }) => registry.load(kind, name)));
  const contracts = pluginContract({ definitions: loaded.map(({ definition }) => definition) }, harnesses ?? [], join(candidate.dir, 'package.json'), {
    properties: true,
  });
  for (const { kind, name, cases } of contracts.filter((contract) => contract.cases.length > 0)) {
    describe(`${kind} ${name}`, () => {
      const { determinism } = candidate.contributes.find((one) => one.kind === kind && one.name === name)!;
      const harness = harnesses?.find((one) => one.kind === kind && one.name === name);
      const lacking: unknown[] = harness?.kind === 'tick-source' ? Object.values(harness.without ?? {}) : [];
      // What a harness here cannot judge fails; only what a source does not have, or a manifest takes back by `statistical`, is left out.
      for (const { rule, run } of cases.filter(({ skip }) => skip === false || (determinism === 'exact' && !lacking.includes(skip)))) test(rule, run);
    });
  }
}
