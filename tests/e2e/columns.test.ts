import { afterAll, describe, expect, it } from 'vitest';
import { enginesBehind } from './engine-behind.js';
import { iridium, root, workplace } from './satsim.js';

const place = workplace();
const { engineBehind, stop } = enginesBehind();
afterAll(async () => {
  await stop();
  place.remove();
});

describe('columns and messages', () => {
  const starlink = `${root}/examples/starlink-shell1.satsim.yaml`;

  it.each([
    ['a short run of every tick of Iridium', [iridium, '--t1', '2026-11-20T00:02:00Z']],
    ['one with many links that come and go', [starlink, '--t1', '2026-11-20T00:01:00Z', '--set', 'links.gsl.policy=all_visible']],
    ['one where every change is told', [starlink, '--t1', '2026-11-20T00:01:00Z', '--set', 'links.thresholds.delay_ms=0', '--set', 'time.dt=5s']],
  ])('give the same trace and the same results: %s', { timeout: 60_000 }, async (_what, args) => {
    const { target, asked } = await engineBehind({ hide: ['columns'] });
    const plain = await place.run(...args, '--set', `geomrf.grpc_target=${target}`);
    const packed = await place.run(...args);
    expect(asked).toMatchObject([{ columns: false }]);
    expect(packed.traceSha256).toBe(plain.traceSha256);
    expect(packed.flows).toEqual(plain.flows);
  });

  it('a stream of columns that breaks and goes on is the one that it would have been', { timeout: 60_000 }, async () => {
    const { target, asked } = await engineBehind({ breaks: [7n, 19n] });
    const args = [starlink, '--t1', '2026-11-20T00:00:30Z'];
    const broken = await place.run(...args, '--set', `geomrf.grpc_target=${target}`);
    // What was on its way when it broke is sent again.
    const [first, second, third, ...more] = asked.map(({ resumeFromTick }) => Number(resumeFromTick));
    expect([first, more.length]).toEqual([0, 0]);
    expect(second).toBeGreaterThan(0);
    expect(third).toBeGreaterThan(second!);
    expect(asked.every(({ columns }) => columns)).toBe(true);
    expect(broken.traceSha256).toBe((await place.run(...args)).traceSha256);
  });

  it('tell the same of links at an instant, budgets too', async () => {
    const { target } = await engineBehind({ hide: ['columns'] });
    const links = async (...more: string[]) =>
      JSON.parse(await place.output('links', iridium, '--at', '2026-11-20T00:05:00Z', '--format', 'json', ...more)) as unknown[];
    const packed = await links();
    expect(packed.length).toBeGreaterThan(200);
    expect(packed).toEqual(await links('--set', `geomrf.grpc_target=${target}`));
  });
});
