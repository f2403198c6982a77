import { SatsimError } from '@satsim/core';
import { queryPasses } from '@satsim/geomrf-client';
import type { Pass } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { addSpanOptions, askOver } from '../engine-query.js';
import type { SpanVerbOptions } from '../engine-query.js';
import { tell } from '../output.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';

const HEADER = [
  'sat',
  'rise',
  'culmination',
  'set',
  'duration_s',
  'max_elevation_deg',
  'rise_azimuth_deg',
  'culmination_azimuth_deg',
  'set_azimuth_deg',
  'cut',
];

interface PassesVerbOptions extends SpanVerbOptions {
  readonly from: string;
  readonly sat?: string;
  readonly minElevation?: string;
}

export function define(command: Command): void {
  addSpanOptions(command.requiredOption('--from <site>', 'the ground node that looks up'))
    .option('--sat <id>', 'only this satellite')
    .option('--min-elevation <degrees>', "least elevation, instead of the scenario's masks")
    .addHelpText(
      'after',
      '\nA pass that is under way at the start or the end of the span is marked as cut there.\n' +
        example(
          'satsim passes examples/iridium.satsim.yaml --from oslo',
          'satsim passes examples/iridium.satsim.yaml --from oslo --sat IR-1-1 --min-elevation 0 --duration 24h --format csv > passes.csv',
        ),
    )
    .action(passes);
}

async function passes(file: string, options: PassesVerbOptions): Promise<void> {
  const minElevationDeg = options.minElevation === undefined ? undefined : degrees(options.minElevation);
  const ask = { site: options.from, satellite: options.sat, minElevationDeg };
  const { passes, failures } = await askOver(file, options, (scenario, query) => queryPasses(scenario, { ...query, ...ask }));
  for (const { id, reason } of failures) await tell(`warning: ${id} has no position for some of the time: ${reason}`);
  await printRows(passes.map(rowOf), HEADER, options.format);
}

function rowOf({ satellite, rise, culmination, set, cutAtStart, cutAtEnd }: Pass): Row {
  return {
    sat: satellite,
    rise: iso(rise.timeMs),
    culmination: iso(culmination.timeMs),
    set: iso(set.timeMs),
    duration_s: (Math.round(set.timeMs) - Math.round(rise.timeMs)) / 1e3,
    max_elevation_deg: culmination.elevationDeg,
    rise_azimuth_deg: rise.azimuthDeg,
    culmination_azimuth_deg: culmination.azimuthDeg,
    set_azimuth_deg: set.azimuthDeg,
    cut: cutAtStart && cutAtEnd ? 'both' : cutAtStart ? 'start' : cutAtEnd ? 'end' : null,
  };
}

const iso = (timeMs: number): string => new Date(Math.round(timeMs)).toISOString();

function degrees(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value < 90) return value;
  throw new SatsimError('USAGE', `--min-elevation ${text} is no elevation`, { hint: 'Write degrees, from 0 to less than 90' });
}
