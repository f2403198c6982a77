import { defineLane, definePlugin } from '@satsim/core';
import { configSchema } from './config.js';
import { MininetLane } from './mininet-lane.js';

export default definePlugin(defineLane({ name: 'mininet', config: configSchema, create: (deps) => new MininetLane(deps) }));
