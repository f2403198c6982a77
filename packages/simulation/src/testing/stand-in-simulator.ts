import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfflineSimulator, SimulationJob } from '../offline/offline-lane.js';
import { APPLIED_HEADER, COUNTERS_HEADER } from '../results/read-applied.js';
import { SAMPLES_HEADER } from '../results/read-samples.js';
import { type LinkRow, readTrace } from './read-trace.js';

/** Plays the traces as far as links go, without packets: for machines that don't have the simulator. */
export function standInSimulator(lane: string): OfflineSimulator {
  return {
    prepare: async () => {},
    async run({ links, routes, results, ticks, reportTick }: SimulationJob, signal) {
      signal.throwIfAborted();
      const rows = readTrace(lane, { links, routes });
      const state = new Map<number, LinkRow>();
      const played = rows.links.filter(({ tick }) => tick < ticks);
      for (const row of played) {
        if (row.state === null) state.delete(row.link);
        else state.set(row.link, row);
      }
      const applied = [...state.values()].map((row) => [reportTick, row.link, row.up ? 1 : 0, row.state!.delayS, row.state!.rateBps, row.state!.loss]);
      const counters = [
        ['link_rows', played.length],
        ['route_rows', rows.routes.filter(({ tick }) => tick < ticks).length],
      ];
      writeFileSync(join(results, 'applied.csv'), csv(APPLIED_HEADER, applied));
      writeFileSync(join(results, 'counters.csv'), csv(COUNTERS_HEADER, counters));
      writeFileSync(join(results, 'samples.csv'), csv(SAMPLES_HEADER, []));
      return { simulator: 'stand-in' };
    },
  };
}

function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join('');
}
