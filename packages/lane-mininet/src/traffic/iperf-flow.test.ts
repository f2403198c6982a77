import { type Flow, flowDemand, type ProcessOptions, type ProcessResult, type RunningProcess } from '@satsim/core';
import { TEST_RUN } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import { IperfFlow } from './iperf-flow.js';
import type { NodePrograms } from './node-programs.js';
import type { Measured } from './running-flow.js';

interface Program {
  readonly args: readonly string[];
  readonly say: (line: string) => void;
  readonly end: (stderrTail: string) => void;
}

/** A pair of iperf3 whose output the test writes itself; by the clock of the test. */
function sending(change: object) {
  const flow = { id: 'f', from: 'a', to: 'b', kind: 'udp', packet_bytes: 1500, ...change } as unknown as Flow;
  const plan = new NetworkPlan(
    ['a', 'b'].map((id) => ({ id, role: 'user_terminal', relay: false })),
    configSchema.parse({}).topo,
    'run',
  );
  const started: Program[] = [];
  const programs = {
    start(_node: unknown, _command: string, args: readonly string[], { onLine }: ProcessOptions): RunningProcess {
      const { promise: done, resolve } = Promise.withResolvers<ProcessResult>();
      const end = (stderrTail: string): void => resolve({ exitCode: 1, signal: null, stdout: '', stderrTail });
      started.push({ args, say: (line) => onLine!(line, 'stdout'), end });
      return { pid: 1, done, write: async () => undefined, closeInput: () => undefined, stop: () => (end(''), done) };
    },
  } as unknown as NodePrograms;
  const told: Measured[] = [];
  const logger = { warn: vi.fn<() => void>() } as never;
  const [from, to] = [plan.node('a'), plan.node('b')];
  const write = (_wallMs: number, measured: Measured): void => void told.push(measured);
  const running = new IperfFlow({ flow, demand: flowDemand(flow, TEST_RUN), from, to, port: 5201, programs, write, logger });
  return { running, started, told };
}

describe('a pair of iperf3', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
  afterEach(() => void vi.useRealTimers());

  test('begins anew when nothing is heard of it', async () => {
    const { started } = sending({ rate_mbps: 1 });
    await vi.advanceTimersByTimeAsync(14_900);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(started).toHaveLength(2);
  });

  test('of a flow with a datagram in a minute is heard once a minute, and has the time for it', async () => {
    const { running, started, told } = sending({ rate_mbps: 0.0002 });
    started[0]!.say('Server listening on 5201');
    expect(started[0]!.args.join(' ')).toContain('--interval 60 ');
    await vi.advanceTimersByTimeAsync(61_000);
    running.poll();
    started[0]!.say('[  5]   0.00-60.00  sec  1.44 KBytes  0.20 Kbits/sec  0.312 ms  0/1 (0%)  ');
    await vi.advanceTimersByTimeAsync(300_000);
    expect([started.length, told.map(({ lossPct }) => lossPct)]).toEqual([2, [0]]);
  });

  test.each([
    'iperf3: error - unable to receive parameters from client: ',
    'iperf3: error - unable to send parameters to server: Connection reset by peer',
    'iperf3: error - unable to connect to server: No route to host',
  ])('tries again after what the network did: %s', async (words) => {
    const { running, started } = sending({ rate_mbps: 1 });
    started[0]!.end(words);
    await vi.advanceTimersByTimeAsync(1_100);
    running.poll();
    expect(started).toHaveLength(2);
    await running.end();
  });

  test.each([
    'iperf3: parameter error - block size too large (maximum = 1048576 bytes)',
    "iperf3: unrecognized option '--frob'",
    'iperf3: error - unable to set TCP_CONGESTION: Supplied congestion control algorithm not supported on this host',
    'nsenter: failed to execute iperf3: No such file or directory',
  ])('fails its flow for what no change of the network will end, at its end too: %s', async (words) => {
    const { running, started } = sending({ rate_mbps: 1 });
    started[0]!.end(words);
    await vi.advanceTimersByTimeAsync(1);
    expect(() => running.poll()).toThrow(`flow f: ${words}`);
    await expect(running.end()).rejects.toThrow(words);
  });
});
