import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SatsimError } from '@satsim/core';
import type { EngineEvent } from '@satsim/core';
import { z } from 'zod';
import type { Window } from './window.js';

/** Where the exporter jsonl writes them. */
const EVENTS = 'results/events.jsonl';
const BATCH = 256;

const event = z.object({
  tickIndex: z.int().nonnegative(),
  simTimeMs: z.int(),
  seq: z.int(),
  type: z.enum(['link_up', 'link_down', 'handover', 'modcod_change', 'pass_start', 'pass_end']),
  linkId: z.string().nullable(),
  nodeId: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
});

/** The events of a recorded run that belong to a window, numbered like its ticks; `null` when the run kept none. */
export async function recordedEvents(runDir: string, { first, count }: Window): Promise<AsyncIterable<readonly EngineEvent[]> | null> {
  const path = join(runDir, EVENTS);
  if (!(await stat(path).catch(() => null))?.isFile()) return null;
  return {
    async *[Symbol.asyncIterator]() {
      let batch: EngineEvent[] = [];
      let number = 0;
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        number += 1;
        const one = parse(line, path, number);
        if (one.tickIndex < first) continue;
        if (one.tickIndex >= first + count) break;
        batch.push({ ...one, tickIndex: one.tickIndex - first });
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

function parse(line: string, path: string, number: number): EngineEvent {
  try {
    return event.parse(JSON.parse(line));
  } catch (cause) {
    throw new SatsimError('ARTIFACTS', `${path}:${number} is no event`, { cause });
  }
}
