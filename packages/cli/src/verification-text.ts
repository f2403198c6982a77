import { describeDivergence } from '@satsim/replay';
import type { PairVerification, Verification } from '@satsim/replay';
import { placeOf } from './place-of.js';

/** @param sure whether all was looked at */
export function describeRun({ runId, runDir, ok, files, ticks, traceSha256, divergence, notComputed, problems, notes }: Verification, sure: boolean): string {
  const { identical, recorded, planned } = ticks;
  return [
    `${runId} ${ok ? `verified${sure ? '' : ' as far as that is possible here'}` : 'NOT VERIFIED'}`,
    `files  ${files === null ? 'not checked' : `${files.checked - files.changed.length} of ${files.checked} are as they were`} (${placeOf(runDir)})`,
    `ticks  ${recorded === 0 ? 'none that could be computed again' : `${identical} of ${recorded} recorded are computed the same again${notComputed ? ', no more are computed' : ''}`}${recorded < planned ? `, of ${planned} planned` : ''}`,
    ...(divergence === null ? [] : [`part   ${describeDivergence(divergence)}`]),
    `trace  ${traceSha256.recorded === null ? 'has no hash' : `sha256 ${traceSha256.recorded}`}`,
    ...problems.map((problem) => `wrong  ${problem}`),
    ...notes.map((note) => `note   ${note}`),
  ].join('\n');
}

export function describePair({ runs, ok, identical, divergence, problems, notes }: PairVerification): string {
  return [
    `${runs.join(' and ')} ${ok ? 'have the same ticks' : 'DIFFER'}`,
    `ticks  ${identical} are identical from the first on`,
    ...(divergence === null ? [] : [`part   ${describeDivergence(divergence, runs)}`]),
    ...problems.map((problem) => `wrong  ${problem}`),
    ...notes.map((note) => `note   ${note}`),
  ].join('\n');
}
