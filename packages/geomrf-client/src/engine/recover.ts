import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import type { ScenarioRef } from '@satsim/geomrf-proto';
import type { Backoff } from './backoff.js';
import type { EngineSession } from './engine-session.js';
import { isTransient, toGeomrfError } from './error-map.js';

export interface BrokenCall {
  /** What was being asked of the engine: `streaming tick 7`. */
  readonly doing: string;
  /** The reference that the call was made with. */
  readonly ref: ScenarioRef;
  readonly tickIndex?: number;
}

/**
 * Makes the session ready for another attempt: waits, and opens the scenario again in an engine that has forgotten it.
 *
 * @throws GeomrfError when there is no going on, the signal's reason when aborted
 */
export async function recover(session: EngineSession, backoff: Backoff, error: unknown, { doing, ref, tickIndex }: BrokenCall): Promise<void> {
  session.signal.throwIfAborted();
  const failure = toGeomrfError(error, { doing, engine: session.access, scenarioRef: ref.scenarioId, tickIndex: tickIndex ?? null });
  // It had opened the scenario: it was started anew since, or has closed what nobody seemed to use.
  const forgotten = error instanceof RpcError && error.code === RpcStatus.NOT_FOUND;
  if (!(isTransient(error) || forgotten) || !backoff.fail()) throw failure;
  session.logger.warn({ error: failure.message, ...(tickIndex === undefined ? {} : { tick: tickIndex }) }, `engine: ${doing} failed; going on`);
  await backoff.wait(session.signal);
  if (forgotten) await session.reopen(ref);
}
