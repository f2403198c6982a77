import { defineLane, definePlugin } from '@satsim/core';
import { configSchema, type __Name__Config } from './config.js';
import { __Name__Lane } from './lane.js';
import { MemoryNetwork } from './network.js';

export default definePlugin(
  defineLane<__Name__Config>({ name: '__name__', config: configSchema, create: (deps) => new __Name__Lane(deps, new MemoryNetwork()) }),
);
