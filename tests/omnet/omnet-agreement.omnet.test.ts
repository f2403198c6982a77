import { afterAll, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { expectAgreement } from '../real/agreement.js';
import { need } from '../real/prerequisites.js';

const place = workplace();
afterAll(place.remove);

it('OMNeT++ and the flow lane agree on Iridium', { timeout: 180_000 }, async (context) => {
  need(context, { programs: ['opp_run', 'g++', 'make'] });
  await expectAgreement('omnet', place);
});
