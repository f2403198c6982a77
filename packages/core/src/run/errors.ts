import { isSatsimError, LaneError, messageOf, SatsimError } from '../errors.js';

/** What a lane threw, as an error that names the lane and the tick; what a lane error says already is kept. */
export function laneError(lane: string, doing: string, error: unknown, tickIndex: number | null): LaneError {
  const cause = isSatsimError(error) ? error : undefined;
  const where = tickIndex === null ? `${doing}` : `${doing} ${tickIndex}`;
  return new LaneError(lane, `lane ${lane} failed in ${where}: ${messageOf(error)}`, { cause: error, hint: cause?.hint, tickIndex });
}

export function exporterError(exporter: string, doing: string, error: unknown): SatsimError {
  return new SatsimError('EXPORTER_FAILED', `exporter ${exporter} failed in ${doing}: ${messageOf(error)}`, {
    cause: error,
    hint: isSatsimError(error) ? error.hint : undefined,
  });
}

/** What is not raised on purpose is a defect, ours or a plugin's. */
export function asSatsimError(error: unknown): SatsimError {
  return isSatsimError(error) ? error : new SatsimError('INTERNAL', messageOf(error), { cause: error, hint: 'logs/run.jsonl has the stack' });
}
