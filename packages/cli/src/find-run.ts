export { findRun } from '@satsim/core/records';

/** How verbs call it in their help. */
export const A_RUN = 'run id, the beginning of one, or the folder of a run';
