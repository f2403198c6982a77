import type { LaneSummary, RunProgress } from '@satsim/core';

/**
 * One line: how far, the sim time, times real time, how late, and how far each lane is. Short enough for 80 columns with one lane.
 */
export function describeProgress({ state, ticks, tickCount, simTimeMs, speedUp, driftMs, lanes }: RunProgress): string {
  return [
    state,
    `tick ${ticks}/${tickCount}`,
    new Date(simTimeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    `${formatSpeedUp(speedUp)}×`,
    ...(driftMs === null ? [] : [`drift ${Math.round(driftMs)} ms`]),
    ...lanes.map(describeLane),
  ].join(' · ');
}

function describeLane({ name, state, ticks }: LaneSummary): string {
  return `${name} ${state === 'running' ? ticks : state}`;
}

function formatSpeedUp(factor: number): string {
  return factor >= 10 ? factor.toFixed(0) : factor.toFixed(1);
}
