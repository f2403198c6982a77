import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadEvent {
  readonly ph: string;
  readonly name: string;
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Reads as viewers do: one event after the other, until the array or the file ends; an event that is cut off is left out. */
export function readTrace(text: string): ReadEvent[] {
  if (!text.startsWith('[\n')) throw new Error('not an array');
  const events: ReadEvent[] = [];
  for (const line of text.slice(2).split('\n')) {
    if (line === ']') return events;
    try {
      events.push(JSON.parse(line.replace(/,$/, '')) as ReadEvent);
    } catch (error) {
      if (text.endsWith(line)) return events;
      throw error;
    }
  }
  return events;
}

/** Events other than metadata by the name of their row. */
export function byRow(events: readonly ReadEvent[]): Map<string, ReadEvent[]> {
  const names = new Map(events.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args.name as string]));
  return Map.groupBy(
    events.filter(({ ph }) => ph !== 'M'),
    ({ ph, tid }) => (ph === 'C' ? 'counters' : names.get(tid)!),
  );
}

/** Pairs of slices of one row that overlap, which no viewer can draw. */
export function overlaps(events: readonly ReadEvent[]): [ReadEvent, ReadEvent][] {
  return [...byRow(events).values()].flatMap((row) => {
    const slices = row.filter(({ ph }) => ph === 'X').toSorted((a, b) => a.ts - b.ts);
    return slices.slice(1).flatMap((slice, i) => (slice.ts < slices[i]!.ts + slices[i]!.dur! ? [[slices[i]!, slice] as [ReadEvent, ReadEvent]] : []));
  });
}

/** The one run below a working directory; `null` while there is none. */
export function runDirOf(dir: string): string | null {
  const runs = join(dir, 'artifacts/runs');
  const [id] = existsSync(runs) ? readdirSync(runs) : [];
  return id === undefined ? null : join(runs, id);
}
