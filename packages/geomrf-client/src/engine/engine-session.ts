import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { GeomrfError } from '@satsim/core';
import type { FieldLocator, Logger } from '@satsim/core';
import { GeomRfEngine, RpcError, RpcStatus, createClient } from '@satsim/geomrf-proto';
import type {
  Capabilities,
  CreateScenarioResponse,
  GeomRfMethods,
  ScenarioRef,
  ScenarioSpec,
  ServiceClient,
  UnaryOptions,
  VersionInfo,
} from '@satsim/geomrf-proto';
import { Backoff } from './backoff.js';
import type { BackoffOptions } from './backoff.js';
import { checkCapabilities, checkVersion } from './check-engine.js';
import type { EngineAccess } from './engine-access.js';
import { isTransient, toGeomrfError } from './error-map.js';

const QUICK_CALL_MS = 10_000;
/** A large specification takes seconds to send and check. */
const CREATE_MS = 120_000;
/** A call that has failed for so long is not made again: nobody waits for several times a time limit. */
const PATIENCE_MS = 10_000;
/** Nobody waits long for an engine that is being left. */
const CLOSE_MS = 3_000;

export interface SessionOptions {
  readonly access: EngineAccess;
  readonly spec: ScenarioSpec;
  readonly dtMs: number;
  readonly locate: FieldLocator;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
}

/** One scenario opened in one engine. Everything that streams goes through here, and `close` ends it all. */
export class EngineSession {
  readonly access: EngineAccess;
  readonly version: VersionInfo;
  readonly capabilities: Capabilities;
  readonly client: ServiceClient<GeomRfMethods>;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  /** Aborts with the caller's signal, and when the session is closed. */
  readonly signal: AbortSignal;
  readonly #spec: ScenarioSpec;
  readonly #closing: AbortController;
  readonly #idempotencyKey: string;
  #created: CreateScenarioResponse;
  #closed: Promise<void> | null = null;
  #reopening: Promise<void> | null = null;

  /**
   * Connects, checks version and capabilities, and opens the scenario; leaves nothing behind when it throws.
   *
   * @throws GeomrfError; ScenarioError when the engine can't do the scenario's `time.dt`; the signal's reason when aborted
   */
  static async open(options: SessionOptions): Promise<EngineSession> {
    const { access, spec, signal } = options;
    const { target } = access;
    const closing = new AbortController();
    const both = AbortSignal.any([signal, closing.signal]);
    const client = createClient(GeomRfEngine, target, access);
    const caller = { access, signal: both, backoff: options.backoff, logger: options.logger };
    try {
      const version = await retried(caller, 'asking for its version', QUICK_CALL_MS, (call) => client.getVersion({}, call));
      checkVersion(version, target);
      const capabilities = await retried(caller, 'asking for its capabilities', QUICK_CALL_MS, (call) => client.getCapabilities({}, call));
      checkCapabilities(capabilities, { ...options, target });
      const idempotencyKey = randomUUID();
      const created = await retried(caller, 'opening the scenario', CREATE_MS, (call) => createOrUndo(client, { spec, idempotencyKey }, call));
      return new EngineSession({ ...caller, client, version, capabilities, spec, closing, idempotencyKey, created });
    } catch (error) {
      client.close();
      throw error;
    }
  }

  private constructor(parts: {
    access: EngineAccess;
    client: ServiceClient<GeomRfMethods>;
    version: VersionInfo;
    capabilities: Capabilities;
    spec: ScenarioSpec;
    closing: AbortController;
    signal: AbortSignal;
    backoff: BackoffOptions;
    logger: Logger;
    idempotencyKey: string;
    created: CreateScenarioResponse;
  }) {
    this.access = parts.access;
    this.client = parts.client;
    this.version = parts.version;
    this.capabilities = parts.capabilities;
    this.signal = parts.signal;
    this.backoff = parts.backoff;
    this.logger = parts.logger;
    this.#spec = parts.spec;
    this.#closing = parts.closing;
    this.#idempotencyKey = parts.idempotencyKey;
    this.#created = parts.created;
  }

  get target(): string {
    return this.access.target;
  }

  get scenarioRef(): ScenarioRef {
    const ref = this.#created.scenarioRef;
    if (ref === undefined) throw new GeomrfError('GEOMRF_INTERNAL', `engine at ${this.target} opened the scenario without a reference`);
    return ref;
  }

