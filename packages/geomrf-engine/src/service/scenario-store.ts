import { randomUUID } from 'node:crypto';
import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import type { ScenarioRef, ScenarioSpec } from '@satsim/geomrf-proto';
import type { Limits } from '../limits.js';
import { specSha256 } from '../scenario/canonical-json.js';
import { compileScenario } from '../scenario/compiled.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { validateSpec } from '../scenario/validate.js';

export interface StoredScenario {
  readonly ref: ScenarioRef;
  readonly sha256: string;
  readonly compiled: CompiledScenario;
  /** Aborts when the scenario is closed; the reason is the RpcError that its streams end with. */
  readonly closed: AbortSignal;
}

interface Entry extends StoredScenario {
  readonly close: (reason: RpcError) => void;
  readonly idempotencyKey: string;
  streams: number;
  idle: NodeJS.Timeout | undefined;
}

/**
 * The scenarios that an engine holds between CreateScenario and CloseScenario. One that nobody uses is closed after a
 * while: its client died, and nobody else knows its reference.
 */
export class ScenarioStore {
  readonly #scenarios = new Map<string, Entry>();
  readonly #byKey = new Map<string, string>();
  readonly #limits: Limits;
  readonly #idleMs: number;

  /** @param idleMs how long a scenario is kept without a call or an open stream; `Infinity` for ever */
  constructor(limits: Limits, idleMs: number) {
    this.#limits = limits;
    this.#idleMs = idleMs;
  }

  /** @throws RpcError INVALID_ARGUMENT (all faults, a line each), RESOURCE_EXHAUSTED */
  create(spec: ScenarioSpec | undefined, idempotencyKey: string): StoredScenario {
    if (spec === undefined) throw new RpcError(RpcStatus.INVALID_ARGUMENT, 'spec: is missing');
    const sha256 = specSha256OrFault(spec);
    const known = this.#scenarios.get(this.#byKey.get(idempotencyKey) ?? '');
    if (idempotencyKey !== '' && known !== undefined) {
      if (known.sha256 === sha256) return this.#touched(known);
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `idempotency_key: '${idempotencyKey}' belongs to another specification`);
    }
    const { maxNodes, maxScenarios } = this.#limits;
    if (spec.nodes.length > maxNodes)
      throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `nodes: ${spec.nodes.length} are more than this engine takes, ${maxNodes}`);
    if (this.#scenarios.size >= maxScenarios) throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `${maxScenarios} scenarios are open: close one`);
    const faults = validateSpec(spec);
    if (faults.any) throw new RpcError(RpcStatus.INVALID_ARGUMENT, faults.toString());

    const abort = new AbortController();
    const id = randomUUID();
    const stored: Entry = {
      ref: { $typeName: 'geomrf.v1.ScenarioRef' as const, scenarioId: id },
      sha256,
      compiled: compileScenario(spec),
      closed: abort.signal,
      close: (reason) => abort.abort(reason),
      idempotencyKey,
      streams: 0,
      idle: undefined,
    };
    this.#scenarios.set(id, stored);
    if (idempotencyKey !== '') this.#byKey.set(idempotencyKey, id);
    return this.#touched(stored);
  }

  /** A stream of a scenario, which is in use until the stream ends. @throws RpcError NOT_FOUND, with the first item */
  async *use<T>(ref: ScenarioRef | undefined, stream: (scenario: StoredScenario) => AsyncIterable<T>): AsyncGenerator<T> {
    const stored = this.#get(ref);
    stored.streams++;
    this.#touched(stored);
    try {
      yield* stream(stored);
    } finally {
      stored.streams--;
      this.#touched(stored);
    }
  }

  /** @throws RpcError NOT_FOUND */
  close(ref: ScenarioRef | undefined): void {
    this.#drop(this.#get(ref));
  }

  #get(ref: ScenarioRef | undefined): Entry {
    const stored = this.#scenarios.get(ref?.scenarioId ?? '');
    if (stored === undefined) throw new RpcError(RpcStatus.NOT_FOUND, `scenario_ref: there is no scenario '${ref?.scenarioId ?? ''}' (any more)`);
    return stored;
  }

  /** Ends all streams with UNAVAILABLE. */
  closeAll(): void {
    for (const stored of this.#scenarios.values()) this.#drop(stored, new RpcError(RpcStatus.UNAVAILABLE, 'the engine was stopped'));
  }

  #drop(stored: Entry, reason = new RpcError(RpcStatus.NOT_FOUND, `scenario_ref: '${stored.ref.scenarioId}' was closed`)): void {
    clearTimeout(stored.idle);
    this.#scenarios.delete(stored.ref.scenarioId);
    this.#byKey.delete(stored.idempotencyKey);
    stored.close(reason);
  }

  /** Begins to count the idle time anew, unless a stream is open. */
  #touched(stored: Entry): Entry {
    clearTimeout(stored.idle);
    const counts = stored.streams === 0 && this.#idleMs < Infinity && !stored.closed.aborted;
    stored.idle = counts ? setTimeout(() => this.#drop(stored), this.#idleMs).unref() : undefined;
    return stored;
  }
}

function specSha256OrFault(spec: ScenarioSpec): string {
  try {
    return specSha256(spec);
  } catch (error) {
    // For instance a time out of the range of protobuf's own JSON.
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, `spec: ${error instanceof Error ? error.message : String(error)}`);
  }
}
