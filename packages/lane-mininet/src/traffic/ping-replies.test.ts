import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PingReplies } from './ping-replies.js';

const START_MS = 1_800_000_000_000;
const reply = (sequence: number, atMs: number, rttMs: number): string =>
  `[${(atMs / 1000).toFixed(6)}] 64 bytes from 10.0.0.2: icmp_seq=${sequence % 65_536} ttl=61 time=${rttMs} ms`;

describe('what became of echo requests', () => {
  test('an answer says when its request was sent; other lines say nothing', () => {
    const replies = new PingReplies(1000, START_MS);
    for (const line of ['PING 10.0.0.2 (10.0.0.2) from 10.0.0.1 : 56(84) bytes of data.', 'From 10.0.0.9 icmp_seq=1 Destination Host Unreachable', ''])
      replies.hear(line);
    replies.hear(reply(1, START_MS + 120.5, 100.5));
    expect(replies.take(START_MS + 500)).toEqual([{ sequence: 1, sentAtMs: START_MS + 20, rttMs: 100.5 }]);
    expect(replies.take(START_MS + 500)).toEqual([]);
  });

  test('IPv6 says it with a hop limit in some versions', () => {
    const replies = new PingReplies(1000, START_MS);
    replies.hear(`[${START_MS / 1000 + 0.005}000] 64 bytes from fd5a:7351:0:1::44: icmp_seq=1 hop_limit=60 time=5.16 ms`);
    expect(replies.take(START_MS)).toMatchObject([{ sequence: 1, rttMs: 5.16 }]);
  });

  test('a request is lost when its answer has not come for three seconds, and waits for it until then', () => {
    const replies = new PingReplies(1000, START_MS);
    replies.hear(reply(2, START_MS + 1010, 10));
    expect(replies.take(START_MS + 2999)).toEqual([]);
    expect(replies.take(START_MS + 3000)).toEqual([
      { sequence: 1, sentAtMs: START_MS, rttMs: null },
      { sequence: 2, sentAtMs: START_MS + 1000, rttMs: 10 },
    ]);
  });

  test('at the end, what was sent later than that is not told as lost', () => {
    const replies = new PingReplies(1000, START_MS);
    replies.hear(reply(1, START_MS + 10, 10));
    expect(replies.take(START_MS + 4_100, START_MS + 4_100)).toMatchObject([{ sequence: 1 }, { sequence: 2, rttMs: null }]);
    expect(replies.take(START_MS + 60_000, START_MS + 4_100).map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
  });

  test('at the end all is known when every request that was sent until then has its answer, or has waited for it', () => {
    const replies = new PingReplies(1000, START_MS);
    replies.hear(reply(1, START_MS + 10, 10));
    const lastMs = START_MS + 1_500;
    replies.take(START_MS + 1_600, lastMs);
    expect(replies.settled(lastMs)).toBe(false);
    replies.hear(reply(2, START_MS + 1_900, 900));
    // Of no account: it was sent later.
    replies.hear(reply(3, START_MS + 2_010, 10));
    expect(replies.take(START_MS + 2_100, lastMs)).toMatchObject([{ sequence: 2, rttMs: 900 }]);
    expect(replies.settled(lastMs)).toBe(true);
    expect(replies.take(START_MS + 60_000, lastMs)).toEqual([]);
  });

  test('property: every request is told once, in order, lost or with its time, whatever the order of the answers', () => {
    const fate = fc.record({ lost: fc.boolean(), rttMs: fc.integer({ min: 1, max: 2_500 }), twice: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fate, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 20, max: 1_500 }),
        fc.infiniteStream(fc.boolean()),
        (fates, intervalMs, looks) => {
          const replies = new PingReplies(intervalMs, START_MS);
          const arrivals = fates.flatMap(({ lost, rttMs, twice }, index) => {
            const atMs = START_MS + index * intervalMs + rttMs;
            const line = reply(index + 1, atMs, rttMs);
            return lost ? [] : [{ atMs, line }, ...(twice ? [{ atMs: atMs + 300, line }] : [])];
          });
          const told = arrivals
            .toSorted((a, b) => a.atMs - b.atMs)
            .flatMap(({ atMs, line }) => {
              replies.hear(line);
              return looks.next().value ? replies.take(atMs) : [];
            });
          const lastMs = START_MS + (fates.length - 1) * intervalMs + intervalMs / 2;
          told.push(...replies.take(lastMs + 10_000, lastMs));
          expect(told.map(({ sequence, rttMs }) => ({ sequence, rttMs }))).toEqual(
            fates.map(({ lost, rttMs }, index) => ({ sequence: index + 1, rttMs: lost ? null : rttMs })),
          );
          for (const { sequence, sentAtMs } of told) expect(sentAtMs).toBeCloseTo(START_MS + (sequence - 1) * intervalMs, 0);
        },
      ),
    );
  });

  test('numbers go on after 65,535, which is followed by 0, also where answers are missing', () => {
    const intervalMs = 10;
    const replies = new PingReplies(intervalMs, START_MS);
    const told: number[] = [];
    const lost = new Set([65_534, 65_535, 65_536, 65_537, 65_540]);
    for (let sequence = 1; sequence <= 66_000; sequence += 1) {
      const atMs = START_MS + (sequence - 1) * intervalMs + 5;
      if (!lost.has(sequence)) replies.hear(reply(sequence, atMs, 5));
      if (sequence % 100 === 0) told.push(...replies.take(atMs).map((echo) => (echo.rttMs === null ? -echo.sequence : echo.sequence)));
    }
    told.push(...replies.take(START_MS + 663_000, START_MS + 659_995).map((echo) => (echo.rttMs === null ? -echo.sequence : echo.sequence)));
    expect(told.map(Math.abs)).toEqual(Array.from({ length: 66_000 }, (_, i) => i + 1));
    expect(told.filter((sequence) => sequence < 0)).toEqual([...lost].map((sequence) => -sequence));
  });
});
