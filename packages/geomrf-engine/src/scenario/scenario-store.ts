import { randomUUID } from 'node:crypto';
import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import type { ScenarioRef, ScenarioSpec } from '@satsim/geomrf-proto';
import { LIMITS } from '../limits.js';
import { specSha256 } from './canonical-json.js';
import { compileScenario } from './compiled.js';
import type { CompiledScenario } from './compiled.js';
import { validateSpec } from './validate.js';

export interface StoredScenario {
  readonly ref: ScenarioRef;
  readonly sha256: string;
  readonly compiled: CompiledScenario;
  /** Aborts when the scenario is closed. */
  readonly closed: AbortSignal;
}

/** The scenarios that an engine holds between CreateScenario and CloseScenario. */
export class ScenarioStore {
  readonly #scenarios = new Map<string, StoredScenario & { readonly close: () => void; readonly idempotencyKey: string }>();
  readonly #byKey = new Map<string, string>();

  /** @throws RpcError INVALID_ARGUMENT (all faults, a line each), RESOURCE_EXHAUSTED */
  create(spec: ScenarioSpec | undefined, idempotencyKey: string): StoredScenario {
    if (spec === undefined) throw new RpcError(RpcStatus.INVALID_ARGUMENT, 'spec: is missing');
    const sha256 = specSha256OrFault(spec);
    const known = this.#scenarios.get(this.#byKey.get(idempotencyKey) ?? '');
    if (idempotencyKey !== '' && known !== undefined) {
      if (known.sha256 === sha256) return known;
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `idempotency_key: '${idempotencyKey}' belongs to another specification`);
    }
    if (spec.nodes.length > LIMITS.maxNodes)
      throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `nodes: ${spec.nodes.length} are more than this engine takes, ${LIMITS.maxNodes}`);
    if (this.#scenarios.size >= LIMITS.maxScenarios) throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, `${LIMITS.maxScenarios} scenarios are open: close one`);
    const faults = validateSpec(spec);
    if (faults.any) throw new RpcError(RpcStatus.INVALID_ARGUMENT, faults.toString());

    const abort = new AbortController();
    const id = randomUUID();
    const stored = {
      ref: { $typeName: 'geomrf.v1.ScenarioRef' as const, scenarioId: id },
      sha256,
      compiled: compileScenario(spec),
      closed: abort.signal,
      close: () => abort.abort(),
      idempotencyKey,
    };
    this.#scenarios.set(id, stored);
    if (idempotencyKey !== '') this.#byKey.set(idempotencyKey, id);
    return stored;
  }

  /** @throws RpcError NOT_FOUND */
  get(ref: ScenarioRef | undefined): StoredScenario {
    const stored = this.#scenarios.get(ref?.scenarioId ?? '');
    if (stored === undefined) throw new RpcError(RpcStatus.NOT_FOUND, `scenario_ref: there is no scenario '${ref?.scenarioId ?? ''}' (any more)`);
    return stored;
  }

  /** @throws RpcError NOT_FOUND */
  close(ref: ScenarioRef | undefined): void {
    const { ref: own } = this.get(ref);
    const stored = this.#scenarios.get(own.scenarioId)!;
    this.#scenarios.delete(own.scenarioId);
    this.#byKey.delete(stored.idempotencyKey);
    stored.close();
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
