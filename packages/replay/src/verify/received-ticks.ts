import { defineExporter, readTrace } from '@satsim/core';
import type { ExporterDefinition, TickUpdate } from '@satsim/core';
import { z } from 'zod';
import type { Recording } from '../source/recording.js';
import { type Window, windowed } from '../source/window.js';
import { type Compared, TickComparison } from './compare-ticks.js';

/** Takes part in a run as its lanes do, and holds what comes over the bus against the recording. */
export interface ReceivedTicks {
  /** To be put beside the run's exporters. */
  readonly exporter: ExporterDefinition;
  /** After the run. */
  readonly result: () => Compared;
}

/** @throws TraceError, SatsimError ARTIFACTS */
export async function receivedTicks({ trace: { path }, upTo }: Pick<Recording, 'trace' | 'upTo'>, window: Window): Promise<ReceivedTicks> {
  const trace = await readTrace(path, { upTo });
  const comparison = new TickComparison(trace.header);
  const recorded = windowed(trace.ticks, window);
  let result: Compared | null = null;
  return {
    exporter: defineExporter({
      name: 'verify',
      config: z.unknown(),
      create: () => ({
        open: () => Promise.resolve(),
        writeTick: async (tick: TickUpdate) => {
          const { value, done } = await recorded.next();
          if (done === true) comparison.add(null, tick);
          else comparison.add(value, tick);
        },
        close: async () => void (await recorded.return(undefined)),
      }),
    }),
    result: () => (result ??= comparison.result),
  };
}
