import { durationMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, ScenarioError, faultAt } from '@satsim/core';
import type { Capabilities, VersionInfo } from '@satsim/geomrf-proto';
import type { SessionOptions } from './engine-session.js';

/** The major version of the schema that this client speaks. */
const SCHEMA_MAJOR = '1';

type EngineNeeds = Pick<SessionOptions, 'dtMs' | 'spec' | 'locate'> & { readonly target: string };

/** @throws GeomrfError GEOMRF_FAILED_PRECONDITION when the engine speaks another schema */
export function checkVersion({ engineVersion, schemaVersion }: VersionInfo, target: string): void {
  if (schemaVersion.split('.')[0] === SCHEMA_MAJOR) return;
  throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine ${engineVersion} at ${target} speaks schema version ${schemaVersion || '(unknown)'}`, {
    hint: `this satsim speaks ${SCHEMA_MAJOR}.x: use matching versions of engine and satsim`,
  });
}

/**
 * Limits of 0, or none, are no limits.
 * @throws ScenarioError when the engine can't do the scenario's `time.dt`; GeomrfError GEOMRF_RESOURCE_EXHAUSTED for too many nodes
 */
export function checkCapabilities({ minDt, maxDt, maxNodes }: Capabilities, { dtMs, spec, locate, target }: EngineNeeds): void {
  const tooShort = minDt !== undefined && dtMs < durationMs(minDt);
  const tooLong = maxDt !== undefined && durationMs(maxDt) > 0 && dtMs > durationMs(maxDt);
  if (tooShort || tooLong) {
    const bound = tooShort ? `not shorter than ${durationMs(minDt)} ms` : `not longer than ${durationMs(maxDt!)} ms`;
    throw new ScenarioError([faultAt(locate, ['time', 'dt'], `${dtMs} ms: the engine at ${target} takes ticks ${bound}`)]);
  }
  if (maxNodes > 0 && spec.nodes.length > maxNodes) {
    throw new GeomrfError('GEOMRF_RESOURCE_EXHAUSTED', `the scenario has ${spec.nodes.length} nodes; the engine at ${target} takes up to ${maxNodes}`, {
      hint: "select fewer satellites or sites, or raise the engine's limits",
    });
  }
}
