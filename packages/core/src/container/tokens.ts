import type { EngineHost, FieldLocator } from '../contract/tick-source.js';
import type { NetworkNode, ScenarioInput } from '../contract/network.js';
import type { LaneDeps } from '../contract/lane.js';
import type { ResultsSink } from '../contract/results.js';
import type { Scenario } from '../contract/scenario.js';
import type { ArtifactArea, Logger, ProcessRunner, RunInfo } from '../contract/services.js';
import type { ExporterDeps } from '../contract/exporter.js';
import { token } from './token.js';

/** What every plugin of a run shares: provided by the run's scope. */
export const RUN = token<RunInfo>('run');
export const SCENARIO = token<Scenario>('scenario');
export const NODES = token<readonly NetworkNode[]>('nodes');
export const PROCESSES = token<ProcessRunner>('processes');

/** What belongs to one plugin of a run: provided by a scope of its own below the run's. */
export const CONFIG = token<unknown>('config');
export const LOGGER = token<Logger>('logger');
export const ARTIFACTS = token<ArtifactArea>('artifacts');
export const RESULTS = token<ResultsSink>('results');
export const REPORT = token<LaneDeps['report']>('report');
export const EPHEMERIS = token<ExporterDeps['ephemeris']>('ephemeris');
export const BASE_DIR = token<string>('baseDir');
export const INPUTS = token<readonly ScenarioInput[]>('inputs');
export const LOCATE = token<FieldLocator>('locate');
export const ENGINE = token<EngineHost>('engine');
