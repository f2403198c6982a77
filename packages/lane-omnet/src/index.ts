import { defineLane, definePlugin } from '@satsim/core';
import { OfflineLane } from '@satsim/simulation';
import { check } from './check.js';
import { configSchema, type OmnetConfig } from './config.js';
import { LANE, OmnetSimulator } from './omnet-simulator.js';
import { remarks } from './remarks.js';
import { missingFor } from './toolchain/toolchain.js';

export default definePlugin(
  defineLane<OmnetConfig>({
    name: LANE,
    config: configSchema,
    create: (deps) => new OfflineLane(LANE, deps, new OmnetSimulator(deps)),
    missing: missingFor,
    remarks,
    check,
  }),
);
