import type { StandardSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';
import { LINUX_CAPABILITIES } from './capabilities.js';
import type { Exporter, ExporterDeps } from './exporter.js';
import type { CaptureCommand, CapturePlace, LaneAdapter, LaneDeps, LaneNeed, LanePlace, LaneRemains, LaneRemark } from './lane.js';
import type { Scenario } from './scenario.js';
import type { TickSource, TickSourceDeps } from './tick-source.js';
import type { Translator } from './translator.js';

export const PLUGIN_KINDS = ['lane', 'exporter', 'translator', 'tick-source'] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];

const executable = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.+-]*$/, 'a program is named as it is typed, without a path'),
  minVersion: z
    .string()
    .regex(/^\d+(\.\d+){0,2}$/, 'a version is numbers and dots, such as 3.37')
    .optional()
    .describe('The least version; without it any will do'),
  versionArgs: z
    .array(z.string().regex(/^-{0,2}[A-Za-z][\w-]*$/, 'an argument that asks for the version is a word or an option'))
    .min(1)
    .max(3)
    .default(['--version'])
    .describe('How the program is asked for its version'),
});

const requires = z.strictObject({
  platforms: z
    .array(z.enum(['linux', 'darwin', 'win32']))
    .optional()
    .describe('Where it can run; everywhere without it'),
  executables: z
    .array(z.preprocess((value) => (typeof value === 'string' ? { name: value } : value), executable))
    .optional()
    .describe('Programs that must be on PATH: a name, or `{ name, minVersion, versionArgs }`'),
  capabilities: z.array(z.enum(LINUX_CAPABILITIES)).optional().describe('Linux capabilities that the process must have in effect'),
  root: z.boolean().optional().describe('Whether the process must be root'),
  install: z.string().optional().describe('The command that installs what is missing'),
});

const contribution = z.strictObject({
  kind: z.enum(PLUGIN_KINDS),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'a name is lower-case letters, digits and `-`')
    .describe('What scenarios and the command line call it; one of its kind'),
  summary: z.string().min(1).describe('One line for people'),
  determinism: z.enum(['exact', 'statistical']).default('exact').describe('Whether the same input always gives the same output'),
  pacing: z.enum(['any', 'realtime']).default('any').describe('`realtime`: a lane that needs the wall clock; refused in an offline run'),
  requires: requires.prefault({}).describe('What the machine must have; checked before a run starts'),
});

/**
 * The `satsim` field of a plugin's package.json: read as data, never by running the plugin.
 *
 * Beside the plugin (`exports["."]`) a package may export `./harness`: a module with `export const harnesses`, the contract
 * kit's eyes and hands on what the package contributes (`PluginHarness` of `@satsim/core/testing`). Only the kit and
 * `satsim plugins check` import it, never a run.
 */
export const pluginManifestSchema = z.strictObject({
  manifest: z.literal(1).describe('Version of this format'),
  contributes: z.array(contribution).min(1).describe('Has to equal what the module exports'),
});
export type PluginManifest = z.output<typeof pluginManifestSchema>;
export type Contribution = PluginManifest['contributes'][number];
/** A program that a plugin calls. Without `minVersion` any version will do. */
export type RequiredExecutable = z.output<typeof executable>;

/** How the options in the scenario are checked: any Standard Schema (zod, valibot, arktype …). */
export type ConfigSchema<Config> = StandardSchemaV1<unknown, Config>;

interface Defined<Kind extends PluginKind, Deps, Made> {
  readonly kind: Kind;
  readonly name: string;
  /** Makes one instance for one run. May not do any work yet. */
  readonly create: (deps: Deps) => Made;
}
export type LaneDefinition<Config = any> = Defined<'lane', LaneDeps<Config>, LaneAdapter> & {
  readonly config: ConfigSchema<Config>;
  /**
   * What this configuration needs of the machine and does not find, beyond what the manifest can say. Asked before a run
   * starts and by `validate --check-env`, and by `doctor` of the default configuration; changes nothing on the machine.
   *
   * @param scenario `null` when nobody asks about one
   */
  readonly missing?: (config: Config, scenario: Scenario | null) => Promise<readonly LaneNeed[]>;
  /**
   * What of this scenario the lane can't do, or does in another way: nothing that a scenario says is passed over in silence.
   * A lane without it is taken to know the keys of `traffic` that there were in core 1.0, and no others. Looks at nothing but
   * its arguments.
   */
  readonly remarks?: (scenario: Scenario, config: Config) => readonly LaneRemark[];
  /**
   * What of this configuration does not fit the network, or the files that it names: looked at once all nodes are known, before a run
   * starts and by `validate` and `plan`. Reads files, and changes nothing.
   */
  readonly check?: (config: Config, place: LanePlace) => Promise<readonly LaneRemark[]>;
  /** Finds what runs that died have left on this machine; those that go on are left alone. For `satsim clean`. */
  readonly remains?: () => Promise<readonly LaneRemains[]>;
  /** For `satsim capture`: how the packets of one interface of a run that goes on are had. */
  readonly capture?: (place: CapturePlace) => Promise<CaptureCommand>;
  /** Whether the lane writes its packets into files when `execution.record_pcap` asks for it; without such a lane the key is a fault. */
  readonly recordsPackets?: boolean;
  /** Milliseconds that `finalize` may take, more than 0; 10,000 without it. A run that is aborted waits no longer than it always did. */
  readonly finalizeLimitMs?: number;
};
export type ExporterDefinition<Config = any> = Defined<'exporter', ExporterDeps<Config>, Exporter> & {
  readonly config: ConfigSchema<Config>;
  /** What happens when the exporter is slower than the run: `block` (default) or lose the oldest tick, counted. */
  readonly overflow?: 'block' | 'drop-oldest';
};
export type TickSourceDefinition<Config = any> = Defined<'tick-source', TickSourceDeps<Config>, TickSource> & { readonly config: ConfigSchema<Config> };
export type TranslatorDefinition = Defined<'translator', Record<never, never>, Translator>;
export type PluginDefinition = LaneDefinition | ExporterDefinition | TickSourceDefinition | TranslatorDefinition;

/** What a plugin module exports by default. Recognised by brand, so that two copies of core understand each other. */
export interface Plugin {
  readonly [PLUGIN_BRAND]: 1;
  readonly definitions: readonly PluginDefinition[];
}
export const PLUGIN_BRAND: unique symbol = Symbol.for('satsim.plugin') as never;

export const defineLane = <Config>(lane: Omit<LaneDefinition<Config>, 'kind'>): LaneDefinition<Config> => ({ kind: 'lane', ...lane });
export const defineExporter = <Config>(exporter: Omit<ExporterDefinition<Config>, 'kind'>): ExporterDefinition<Config> => ({ kind: 'exporter', ...exporter });
export const defineTickSource = <Config>(source: Omit<TickSourceDefinition<Config>, 'kind'>): TickSourceDefinition<Config> => ({
  kind: 'tick-source',
  ...source,
});
export const defineTranslator = (translator: Omit<TranslatorDefinition, 'kind'>): TranslatorDefinition => ({ kind: 'translator', ...translator });

/** `export default definePlugin(lane, exporter, …)`: must equal what the manifest contributes. */
export function definePlugin(...definitions: readonly PluginDefinition[]): Plugin {
  return { [PLUGIN_BRAND]: 1, definitions };
}
