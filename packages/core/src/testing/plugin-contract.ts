import { readFileSync } from 'node:fs';
import type { LaneDeps } from '../contract/lane.js';
import type {
  ConfigSchema,
  Contribution,
  ExporterDefinition,
  LaneDefinition,
  Plugin,
  PluginDefinition,
  PluginKind,
  TickSourceDefinition,
  TranslatorDefinition,
} from '../contract/plugin.js';
import { pluginManifestSchema } from '../contract/plugin.js';
import type { TickSourceDeps } from '../contract/tick-source.js';
import { check, type ContractCase, contractCase } from './contract-case.js';
import { exporterContract } from './exporter-contract.js';
import type { ExporterHarness, LaneHarness, PluginHarness, TickSourceHarness, TranslatorHarness } from './harness.js';
import { laneContract } from './lane-contract.js';
import { laneProperties } from './lane-properties.js';
import { tickSourceContract } from './tick-source-contract.js';
import { translatorContract } from './translator-contract.js';

export interface ContributionContract {
  readonly kind: PluginKind;
  readonly name: string;
  readonly cases: readonly ContractCase[];
}

export interface PluginContractOptions {
  /** Lanes are tried with random ticks too ({@link laneProperties}), which finds more and takes longer; `false` by default. */
  readonly properties?: boolean;
}

/**
 * The contract kit over a whole plugin: the rules of everything that it contributes.
 *
 *     for (const { kind, name, cases } of pluginContract(plugin, harnesses, new URL('../package.json', import.meta.url)))
 *       for (const { rule, skip, run } of cases) test(`${kind} ${name}: ${rule}`, { skip }, run);
 *
 * @param plugin its default export, or the definitions in it
 * @param harnesses one for each contribution; without one, every rule that needs it is skipped
 * @param packageJson the package.json with its manifest
 * @param options what goes beyond the rules
 * @throws Error when the manifest is not sound, or a harness is for something that it doesn't contribute
 */
export function pluginContract(
  plugin: Pick<Plugin, 'definitions'>,
  harnesses: readonly PluginHarness[],
  packageJson: URL | string,
  options: PluginContractOptions = {},
): readonly ContributionContract[] {
  const { satsim } = JSON.parse(readFileSync(packageJson, 'utf8')) as { satsim: unknown };
  const { contributes } = pluginManifestSchema.parse(satsim);
  const stray = harnesses.filter((harness) => !contributes.some((contribution) => isSame(harness, contribution)));
  check(stray.length === 0, `the manifest does not contribute what these harnesses are for: ${stray.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`);
  return contributes.map((contribution) => {
    const { kind, name } = contribution;
    const definition = plugin.definitions.find((one) => isSame(one, contribution));
    check(definition !== undefined, `the manifest contributes ${kind} ${name}, but the plugin does not export it`);
    const harness = harnesses.find((one) => isSame(one, contribution));
    return { kind, name, cases: casesOf(definition, harness, contribution, options) };
  });
}

interface Named {
  readonly kind: PluginKind;
  readonly name: string;
}
const isSame = (one: Named, other: Named): boolean => one.kind === other.kind && one.name === other.name;

function casesOf(
  definition: PluginDefinition,
  harness: PluginHarness | undefined,
  { determinism }: Contribution,
  { properties = false }: PluginContractOptions,
): readonly ContractCase[] {
  switch (definition.kind) {
    case 'lane':
      return laneCases(definition, harness as LaneHarness | undefined, determinism, properties);
    case 'exporter':
      return exporterCases(definition, harness as ExporterHarness | undefined, determinism);
    case 'translator':
      return translatorCases(definition, harness as TranslatorHarness | undefined);
    case 'tick-source':
      return tickSourceCases(definition, harness as TickSourceHarness | undefined, determinism);
  }
}

function laneCases(
  definition: LaneDefinition,
  harness: Partial<LaneHarness> = {},
  determinism: Contribution['determinism'],
  properties: boolean,
): readonly ContractCase[] {
  const create = harness.create ?? ((deps) => ({ lane: definition.create(deps) }));
  const configured = async (deps: LaneDeps) => create({ ...deps, config: await parsed(definition.config, harness.config) });
  const cases = laneContract(configured, { ...harness, determinism });
  if (!properties) return cases;
  const { observe, propertyRuns } = harness;
  return [...cases, ...laneProperties(configured, { ...(observe && { observe }), ...(propertyRuns !== undefined && { runs: propertyRuns }) })];
}

function exporterCases(
  definition: ExporterDefinition,
  harness: Partial<ExporterHarness> = {},
  determinism: Contribution['determinism'],
): readonly ContractCase[] {
  const create = harness.create ?? ((deps) => ({ exporter: definition.create(deps) }));
  return exporterContract(async (deps) => create({ ...deps, config: await parsed(definition.config, harness.config) }), { ...harness, determinism });
}

function tickSourceCases(
  definition: TickSourceDefinition,
  harness: TickSourceHarness | undefined,
  determinism: Contribution['determinism'],
): readonly ContractCase[] {
  const create = harness?.create ?? ((deps: TickSourceDeps) => ({ source: definition.create(deps) }));
  const cases = tickSourceContract(async (deps) => create({ ...deps, config: await parsed(definition.config, harness?.config) }), { ...harness, determinism });
  // Whether a source needs an engine, and has events and positions, only its harness can tell.
  return harness ? cases : cases.map((one) => contractCase(one.rule, 'the plugin has no harness', () => one.run()));
}

function translatorCases(definition: TranslatorDefinition, harness: Partial<TranslatorHarness> = {}): readonly ContractCase[] {
  return translatorContract(harness.create ?? (() => definition.create({})), { samples: [], ...harness });
}

async function parsed<Config>(schema: ConfigSchema<Config>, config: unknown = {}): Promise<Config> {
  const result = await schema['~standard'].validate(config);
  check(
    result.issues === undefined,
    `the plugin's schema refuses the configuration of the harness: ${result.issues?.map(({ message }) => message).join('; ')}`,
  );
  return result.value;
}
