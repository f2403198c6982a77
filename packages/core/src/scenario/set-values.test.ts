import { describe, expect, it } from 'vitest';
import { faultLines, loadText, VALID } from './load-files.test-helper.js';

const set = (...assignments: string[]) => loadText(VALID, { set: assignments });

describe('--set', () => {
  it('sets fields, items and whole maps, the value read as YAML, in order', async () => {
    const { scenario, faults } = await set(
      'seed=7',
      'ground[1].id=sg',
      'traffic[0].to=sg',
      'execution.record_trace=false',
      'links={ gsl: { policy: max_snr } }',
      'links.gsl.min_elevation_deg=25',
      'seed=8',
    );
    expect(faults).toEqual([]);
    expect(scenario).toMatchObject({
      seed: 8,
      ground: [{ id: 'oslo' }, { id: 'sg' }],
      execution: { record_trace: false },
      links: { gsl: { policy: 'max_snr', min_elevation_deg: 25 } },
    });
  });

  it('takes t1 back when it sets the duration', async () => {
    expect((await set('time.duration=5s')).scenario?.time.t1).toBe('2026-11-20T00:00:05.000Z');
  });

  it('keeps what follows the first = as it is', async () => {
    expect((await set('assertions=[{ flow: os-sg, quantity: availability, op: "==", value: 1 }]')).scenario?.assertions[0]?.op).toBe('==');
  });

  it.each([
    ['seed', ':  `seed` does not name a field'],
    ['=3', ':  `=3` does not name a field'],
    ['a..b=1', ':  `a..b=1` does not name a field'],
    ['ground[2].id=x', ': ground[2].id: `ground` has no item 2; it has 2, counted from 0'],
    ['time[0]=x', ': time[0]: `time` is not a list'],
    ['ground.id=x', ': ground.id: `ground` is not a map'],
    ['name.x=1', ': name.x: `name` is not a map'],
    ['seed={', ': seed: this is not valid YAML'],
    ['include=x.yaml', ': include: `include` cannot be set'],
    ['seed=-3', ': seed: must be at least 0, found -3'],
    ['sead=3', ': sead: unknown key `sead`'],
    ['time.dt=0s', ': time.dt: must be more than 0'],
    ['links.isl.seam=.nan', ': links.isl.seam: a number must be finite'],
  ])('%s is a fault whose file is --set', async (assignment, expected) => {
    const lines = faultLines(await set(assignment));
    expect(lines).toEqual([expect.stringContaining(`--set${expected.replace(':  ', ': : ')}`)]);
  });
});
