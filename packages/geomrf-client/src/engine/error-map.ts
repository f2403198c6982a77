import { GeomrfError, isSatsimError, messageOf } from '@satsim/core';
import type { SatsimError } from '@satsim/core';
import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { connectionFailure } from './connection-failure.js';
import type { EngineAccess } from './engine-access.js';

/** Where a call stood when it failed. */
export interface CallContext {
  /** What was being asked of the engine: `opening the scenario`. */
  readonly doing: string;
  readonly engine: EngineAccess;
  readonly scenarioRef?: string | null;
  readonly tickIndex?: number | null;
}

type GeomrfCode = ConstructorParameters<typeof GeomrfError>[0];

const CODES: ReadonlyMap<RpcStatus, GeomrfCode> = new Map([
  [RpcStatus.NOT_FOUND, 'GEOMRF_NOT_FOUND'],
  [RpcStatus.INVALID_ARGUMENT, 'GEOMRF_INVALID_ARGUMENT'],
  [RpcStatus.OUT_OF_RANGE, 'GEOMRF_INVALID_ARGUMENT'],
  [RpcStatus.FAILED_PRECONDITION, 'GEOMRF_FAILED_PRECONDITION'],
  [RpcStatus.UNIMPLEMENTED, 'GEOMRF_FAILED_PRECONDITION'],
  [RpcStatus.RESOURCE_EXHAUSTED, 'GEOMRF_RESOURCE_EXHAUSTED'],
  [RpcStatus.UNAUTHENTICATED, 'GEOMRF_UNAUTHENTICATED'],
  [RpcStatus.PERMISSION_DENIED, 'GEOMRF_UNAUTHENTICATED'],
  [RpcStatus.UNAVAILABLE, 'GEOMRF_UNAVAILABLE'],
  [RpcStatus.CANCELLED, 'GEOMRF_UNAVAILABLE'],
  [RpcStatus.ABORTED, 'GEOMRF_UNAVAILABLE'],
  [RpcStatus.DEADLINE_EXCEEDED, 'GEOMRF_DEADLINE_EXCEEDED'],
]);

type Hint = string | ((engine: EngineAccess) => string);

const HINTS: Partial<Record<GeomrfCode, Hint>> = {
  GEOMRF_NOT_FOUND: 'the scenario was closed, or the engine was started anew',
  GEOMRF_INVALID_ARGUMENT: 'change the scenario; the path in the message is that of the ScenarioSpec',
  GEOMRF_FAILED_PRECONDITION: 'use an engine that speaks schema version 1',
  GEOMRF_RESOURCE_EXHAUSTED: "make the scenario smaller, or raise the engine's limits",
  GEOMRF_UNAUTHENTICATED: ({ token }) =>
    token === undefined
      ? 'name the file with its token as geomrf.token_file'
      : 'the file that geomrf.token_file names holds another token than that of the engine',
  GEOMRF_UNAVAILABLE: ({ embedded, tls }) => {
    if (embedded) return 'the engine of this run ended early: please report it';
    const also =
      tls === undefined
        ? ', and without TLS? If it has a certificate, say geomrf.tls'
        : tls.cert === undefined
          ? '?'
          : ', and does it trust geomrf.tls.cert_file?';
    return `is an engine running there (\`satsim engine serve\`)${also}`;
  },
  GEOMRF_DEADLINE_EXCEEDED: 'the engine may be overloaded: make the scenario smaller, or try again',
};

/** What the engine said, in satsim's terms. Errors of satsim itself pass unchanged. */
export function toGeomrfError(error: unknown, context: CallContext): SatsimError {
  if (isSatsimError(error)) return error;
  const { doing, engine, scenarioRef = null, tickIndex = null } = context;
  const code = (error instanceof RpcError ? CODES.get(error.code) : undefined) ?? 'GEOMRF_INTERNAL';
  const known = code === 'GEOMRF_UNAVAILABLE' ? connectionFailure(messageOf(error)) : null;
  const hint = known?.hint ?? HINTS[code];
  return new GeomrfError(code, `engine at ${engine.target}, ${doing}: ${known?.message ?? messageOf(error)}`, {
    cause: error,
    hint: typeof hint === 'function' ? hint(engine) : hint,
    scenarioRef,
    tickIndex,
  });
}

/** Whether the same call may succeed when made again. Limits are never retried: they don't go away by themselves. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return error.code === RpcStatus.DEADLINE_EXCEEDED || (error.code === RpcStatus.UNAVAILABLE && connectionFailure(error.message) === null);
}
