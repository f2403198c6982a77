import type { RunProgress } from '@satsim/core';

/** One line: how far, the sim time, how fast, how late, and how the lanes are. */
export function describeProgress(progress: RunProgress): string {
  const { state, ticks, tickCount, simTimeMs, speedUp, driftMs, lanes } = progress;
  const share = tickCount === 0 ? 0 : Math.floor((100 * ticks) / tickCount);
  return [
    `${state} ${String(share).padStart(3)} %`,
    `${ticks}/${tickCount} ticks`,
    new Date(simTimeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    `${formatSpeedUp(speedUp)} × real time`,
    ...(driftMs === null ? [] : [`drift ${Math.round(driftMs)} ms`]),
    ...lanes.map((lane) => `${lane.name} ${lane.state} (${lane.ticks})`),
  ].join(' · ');
}

function formatSpeedUp(factor: number): string {
  return factor >= 10 ? factor.toFixed(0) : factor.toFixed(1);
}
