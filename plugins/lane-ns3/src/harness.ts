import type { PluginHarness } from '@satsim/core/testing';
import { OfflineLane } from '@satsim/simulation';
import { offlineHarness, standInSimulator } from '@satsim/simulation/testing';
import type { Ns3Config } from './config.js';
import { LANE, Ns3Simulator } from './ns3-simulator.js';
import { findNs3 } from './ns3-tools.js';

const isThere = await findNs3().then(
  () => true,
  () => false,
);

/** Over ns-3 where it is; elsewhere over something that plays the traces as far as links go. */
export const harnesses: readonly PluginHarness[] = [
  offlineHarness<Ns3Config>({
    name: LANE,
    create: (deps) => new OfflineLane(LANE, deps, isThere ? new Ns3Simulator(deps) : standInSimulator(LANE)),
    // Each sequence is up to eight runs of the program.
    propertyRuns: isThere ? 12 : 100,
  }),
];