  get specSha256(): string {
    return this.#created.specSha256;
  }

  get warnings(): readonly string[] {
    return this.#created.warnings;
  }

  /** Closed on purpose, so that what fails now is no failure. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Opens the scenario anew after a restart of the engine. It has to be the same engine and the same specification:
   * otherwise what was received before and what comes now would not be one run. Streams that find out at the same time
   * share one new scenario.
   *
   * @param lost the reference that the engine does not know any more
   */
  reopen(lost: ScenarioRef): Promise<void> {
    if (lost.scenarioId !== this.scenarioRef.scenarioId) return Promise.resolve();
    this.#reopening ??= this.#reopen().finally(() => (this.#reopening = null));
    return this.#reopening;
  }

  async #reopen(): Promise<void> {
    const version = await retried(this, 'asking for its version', QUICK_CALL_MS, (call) => this.client.getVersion({}, call));
    const before = `${this.version.engineVersion} ${this.version.gitSha}`;
    const now = `${version.engineVersion} ${version.gitSha}`;
    if (now !== before) {
      throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine at ${this.target} came back as version ${now}, not ${before}: the run can't go on with it`, {
        scenarioRef: this.scenarioRef.scenarioId,
      });
    }
    const request = { spec: this.#spec, idempotencyKey: this.#idempotencyKey };
    const created = await retried(this, 'opening the scenario again', CREATE_MS, (call) => createOrUndo(this.client, request, call));
    const { specSha256 } = this;
    this.#created = created;
    if (created.specSha256 !== specSha256) {
      throw new GeomrfError('GEOMRF_FAILED_PRECONDITION', `engine at ${this.target} reads the specification differently after its restart`);
    }
  }

  /** Ends all streams and closes the scenario on the engine's side; never rejects, bounded in time, may be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#reopening?.catch(() => undefined);
    const scenarioRef = this.#created.scenarioRef;
    try {
      if (scenarioRef !== undefined) await this.client.closeScenario({ scenarioRef }, { timeoutMs: CLOSE_MS });
    } catch (error) {
      // An engine that is gone has closed it too.
      const gone = error instanceof RpcError && (error.code === RpcStatus.NOT_FOUND || error.code === RpcStatus.UNAVAILABLE);
      if (!gone) this.logger.warn({ error: String(error), scenarioRef: scenarioRef?.scenarioId }, 'the engine did not close the scenario');
    } finally {
      this.client.close();
    }
  }
}

interface Caller {
  readonly access: EngineAccess;
  readonly signal: AbortSignal;
  readonly backoff: BackoffOptions;
  readonly logger: Logger;
}

/** One unary call that may be repeated. */
async function retried<T>(
  { access, signal, backoff, logger }: Caller,
  doing: string,
  timeoutMs: number,
  call: (options: UnaryOptions) => Promise<T>,
): Promise<T> {
  const attempts = new Backoff(backoff);
  const started = performance.now();
  for (;;) {
    try {
      return await call({ signal, timeoutMs });
    } catch (error) {
      signal.throwIfAborted();
      const tired = performance.now() - started >= PATIENCE_MS;
      if (!isTransient(error) || tired || !attempts.fail()) throw toGeomrfError(error, { doing, engine: access });
      logger.warn({ target: access.target, error: (error as Error).message }, `engine: ${doing} failed; trying again`);
      await attempts.wait(signal);
    }
  }
}

/** A call that is cancelled may still have opened the scenario, and nobody would know its reference: it is closed again. */
async function createOrUndo(
  client: ServiceClient<GeomRfMethods>,
  request: { spec: ScenarioSpec; idempotencyKey: string },
  { signal, timeoutMs }: UnaryOptions,
) {
  const creating = client.createScenario(request, { timeoutMs });
  const aborted = new AbortController();
  const abort = once(signal!, 'abort', { signal: aborted.signal }).then(
    () => null,
    () => null,
  );
  try {
    const created = await Promise.race([creating, abort]);
    if (created !== null) return created;
    const undone = creating.then(({ scenarioRef }) => client.closeScenario({ scenarioRef: scenarioRef! }, { timeoutMs: CLOSE_MS }));
    await Promise.race([undone, sleep(CLOSE_MS)]).catch(() => undefined);
    throw signal!.reason;
  } finally {
    aborted.abort();
  }
}
