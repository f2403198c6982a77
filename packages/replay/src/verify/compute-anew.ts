import { isSatsimError } from '@satsim/core';
import type { ErrorCode, SatsimError, TickStream, TickUpdate, TraceHeader } from '@satsim/core';

/** Ticks of a run, computed anew as far as that goes. */
export interface Anew {
  readonly ticks: AsyncIterable<TickUpdate>;
  /** Why they ended early; `null` when nothing failed. */
  readonly failure: SatsimError | null;
}

/** What does not speak of the run: somebody wants an end, or satsim has a defect. */
const NOT_OF_THE_RUN: ReadonlySet<ErrorCode> = new Set(['INTERRUPTED', 'INTERNAL']);

/** @param compute called when the first tick is asked for */
export function computeAnew(compute: () => Promise<TickStream>, header: TraceHeader, notes: string[]): Anew {
  let failure: SatsimError | null = null;
  async function* ticks(): AsyncGenerator<TickUpdate> {
    try {
      const stream = await compute();
      try {
        const { engineVersion, specSha256 } = stream.info;
        if (engineVersion !== header.engineVersion) notes.push(`the engine was ${header.engineVersion}, now it is ${engineVersion}`);
        if (specSha256 !== header.specSha256) notes.push('the specification that the scenario is compiled to is another one now');
        yield* stream.ticks;
      } finally {
        await stream.close();
      }
    } catch (error) {
      if (!isSatsimError(error) || NOT_OF_THE_RUN.has(error.code)) throw error;
      failure = error;
    }
  }
  return {
    ticks: { [Symbol.asyncIterator]: ticks },
    get failure() {
      return failure;
    },
  };
}
