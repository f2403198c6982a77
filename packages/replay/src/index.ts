import { definePlugin } from '@satsim/core';
import { replaySource } from './source/replay-source.js';

export default definePlugin(replaySource);
export { replayedScenario, type Part } from './replayed-scenario.js';
export { extentOf } from './source/extent.js';
export { type Recording, recordingAt } from './source/recording.js';
export type { Window } from './source/window.js';
export type { Compared } from './verify/compare-ticks.js';
export { describeDivergence, type Divergence } from './verify/divergence.js';
export { receivedTicks, type ReceivedTicks } from './verify/received-ticks.js';
export { judgeReplay } from './verify/judge-replay.js';
export { type PairVerification, verifyPair } from './verify/verify-pair.js';
export { type Verification, type VerifyOptions, verifyRun } from './verify/verify-run.js';
