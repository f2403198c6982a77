import { afterAll, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { expectAgreement } from '../real/agreement.js';
import { need } from '../real/prerequisites.js';
import { needOmnet } from './need-omnet.js';

const place = workplace();
afterAll(place.remove);

it('OMNeT++ and the flow lane agree on Iridium', { timeout: 180_000 }, async (context) => {
  needOmnet(context);
  await expectAgreement(['omnet'], place);
});

it('OMNeT++, ns-3 and the flow lane agree on Iridium, in one run', { timeout: 180_000 }, async (context) => {
  needOmnet(context);
  need(context, { programs: ['g++', 'pkg-config'], accepts: ['pkg-config', '--atleast-version=3.37', 'ns3-core', 'ns3-flow-monitor'] });
  await expectAgreement(['ns3', 'omnet'], place);
});
