import { afterAll, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { expectAgreement } from './agreement.js';
import { need } from './prerequisites.js';

const place = workplace();
afterAll(place.remove);

it('ns-3 and the flow lane agree on Iridium', { timeout: 180_000 }, async (context) => {
  need(context, { programs: ['g++', 'pkg-config'], accepts: ['sh', '-c', 'pkg-config --list-all | grep -q ns3'] });
  await expectAgreement(['ns3'], place);
});
