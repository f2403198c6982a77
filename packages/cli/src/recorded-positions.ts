import type { Logger } from '@satsim/core';
import type { AskPositions } from '@satsim/report';
import { interruptible } from './interrupts.js';

/** Who has no log file hears of nothing: the report itself says why it has no positions. */
const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Work that may ask the embedded engine where the nodes of recorded runs were. It is started at the first question, and gone
 * when this resolves.
 * @throws SatsimError INTERRUPTED, and what the work throws
 */
export function withRecordedPositions<Result>(work: (ask: AskPositions) => Promise<Result>): Promise<Result> {
  return interruptible(async (signal) => {
    let engine: { readonly target: string; stop(): Promise<void> } | null = null;
    const ask: AskPositions = async function* (spec, grid) {
      const { recordedPositions } = await import('@satsim/geomrf-client');
      engine ??= await (await import('@satsim/geomrf-engine')).startEmbeddedEngine(signal);
      yield* recordedPositions(spec, { ...grid, target: engine.target, signal, logger: SILENT });
    };
    try {
      return await work(ask);
    } finally {
      await (engine as { stop(): Promise<void> } | null)?.stop();
    }
  });
}
