import type { ExporterDeps } from '../contract/exporter.js';
import type { LaneDeps } from '../contract/lane.js';
import type { TickSourceDeps } from '../contract/tick-source.js';
import type { Translator } from '../contract/translator.js';
import type { ExporterContractOptions, ExporterSubject } from './exporter-subject.js';
import type { LaneContractOptions, LaneSubject } from './lane-subject.js';
import type { TickSourceContractOptions, TickSourceSubject } from './tick-source-subject.js';
import type { TranslatorContractOptions } from './translator-subject.js';

/**
 * The kit's eyes and hands on a lane. Plugins export theirs as `harnesses` from `./harness`; see {@link PluginHarness}.
 * What it can't do is skipped with the reason, and so never passed.
 */
export interface LaneHarness<Subject extends LaneSubject = LaneSubject, Config = unknown> extends Omit<
  LaneContractOptions<Subject>,
  'determinism' | 'limitMs'
> {
  readonly kind: 'lane';
  /** As in the manifest. */
  readonly name: string;
  /** The lane's block as a scenario would have it; parsed by the plugin's own schema. `{}` by default. */
  readonly config?: unknown;
  /** Sequences that the property tier tries; 100 by default, fewer where a lane builds something slow. */
  readonly propertyRuns?: number;
  /** Makes a fresh lane, for example over a fake tool; by default as a run does. `deps.config` is parsed. */
  readonly create?: (deps: LaneDeps<Config>) => Subject | Promise<Subject>;
}

/** As {@link LaneHarness}, for an exporter. */
export interface ExporterHarness<Subject extends ExporterSubject = ExporterSubject, Config = unknown> extends Omit<
  ExporterContractOptions<Subject>,
  'determinism'
> {
  readonly kind: 'exporter';
  readonly name: string;
  readonly config?: unknown;
  readonly create?: (deps: ExporterDeps<Config>) => Subject | Promise<Subject>;
}

/** Inputs for a translator, good and faulty. */
export interface TranslatorHarness extends TranslatorContractOptions {
  readonly kind: 'translator';
  readonly name: string;
  readonly create?: () => Translator;
}

/** As {@link LaneHarness}, for a tick source. */
export interface TickSourceHarness<Subject extends TickSourceSubject = TickSourceSubject, Config = unknown> extends Omit<
  TickSourceContractOptions<Subject>,
  'determinism' | 'limitMs'
> {
  readonly kind: 'tick-source';
  readonly name: string;
  readonly config?: unknown;
  readonly create?: (deps: TickSourceDeps<Config>) => Subject | Promise<Subject>;
}

/**
 * One for each contribution of a package, as the named export `harnesses` of its `./harness`. It is plain data and functions:
 * imported by the contract kit and `satsim plugins check`, never by a run.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- each harness has a subject of its own
export type PluginHarness = LaneHarness<any, any> | ExporterHarness<any, any> | TickSourceHarness<any, any> | TranslatorHarness;
