import { defineLane, definePlugin } from '@satsim/core';
import { OfflineLane } from '@satsim/simulation';
import { check } from './check.js';
import { configSchema, type Ns3Config } from './config.js';
import { LANE, Ns3Simulator } from './ns3-simulator.js';
import { missingNs3 } from './ns3-tools.js';
import { remarks } from './remarks.js';

export default definePlugin(
  defineLane<Ns3Config>({
    name: LANE,
    config: configSchema,
    create: (deps) => new OfflineLane(LANE, deps, new Ns3Simulator(deps)),
    remarks,
    check,
    recordsPackets: true,
    missing: async () => {
      const need = await missingNs3();
      return need === null ? [] : [need];
    },
  }),
);
