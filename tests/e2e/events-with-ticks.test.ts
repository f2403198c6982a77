import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { enginesBehind } from './engine-behind.js';
import { iridium, root, until, workplace } from './satsim.js';
import type { FinishedRun } from './satsim.js';

const place = workplace();
const { engineBehind, stop } = enginesBehind();
afterAll(async () => {
  await place.killAll();
  await stop();
  place.remove();
});

const eventsOf = ({ runDir }: FinishedRun): string => readFileSync(join(runDir, 'results/events.jsonl'), 'utf8');
const example = (name: string): string => `${root}/examples/${name}.satsim.yaml`;
const starlinkSets = join(root, '../shared/data/starlink-2024-10-21.tle');
const realSets = `name: real
time: { t0: "2024-10-21T04:39:00Z", duration: 60s, dt: 1s }
constellation: [{ elements: { file: ${starlinkSets}, limit: 1500 } }]
ground: [{ cities: { top: 5 } }]
links: { isl: { pattern: plus_grid }, gsl: { min_elevation_deg: 25, policy: scheduled, handover_outage: 1500ms } }
traffic: [{ id: a, from: shanghai, to: mumbai }]
`;

describe('a run whose engine sends events with the ticks', () => {
  it.each([
    ['Iridium', [iridium]],
    ['outages at handovers, every fifteen seconds', [example('starlink-handover-bursts'), '--t1', '2026-11-20T00:01:00Z']],
    ['a failed plane', [example('failed-plane')]],
    ['rain', [example('rain-front-gateway')]],
    ['all that is visible', [example('starlink-shell1'), '--t1', '2026-11-20T00:00:20Z', '--set', 'links.gsl.policy=all_visible']],
  ])('has the events, the trace and the results of one that asks for them apart: %s', { timeout: 90_000 }, async (_what, args) => {
    await expectSame(args);
  });

  it('has them of real element sets, too', { timeout: 120_000 }, async ({ skip }) => {
    if (!existsSync(starlinkSets) && !process.env['CI']) skip('the shared data folder does not lie beside the checkout');
    await expectSame([place.write('real.satsim.yaml', realSets)]);
  });

  it('asks for them once, and loses and doubles none when the connection breaks', { timeout: 60_000 }, async () => {
    const args = [example('starlink-shell1'), '--t1', '2026-11-20T00:00:30Z'];
    const { target, asked, apart } = await engineBehind({ breaks: [11n] });
    const broken = await place.run(...args, '--set', `geomrf.grpc_target=${target}`);
    const [first, second, ...more] = asked;
    expect([first!.includeEvents, second!.includeEvents, more.length, apart()]).toEqual([true, true, 0, 0]);
    expect(second!.resumeFromTick).toBeGreaterThan(0n);
    expect(eventsOf(broken)).toBe(eventsOf(await place.run(...args)));
  });
});

describe('a run that is stopped', () => {
  it('has the events of all its ticks, and no others', { timeout: 60_000 }, async () => {
    const args = [example('starlink-shell1'), '--set', 'time.dt=100ms'];
    const started = place.runs();
    const process = place.start('run', ...args, '--set', 'time.mode=realtime', '--format', 'json');
    await until(() => place.runs().some((id) => !started.includes(id) && written(id) > 20_000));
    process.kill('SIGINT');
    const { stdout, exitCode } = await process;
    expect(exitCode).toBe(130);
    const stopped = JSON.parse(stdout) as FinishedRun;
    const whole = await place.run(...args, '--t1', new Date(Date.parse('2026-11-20T00:00:00Z') + 100 * stopped.ticks).toISOString());
    expect(whole.ticks).toBe(stopped.ticks);
    expect(eventsOf(stopped)).toBe(eventsOf(whole));
  });
});

function written(runId: string): number {
  return statSync(join(place.dir, 'artifacts/runs', runId, 'results/events.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}

async function expectSame(args: readonly string[]): Promise<void> {
  const { target, asked, apart } = await engineBehind({ hide: ['includeEvents'] });
  const before = await place.run(...args, '--set', `geomrf.grpc_target=${target}`);
  expect([asked.map(({ includeEvents }) => includeEvents), apart()]).toEqual([[false], 1]);
  const now = await place.run(...args);
  expect(eventsOf(before).split('\n').length).toBeGreaterThan(10);
  expect(eventsOf(now)).toBe(eventsOf(before));
  expect(now.traceSha256).toBe(before.traceSha256);
  expect(now.flows).toEqual(before.flows);
}
