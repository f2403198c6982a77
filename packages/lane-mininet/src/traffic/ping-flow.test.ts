import { type Flow, flowDemand, type ProcessOptions, type ProcessResult, type RunningProcess } from '@satsim/core';
import { TEST_RUN } from '@satsim/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import type { NodePrograms } from './node-programs.js';
import { PingFlow } from './ping-flow.js';
import type { Measured } from './running-flow.js';

const FLOW = { id: 'p', from: 'a', to: 'b', kind: 'ping', every: '100ms', packet_bytes: 84, dscp: 0 } as unknown as Flow;

/** A ping whose output the test writes itself; by the clock of the test. */
function pinging() {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const plan = new NetworkPlan(
    ['a', 'b'].map((id) => ({ id, role: 'user_terminal', relay: false })),
    configSchema.parse({}).topo,
    'run',
  );
  let say: NonNullable<ProcessOptions['onLine']> = () => undefined;
  const stop = vi.fn<() => void>();
  const { promise: done, resolve } = Promise.withResolvers<ProcessResult>();
  const end = (exitCode: number): void => resolve({ exitCode, signal: null, stdout: '', stderrTail: 'unknown host' });
  const programs = {
    start(_node: unknown, _command: string, _args: readonly string[], options: ProcessOptions): RunningProcess {
      say = options.onLine!;
      return { pid: 1, done, write: async () => undefined, closeInput: () => undefined, stop: () => (stop(), end(0), done) };
    },
  } as unknown as NodePrograms;
  const told: (number | null)[] = [];
  const write = (_wallMs: number, { rttMs }: Measured): void => void told.push(rttMs);
  const flow = new PingFlow(FLOW, flowDemand(FLOW, TEST_RUN), plan.node('a'), plan.node('b'), programs, write);
  const answer = (sequence: number, rttMs: number): void =>
    say(`[${(Date.now() / 1000).toFixed(6)}] 64 bytes from 10.0.0.2: icmp_seq=${sequence} ttl=61 time=${rttMs} ms`, 'stdout');
  return { flow, told, stop, answer, end };
}

describe('pings at the end of their flow', () => {
  afterEach(() => void vi.useRealTimers());

  test('answers that are under way are waited for, and no longer than they need', async () => {
    const { flow, told, stop, answer } = pinging();
    await vi.advanceTimersByTimeAsync(50);
    answer(1, 50);
    await vi.advanceTimersByTimeAsync(100);
    // The second request went out 50 ms ago.
    const ended = flow.end(Date.now());
    await vi.advanceTimersByTimeAsync(200);
    expect([told, stop.mock.calls.length]).toEqual([[50], 0]);
    answer(2, 250);
    // The third and fourth were sent too late to count.
    answer(3, 150);
    await vi.advanceTimersByTimeAsync(40);
    await ended;
    expect([told, stop.mock.calls.length]).toEqual([[50, 250], 1]);
  });

  test('one that is never answered is lost, after the three seconds of any other', async () => {
    const { flow, told, stop, answer } = pinging();
    await vi.advanceTimersByTimeAsync(50);
    answer(1, 50);
    await vi.advanceTimersByTimeAsync(100);
    const ended = flow.end(Date.now());
    await vi.advanceTimersByTimeAsync(2_900);
    expect(stop).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    await ended;
    expect(told).toEqual([50, null]);
  });

  test('whoever stops it does not wait, and what was under way is not told as lost', async () => {
    const { flow, told, answer } = pinging();
    await vi.advanceTimersByTimeAsync(50);
    answer(1, 50);
    await vi.advanceTimersByTimeAsync(100);
    const ended = flow.end(Date.now());
    await flow.stop();
    await vi.advanceTimersByTimeAsync(20);
    await ended;
    expect(told).toEqual([50]);
  });

  test('a ping that ends by itself fails its flow, at its end too', async () => {
    const { flow, end } = pinging();
    end(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(() => flow.poll()).toThrow('ping of flow p ended with exit code 2: unknown host');
    await expect(flow.end(Date.now())).rejects.toThrow('ended with exit code 2');
  });
});
