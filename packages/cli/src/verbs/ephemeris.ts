import type { NodeState } from '@satsim/core';
import { queryEphemeris } from '@satsim/geomrf-client';
import { Option } from 'commander';
import type { Command } from 'commander';
import { addQueryOptions, askAt } from '../engine-query.js';
import type { QueryVerbOptions } from '../engine-query.js';
import { tell } from '../output.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';

/** Fixed: others read this format. */
const HEADER = ['id', 'x_km', 'y_km', 'z_km', 'vx_km_s', 'vy_km_s', 'vz_km_s'];

export function define(command: Command): void {
  addQueryOptions(command)
    .addOption(new Option('--frame <frame>', 'Earth-fixed, or the inertial frame of SGP4').choices(['ecef', 'teme']).default('ecef'))
    .addHelpText(
      'after',
      example(
        'satsim ephemeris examples/iridium.satsim.yaml --at 2026-11-20T00:00:00Z',
        'satsim ephemeris examples/iridium.satsim.yaml --at 2026-11-20T00:00:00Z --frame teme --format json',
      ),
    )
    .action(ephemeris);
}

async function ephemeris(file: string, options: QueryVerbOptions & { readonly frame: 'ecef' | 'teme' }): Promise<void> {
  const { states, failures } = await askAt(file, options, (scenario, query) => queryEphemeris(scenario, { ...query, frame: options.frame }));
  for (const { id, reason } of failures) await tell(`warning: ${id} has no position: ${reason}`);
  await printRows(states.map(rowOf), HEADER, options.format);
}

function rowOf({ id, positionKm: [x, y, z], velocityKmS: [vx, vy, vz] }: NodeState): Row {
  return { id, x_km: x, y_km: y, z_km: z, vx_km_s: vx, vy_km_s: vy, vz_km_s: vz };
}
