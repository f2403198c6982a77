import { describe } from 'vitest';
import { lacksNs3 } from './ns3/machine.js';
import { simulatorContract } from './simulator-contract.js';

describe.skipIf(lacksNs3())('the contract of lanes, over ns-3 itself', async () => {
  await simulatorContract('ns3', 'satsim-ns3', () => {});
});
