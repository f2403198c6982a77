import { expect, test } from 'vitest';
import { type Clock, OfflinePacer, RealtimePacer } from './pacer.js';

class FakeClock implements Clock {
  nowMs = 1_000;
  onSleep: () => void = () => {};
  now(): number {
    return this.nowMs;
  }
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.nowMs += ms;
    this.onSleep();
  }
}

function pacer(onLate: 'wait' | 'skip') {
  const clock = new FakeClock();
  const warnings: string[] = [];
  const logger = { debug() {}, info() {}, error() {}, warn: (_: object, message: string) => void warnings.push(message) };
  return { clock, warnings, pacer: new RealtimePacer({ dtMs: 100, tickCount: 50, onLate, logger, clock }) };
}
const { signal } = new AbortController();

test('offline: every tick at once, without drift', async () => {
  expect(await new OfflinePacer().pace()).toEqual({ action: 'deliver', driftMs: null });
});

test('realtime: tick k goes out k·dt after tick 0 was in force', async () => {
  const { clock, pacer: p, warnings } = pacer('wait');
  expect(await p.pace(0, signal)).toEqual({ action: 'deliver', driftMs: 0 });
  const first = p.pace(1, signal);
  clock.nowMs += 250;
  p.begin();
  expect(await first).toEqual({ action: 'deliver', driftMs: 0 });
  const times = [clock.nowMs];
  for (let k = 2; k < 5; k += 1) {
    clock.nowMs += 30;
    expect(await p.pace(k, signal)).toEqual({ action: 'deliver', driftMs: 0 });
    times.push(clock.nowMs);
  }
  expect(times).toEqual([1350, 1450, 1550, 1650]);
  expect(warnings).toEqual([]);
});

test('an abort ends the wait for tick 0 with its reason', async () => {
  const { pacer: p } = pacer('wait');
  const reason = new Error('enough');
  const controller = new AbortController();
  await p.pace(0, controller.signal);
  const waiting = p.pace(1, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('at ten times the speed a tick takes a tenth of its time', async () => {
  const clock = new FakeClock();
  const p = new RealtimePacer({ dtMs: 100, tickCount: 50, speed: 10, onLate: 'wait', logger: { debug() {}, info() {}, error() {}, warn() {} }, clock });
  p.begin();
  for (let k = 0; k < 4; k += 1) expect(await p.pace(k, signal)).toEqual({ action: 'deliver', driftMs: 0 });
  expect(clock.nowMs).toBe(1_030);
});

test('wait: a late tick goes out at once, none is skipped; one warning beyond a tick, then at each doubling', async () => {
  const { clock, pacer: p, warnings } = pacer('wait');
  p.begin();
  for (let k = 0; k < 20; k += 1) {
    expect((await p.pace(k, signal)).action).toBe('deliver');
    clock.nowMs += 150;
  }
  // The drift grows by 50 ms a tick, up to 950 ms: more than 100, 200, 400 and 800.
  expect(warnings).toHaveLength(4);
  expect(warnings[0]).toContain('0.150 s behind');
  expect(warnings[0]).toContain('no tick is skipped');
});

test('skip: ticks whose time is over are skipped, but never the last one', async () => {
  const { clock, pacer: p } = pacer('skip');
  await p.pace(0, signal);
  p.begin();
  clock.nowMs += 350;
  const actions = [];
  for (let k = 1; k < 5; k += 1) actions.push((await p.pace(k, signal)).action);
  expect(actions).toEqual(['skip', 'skip', 'deliver', 'deliver']);
  clock.nowMs += 1_000_000;
  expect((await p.pace(49, signal)).action).toBe('deliver');
});

test('a pause is no drift, also one that falls into the wait for a tick', async () => {
  const { clock, pacer: p } = pacer('wait');
  await p.pace(0, signal);
  p.begin();
  clock.nowMs += 5_000;
  p.shift(5_000);
  expect(await p.pace(1, signal)).toEqual({ action: 'deliver', driftMs: 0 });
  clock.onSleep = () => {
    clock.onSleep = () => {};
    p.shift(700);
  };
  const before = clock.nowMs;
  await p.pace(2, signal);
  expect(clock.nowMs - before).toBe(800);
});

test('an abort ends the wait with its reason', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const real = new RealtimePacer({ dtMs: 60_000, tickCount: 9, onLate: 'wait', logger });
  await real.pace(0, controller.signal);
  real.begin();
  const waiting = real.pace(1, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
