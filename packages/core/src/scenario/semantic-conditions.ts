import { durationMs, type Scenario } from '../contract/scenario.js';
import type { FieldPath } from '../contract/tick-source.js';
import type { Finding } from './located.js';
import type { Sound } from './semantic.js';
import { endMs } from './timebase.js';

/** Faults of what changes with time or direction: waypoints, elevation masks, schedules, weather, declared faults. */
export function conditionFindings(scenario: Scenario, sound: Sound): Finding[] {
  return [
    ...(scenario.ground ?? []).flatMap((item, index) => [
      ...('waypoints' in item ? notAscending(item.waypoints, ['ground', index, 'waypoints']) : []),
      ...('elevation_mask' in item ? maskFindings(item.elevation_mask ?? [], ['ground', index, 'elevation_mask']) : []),
    ]),
    ...scheduleFindings(scenario),
    ...(scenario.weather ?? []).flatMap((item, index) => [
      ...('series' in item ? notAscending(item.series, ['weather', index, 'series']) : []),
      ...('process' in item && durationMs(item.process.correlation_time) === 0
        ? [{ path: ['weather', index, 'process', 'correlation_time'], message: 'must be more than 0' }]
        : []),
    ]),
    ...faultFindings(scenario, sound),
  ];
}

function notAscending(samples: readonly { readonly at: string }[], path: FieldPath): Finding[] {
  return samples.flatMap(({ at }, index) => {
    const before = samples[index - 1]?.at;
    const here = [...path, index, 'at'];
    if (before === undefined || durationMs(at) > durationMs(before)) return notWhole(at, here);
    return [{ path: here, message: `must be after the one before it (${before}), found ${at}` }];
  });
}

function notWhole(text: string | undefined, path: FieldPath): Finding[] {
  if (text === undefined || Number.isInteger(durationMs(text))) return [];
  return [{ path, message: `must be a whole number of milliseconds, found ${text}` }];
}

function maskFindings(mask: readonly (readonly [number, number])[], path: FieldPath): Finding[] {
  return mask.flatMap(([azimuth], index) => {
    const before = mask[index - 1]?.[0];
    if (before === undefined || azimuth > before) return [];
    return [{ path: [...path, index, 0], message: `azimuths must ascend: ${azimuth} stands after ${before}` }];
  });
}

function scheduleFindings({ links }: Scenario): Finding[] {
  const schedule = links?.gsl?.schedule;
  if (schedule === undefined) return [];
  const path: FieldPath = ['links', 'gsl', 'schedule'];
  return [
    ...(['period', 'offset'] as const).flatMap((key) => notWhole(schedule[key], [...path, key])),
    ...(durationMs(schedule.period) === 0 ? [{ path: [...path, 'period'], message: 'must be more than 0' }] : []),
  ];
}

function faultFindings({ faults = [], time }: Scenario, sound: Sound): Finding[] {
  const end = endMs(time);
  const span = end - Date.parse(time.t0);
  const spanMs = sound('time') && span > 0 ? span : Number.POSITIVE_INFINITY;
  return faults.flatMap(({ at, for: length, node, link, effect }, index) => {
    const path: FieldPath = ['faults', index];
    const found: Finding[] = [...notWhole(at, [...path, 'at']), ...notWhole(length, [...path, 'for'])];
    if (sound(...path, 'node') && sound(...path, 'link')) {
      if (node === undefined && link === undefined) found.push({ path, message: 'does not say what fails', hint: 'name a `node`, or a `link` as [a, b]' });
      if (node !== undefined && link !== undefined) found.push({ path: [...path, 'link'], message: 'stands beside node', hint: 'write two faults' });
    }
    if (link !== undefined && link[0] === link[1])
      found.push({ path: [...path, 'link'], message: `a link needs two different ends, found \`${link[0]}\` twice` });
    if (durationMs(at) >= spanMs) found.push({ path: [...path, 'at'], message: `must be before the end of the run (${spanMs / 1000} s), found ${at}` });
    if (length !== undefined && durationMs(length) === 0)
      found.push({ path: [...path, 'for'], message: 'must be more than 0', hint: 'leave it out for a fault that lasts' });
    if (effect !== undefined && sound(...path, 'effect') && Object.keys(effect).length === 0)
      found.push({
        path: [...path, 'effect'],
        message: 'says nothing',
        hint: 'leave it out for a fault that takes the link down; else loss_pct, capacity_mbps or delay_ms',
      });
    return found;
  });
}
