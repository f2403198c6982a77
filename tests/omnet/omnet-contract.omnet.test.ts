import { describe } from 'vitest';
import { simulatorContract } from '../real/simulator-contract.js';
import { needOmnet } from './need-omnet.js';

describe('the contract of lanes, over OMNeT++ itself', async () => {
  await simulatorContract('omnet', 'satsim', needOmnet);
});
