import { defineLane, definePlugin } from '@satsim/core';
import { configSchema, type FlowConfig } from './config.js';
import { FlowLane, LANE } from './flow-lane.js';
import { remarks } from './remarks.js';

export default definePlugin(defineLane<FlowConfig>({ name: LANE, config: configSchema, create: (deps) => new FlowLane(deps), remarks }));
