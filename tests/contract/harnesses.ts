import type { LaneDeps } from '@satsim/core';
import type { ExporterContractOptions, ExporterSubject, LaneContractOptions, LaneSubject } from '@satsim/core/testing';
import type { FlowLane } from '@satsim/lane-flow';

/** A lane whose results can be made to fail: all that a lane without tools of its own does outside itself. */
export interface TestedLane extends LaneSubject {
  readonly sink: FailingSink;
}

export class FailingSink {
  failsNext = false;
  readonly #results: LaneDeps['results'];

  constructor(results: LaneDeps['results']) {
    this.#results = results;
  }

  write(sample: Parameters<LaneDeps['results']['write']>[0]): void {
    if (this.failsNext) {
      this.failsNext = false;
      throw new Error('the results can not be taken');
    }
    this.#results.write(sample);
  }
}

/** What the contract kit can see of each lane that satsim brings, by name. */
export const LANE_HARNESSES: Readonly<Record<string, LaneContractOptions<TestedLane>>> = {
  flow: {
    observe: ({ lane }) => (lane as FlowLane).links(),
    failNext({ sink }) {
      sink.failsNext = true;
    },
    // It makes nothing outside itself; the links that it holds are to be gone in the end.
    leftovers: ({ lane }) => (lane as FlowLane).links().map(({ linkId }) => linkId),
  },
};

/** How to read back what each exporter that satsim brings has written, by name. */
export const EXPORTER_HARNESSES: Readonly<Record<string, ExporterContractOptions<ExporterSubject>>> = {
  jsonl: {
    readBack: (files) => ({
      results: linesOf(files, 'results/flows.jsonl').map((line) => (JSON.parse(line) as { simTimeMs: number }).simTimeMs),
      events: linesOf(files, 'results/events.jsonl').map((line) => (JSON.parse(line) as { seq: number }).seq),
    }),
  },
  csv: {
    readBack(files) {
      const [header, ...rows] = linesOf(files, 'results/flows.csv').map((line) => line.split(','));
      const column = header!.indexOf('sim_time_unix_ms');
      return { results: rows.map((row) => Number(row[column])) };
    },
  },
};

function linesOf(files: ReadonlyMap<string, Uint8Array>, path: string): string[] {
  return new TextDecoder()
    .decode(files.get(path))
    .split('\n')
    .filter((line) => line !== '');
}
