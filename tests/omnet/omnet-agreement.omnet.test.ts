import { afterAll, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { expectAgreement } from '../real/agreement.js';
import { needOmnet } from './need-omnet.js';

const place = workplace();
afterAll(place.remove);

it('OMNeT++ and the flow lane agree on Iridium', { timeout: 180_000 }, async (context) => {
  needOmnet(context);
  await expectAgreement('omnet', place);
});
