import { expect, it } from 'vitest';
import { describeOmnet, PAIR_ROUTES, play } from '../omnet.test-helper.js';

const GOOD = '0,0.000,0,1,0.010000000,1000000,0.000000000';

describeOmnet('a trace that is not right is refused, with file and line', { timeout: 120_000 }, () => {
  it.each([
    ['an unknown link', '1,1.000,2,1,0.01,1000000,0.0', 'links.trace:3: link 2 is not in the network, which has 2'],
    ['a tick that goes back', '1,1.000,0,1,0.01,1000000,0.0|0,2.000,0,1,0.01,1000000,0.0', 'links.trace:4: tick 0 comes after tick 1'],
    ['a time that stands still', '1,0.000,0,1,0.01,1000000,0.0', 'links.trace:3: t_s does not fit'],
    ['two times of one tick', '0,0.500,1,1,0.01,1000000,0.0', 'links.trace:3: t_s does not fit'],
    ['a link twice in a tick', '0,0.000,0,1,0.01,1000000,0.0', 'links.trace:3: link 0 has two rows in tick 0'],
    ['up with rate 0', '1,1.000,0,1,0.01,0,0.0', 'links.trace:3: link 0 is up with rate 0'],
    ['up without a state', '1,1.000,0,1,,,', 'links.trace:3: a link that leaves has up 0 and nothing more'],
    ['half a state', '1,1.000,0,0,,1000000,', 'links.trace:3: a link that leaves has up 0 and nothing more'],
    ['neither up nor down', '1,1.000,0,2,0.01,1000000,0.0', 'links.trace:3: up is neither 0 nor 1: 2'],
    ['a delay below 0', '1,1.000,0,1,-0.01,1000000,0.0', 'links.trace:3: a delay or a rate is below 0'],
    ['a loss above 1', '1,1.000,0,1,0.01,1000000,1.000000001', 'links.trace:3: loss is a share, 0 to 1'],
    ['no number', '1,1.000,0,1,fast,1000000,0.0', 'links.trace:3: delay_s is not a number with up to 9 decimals: fast'],
    ['an exponent', '1,1.000,0,1,1e-3,1000000,0.0', 'links.trace:3: delay_s is not a number with up to 9 decimals: 1e-3'],
    ['a rate with decimals', '1,1.000,0,1,0.01,1000.5,0.0', 'links.trace:3: rate_bps is not a whole number: 1000.5'],
    ['a field too few', '1,1.000,0,1,0.01,1000000', 'links.trace:3: loss is missing'],
    ['a field too many', '1,1.000,0,1,0.01,1000000,0.0,7', 'links.trace:3: there is more than the header names: 7'],
    ['a line without an end', '1,1.000,0,1\\', 'links.trace:3: the line has no end: the file is cut off'],
    ['an empty line', '', 'links.trace:3: tick is not a whole number'],
  ])('%s', async (_, rows, message) => {
    await expect(play({ links: [GOOD, ...rows.split('|')] })).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringMatching(new RegExp(`exit code 1\\).*${message.replaceAll(/[.()]/g, '\\$&')}`, 's')),
    });
  });

  it.each([
    ['an unknown node', '1,1.000,2,1,0', 'routes.trace:4: node 2 is not in the network, which has 2'],
    ['an unknown link', '1,1.000,0,1,-2', 'routes.trace:4: link -2 is not in the network'],
    ['the route of a link that leaves another node', '0,0.000,0,1,1', 'the route to node 1 says link 1, which leaves another node'],
  ])('routes with %s', async (_, row, message) => {
    const flows = [{ id: 'p', from: 'a', to: 'b' }];
    await expect(play({ links: [GOOD, '0,0.000,1,1,0.01,1000000,0.0'], routes: [...PAIR_ROUTES, row], flows })).rejects.toThrow(message);
  });

  it('another header', async () => {
    await expect(play({ links: [], routes: [] }).then(async () => play({ links: [GOOD], routes: ['#\\'] }))).rejects.toThrow(
      /routes\.trace:2: the line has no end/,
    );
  });
});
