import { SatsimError, timebase } from '@satsim/core';
import { queryCoverage } from '@satsim/geomrf-client';
import type { SiteCoverage } from '@satsim/geomrf-client';
import type { Command } from 'commander';
import { addSpanOptions, askOver, lengthOf } from '../engine-query.js';
import type { SpanVerbOptions } from '../engine-query.js';
import { printJson } from '../output.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';

const HEADER = ['site', 'covered_pct', 'usable_pct', 'visible_min', 'visible_mean', 'visible_max', 'gaps', 'longest_gap_s'];

interface CoverageVerbOptions extends SpanVerbOptions {
  readonly step: string;
}

export function define(command: Command): void {
  addSpanOptions(command)
    .option('--step <duration>', 'how often to look', '10s')
    .addHelpText(
      'after',
      '\nCovered: a satellite is above the mask. Usable: one is linked, with both directions up. JSON has when the gaps are, to a step.\n' +
        example('satsim coverage examples/iridium.satsim.yaml', 'satsim coverage examples/iridium.satsim.yaml --duration 24h --step 1m --format json'),
    )
    .action(coverage);
}

async function coverage(file: string, options: CoverageVerbOptions): Promise<void> {
  const stepMs = lengthOf('--step', options.step);
  const found = await askOver(file, options, async (scenario, query) => {
    const { t0Ms } = timebase(scenario);
    if (query.fromMs > t0Ms && (query.fromMs - t0Ms) % stepMs !== 0) {
      const nextMs = t0Ms + Math.ceil((query.fromMs - t0Ms) / stepMs) * stepMs;
      throw new SatsimError('USAGE', `--start is not a whole number of steps of ${options.step} after the scenario's t0, ${new Date(t0Ms).toISOString()}`, {
        hint: `The next that is: --start ${new Date(nextMs).toISOString()}`,
      });
    }
    const sites = await queryCoverage(scenario, { ...query, stepMs });
    return sites.map((site) => ({ ...site, fromMs: query.fromMs }));
  });
  if (options.format === 'json') return printJson(found.map(({ fromMs, ...site }) => ({ ...rowOf(site), gap_times: gapTimes(site, fromMs) })));
  await printRows(found.map(rowOf), HEADER, options.format);
}

/** UTC. */
function gapTimes({ gaps }: SiteCoverage, startMs: number): readonly { readonly start: string; readonly end: string }[] {
  const time = (ms: number): string => new Date(startMs + ms).toISOString();
  return gaps.map(({ fromMs, toMs }) => ({ start: time(fromMs), end: time(toMs) }));
}

function rowOf({ site, covered, usable, visible, gaps }: SiteCoverage): Row {
  return {
    site,
    covered_pct: covered * 100,
    usable_pct: usable * 100,
    visible_min: visible.min,
    visible_mean: visible.mean,
    visible_max: visible.max,
    gaps: gaps.length,
    longest_gap_s: Math.max(0, ...gaps.map(({ fromMs, toMs }) => toMs - fromMs)) / 1e3,
  };
}
