import { describe, expect, it, test } from 'vitest';
import type { Flow } from '../contract/scenario.js';
import { type ComparedFlow, Comparison } from './comparison.js';
import { sample } from './series.test-helper.js';
import { DEFAULT_TOLERANCES, parseTolerances, type Tolerances } from './tolerance.js';

type Given = Parameters<typeof sample>[0];

/** Lanes by name; a sample a second. */
function compare(lanes: Readonly<Record<string, readonly Given[]>>, more: Partial<ComparedFlow> & { statistical?: string[]; tolerances?: Tolerances } = {}) {
  const { id = 'f', kind = 'ping', rate_mbps, packet_bytes, statistical = [], tolerances = DEFAULT_TOLERANCES } = more;
  const comparison = new Comparison(tolerances);
  comparison.begin({ runId: 'r', lanes: Object.keys(lanes), statistical, traffic: [{ id, kind, rate_mbps, packet_bytes }] });
  for (const [lane, samples] of Object.entries(lanes)) samples.forEach((each, i) => comparison.add(sample({ lane, simTimeMs: 1000 * i, ...each })));
  return comparison.result();
}
const rtts = (...values: (number | null)[]): Given[] => values.map((rttMs) => ({ rttMs, via: 's1 s2' }));
const only = (quantity: string, lanes: Parameters<typeof compare>[0], more?: Parameters<typeof compare>[1]) => {
  const [found, ...rest] = compare(lanes, more).filter((row) => row.quantity === quantity);
  expect(rest).toEqual([]);
  return found;
};

describe('the lanes of a run are held against the first', () => {
  it('with n, median and p99 of each, and the difference of the pairs', () => {
    expect(only('rtt_ms', { x: rtts(100, 100, 200, 200, null), y: rtts(101, 101, 202, null, 202) })).toEqual({
      flow: 'f',
      quantity: 'rtt_ms',
      reference: { runId: 'r', lane: 'x', n: 4, mean: 150, median: 150, p99: 200 },
      other: { runId: 'r', lane: 'y', n: 4, mean: 151.5, median: 151.5, p99: 202 },
      pairs: 3,
      handovers: 0,
      difference: 1,
      differencePct: 1,
      outside: 0,
      tolerance: '1ms+1%',
      verdict: 'agree',
    });
  });

  it('by flow, lane and quantity; what only one of them has is not compared', () => {
    const rows = compare({
      x: [{ rttMs: 1, oneWayDelayMs: 1, lossPct: 0 }],
      y: [{ rttMs: 1, lossPct: 0 }],
      z: [{ oneWayDelayMs: 1, goodputMbps: 3 }],
    });
    expect(rows.map(({ reference, other, quantity }) => `${reference.lane}-${other.lane} ${quantity}`)).toEqual([
      'x-y rtt_ms',
      'x-y loss_pct',
      'x-y availability',
      'x-z one_way_delay_ms',
    ]);
  });

  it('or against the first that reports the flow', () => {
    expect(compare({ x: [], y: rtts(1), z: rtts(2) }).map(({ reference, other }) => [reference.lane, other.lane])).toContainEqual(['y', 'z']);
    expect(compare({ x: rtts(1), y: [] })).toEqual([]);
  });
});

test('a lane that says nothing of a flow is told', () => {
  const comparison = new Comparison(DEFAULT_TOLERANCES);
  comparison.begin({ runId: 'r', lanes: ['x', 'y'], statistical: [], traffic: [{ id: 'f', kind: 'ping' }] });
  comparison.add({ ...sample({ rttMs: 1 }), lane: 'x' });
  expect(comparison.unreported()).toEqual([{ runId: 'r', lane: 'y', flow: 'f' }]);
});

describe('runs, one after the other', () => {
  const [f, g] = [{ id: 'f', kind: 'ping' } as const, { id: 'g', kind: 'ping' } as const];
  const describedAs = (runId: string, traffic: readonly Pick<Flow, 'id' | 'kind'>[] = [f]) => ({ runId, lanes: ['l'], statistical: [], traffic });

  it('are held against the first, by flow and then by run; paths keep their names from run to run', () => {
    const comparison = new Comparison(DEFAULT_TOLERANCES);
    const vias = ['s1 s2', 's3', 's1 s2', 's4', 's3', 's1 s2'];
    for (const [index, via] of vias.entries()) {
      comparison.begin(describedAs(`r${index}`, [f, g]));
      for (const flow of ['f', 'g']) comparison.add({ ...sample({ rttMs: 10 + index, via }), flow });
    }
    const rows = comparison.result();
    expect(
      rows.filter(({ quantity }) => quantity === 'path').map(({ flow, reference, other, difference }) => [flow, reference.runId, other.runId, difference]),
    ).toEqual(['f', 'g'].flatMap((flow) => [1, 0, 1, 1, 0].map((others, index) => [flow, 'r0', `r${index + 1}`, others])));
    expect(rows.filter(({ flow, quantity }) => flow === 'g' && quantity === 'rtt_ms').map(({ difference }) => difference)).toEqual([1, 2, 3, 4, 5]);
    expect(comparison.unreported()).toEqual([]);
  });

  it('are held against the first that has the flow, and its paths', () => {
    const comparison = new Comparison(DEFAULT_TOLERANCES);
    for (const [runId, flows] of [
      ['r0', ['f']],
      ['r1', ['f', 'g']],
      ['r2', ['g', 'f']],
    ] as const) {
      comparison.begin(
        describedAs(
          runId,
          flows.map((id) => ({ id, kind: 'ping' })),
        ),
      );
      for (const flow of flows) comparison.add({ ...sample({ rttMs: 1, via: `${flow}1` }), flow });
    }
    expect(
      comparison
        .result()
        .filter(({ quantity }) => quantity === 'path')
        .map(({ flow, reference, other, verdict }) => [flow, reference.runId, other.runId, verdict]),
    ).toEqual([
      ['f', 'r0', 'r1', 'agree'],
      ['f', 'r0', 'r2', 'agree'],
      ['g', 'r1', 'r2', 'agree'],
    ]);
  });

  it('of which either calls the flow tcp are not compared in loss', () => {
    const quantities = (...kinds: Flow['kind'][]) => {
      const comparison = new Comparison(DEFAULT_TOLERANCES);
      for (const [index, kind] of kinds.entries()) {
        comparison.begin(describedAs(`r${index}`, [{ id: 'f', kind }]));
        comparison.add(sample({ lossPct: 0 }));
      }
      return comparison.result().map(({ quantity }) => quantity);
    };
    expect(quantities('udp', 'udp')).toContain('loss_pct');
    expect(quantities('udp', 'tcp')).not.toContain('loss_pct');
    expect(quantities('tcp', 'udp')).not.toContain('loss_pct');
  });
});

describe('delays', () => {
  it('of lanes that compute agree at every pair, or differ', () => {
    // 1 ms and 1 % of 100 ms, to the millionth.
    expect(only('rtt_ms', { x: rtts(100, 100, 100), y: rtts(100, 101.999999, 98.000001) })).toMatchObject({ verdict: 'agree', outside: 0, difference: 0 });
    expect(only('rtt_ms', { x: rtts(100, 100, 100), y: rtts(100, 100, 102.1) })).toMatchObject({ verdict: 'differ', outside: 1, difference: 0 });
  });

  it('of statistical lanes agree in the median, with something for each hop', () => {
    const x = rtts(100, 100, 100);
    // Three links: 1 ms + 1 % + 3 × 0.2 ms.
    expect(only('rtt_ms', { x, y: rtts(102.5, 102.5, 900) }, { statistical: ['y'] })).toMatchObject({
      verdict: 'agree',
      outside: 1,
      tolerance: '1ms+1%+0.2ms/hop',
    });
    expect(only('rtt_ms', { x, y: rtts(102.7, 102.7, 100) }, { statistical: ['y'] })).toMatchObject({ verdict: 'differ' });
    expect(only('rtt_ms', { x, y: rtts(102.5, 102.5, 102.5) })).toMatchObject({ verdict: 'differ' });
  });

  it('that are means of an interval agree in the median', () => {
    const means = (...values: number[]): Given[] => values.map((oneWayDelayMs) => ({ oneWayDelayMs }));
    expect(only('one_way_delay_ms', { x: means(50, 50, 90), y: means(50.5, 50.5, 80) }, { kind: 'udp' })).toMatchObject({ verdict: 'agree', outside: 1 });
    expect(only('one_way_delay_ms', { x: means(50, 50, 90), y: means(51.1, 51.1, 90) }, { kind: 'udp' })).toMatchObject({ verdict: 'differ' });
    expect(only('one_way_delay_ms', { x: means(50, 50, 90), y: means(50.5, 50.5, 80) })).toMatchObject({ verdict: 'differ' });
  });

  it('by the tolerance that is asked for', () => {
    const tolerances = parseTolerances(['rtt_ms=10ms']);
    expect(only('rtt_ms', { x: rtts(100), y: rtts(110) }, { tolerances })).toMatchObject({ verdict: 'agree', tolerance: '10ms' });
    expect(only('rtt_ms', { x: rtts(100), y: rtts(110.1) }, { tolerances })).toMatchObject({ verdict: 'differ' });
  });

  it('leave out pairs on a handover, and count them', () => {
    const x: Given[] = [{ via: 's1 s2' }, { via: 's3 s2' }, { via: 's3 s2' }].map((each) => ({ ...each, rttMs: 100 }));
    const y = x.map((each, i) => ({ ...each, rttMs: i === 1 ? 500 : 100 }));
    expect(only('rtt_ms', { x, y })).toMatchObject({ verdict: 'agree', pairs: 2, handovers: 1, outside: 0 });
    expect(only('rtt_ms', { x, y: y.map((each, i) => ({ ...each, rttMs: i === 2 ? 500 : 100 })) })).toMatchObject({ verdict: 'differ', outside: 1 });
  });
});

describe('loss and availability', () => {
  const flips = (lost: number, of: number): Given[] => Array.from({ length: of }, (_, i) => ({ lossPct: i < lost ? 100 : 0 }));
  const expected = (lossPct: number, of: number): Given[] => Array.from({ length: of }, () => ({ lossPct }));

  it('an expectation and counted packets agree within what chance leaves', () => {
    // 3 standard errors of 10 % in 100: 9 percentage points, and one more.
    const loss = (lost: number) => only('loss_pct', { x: expected(10, 100), y: flips(lost, 100) });
    expect(loss(10)).toMatchObject({ verdict: 'agree', tolerance: '1pp+3se', outside: null });
    expect(loss(10)!.difference).toBeCloseTo(0, 9);
    expect(loss(19)).toMatchObject({ verdict: 'agree' });
    expect(loss(21)).toMatchObject({ verdict: 'differ' });
    // Lost packets are outages where packets are counted: as many as expected are fine, and what chance adds to them.
    const available = (lost: number) => only('availability', { x: expected(10, 100), y: flips(lost, 100) });
    expect(available(10)).toMatchObject({ verdict: 'agree', reference: { mean: 1, median: null }, other: { mean: 0.9 } });
    expect(available(19)).toMatchObject({ verdict: 'agree' });
    expect(available(21)).toMatchObject({ verdict: 'differ' });
  });

  it('without loss one part in a hundred', () => {
    expect(only('availability', { x: flips(0, 201), y: flips(2, 201) })).toMatchObject({ verdict: 'agree' });
    expect(only('availability', { x: flips(0, 201), y: flips(3, 201) })).toMatchObject({ verdict: 'differ' });
  });

  it('of udp every packet counts, not every sample', () => {
    const loss = (lossPct: number, more = {}) => only('loss_pct', { x: expected(10, 60), y: expected(lossPct, 60) }, { kind: 'udp', ...more })!.verdict;
    // 1 Mbit/s in 1,472 bytes are 5,095 packets a minute: 1.26 percentage points, and one more.
    expect([loss(12.2), loss(12.3), loss(7.8), loss(7.7)]).toEqual(['agree', 'differ', 'agree', 'differ']);
    // In 147 bytes they are ten times as many, at a hundredth of the rate a hundredth: less than one a sample.
    expect([loss(11.3, { packet_bytes: 175 }), loss(11.5, { packet_bytes: 175 })]).toEqual(['agree', 'differ']);
    expect([loss(22, { rate_mbps: 0.01 }), loss(23, { rate_mbps: 0.01 })]).toEqual(['agree', 'differ']);
    // A size that headers alone have is one with data of a byte.
    expect(loss(11, { packet_bytes: 28 })).toBe('agree');
  });

  it('lanes mean different things by the loss of tcp', () => {
    expect(only('loss_pct', { x: flips(0, 3), y: flips(1, 3) }, { kind: 'tcp' })).toBeUndefined();
    expect(only('availability', { x: flips(0, 3), y: flips(1, 3) }, { kind: 'tcp' })).toMatchObject({ verdict: 'differ' });
  });
});

describe('goodput and paths', () => {
  const rates = (...values: number[]): Given[] => values.map((goodputMbps) => ({ goodputMbps }));
  it('goodput agrees in the median', () => {
    expect(only('goodput_mbps', { x: rates(10, 10, 10), y: rates(0, 9.6, 9.6) }, { kind: 'tcp' })).toMatchObject({ verdict: 'agree', tolerance: '5%' });
    expect(only('goodput_mbps', { x: rates(10, 10, 10), y: rates(10, 9.4, 9.4) })).toMatchObject({ verdict: 'differ', differencePct: expect.closeTo(-6) });
  });

  it('paths are the same at every pair', () => {
    const x: Given[] = [{ via: 's1 m s2' }, { via: 's1 m s2' }, { via: 's1 m s2' }, { via: 's1 m s2' }];
    const y: Given[] = [{ via: 's1 m s2' }, { via: 's1 n s2' }, { via: 's1 m s2' }, {}];
    expect(only('path', { x, y: x })).toMatchObject({ verdict: 'agree', pairs: 4, difference: 0, differencePct: 0, outside: 0, tolerance: '0' });
    expect(only('path', { x, y })).toMatchObject({ verdict: 'differ', pairs: 3, difference: 1, outside: 1, other: { n: 3, mean: null } });
    // Also on a handover, but for lanes that may be late.
    const handover = x.map((each, i) => (i === 2 ? { via: 's9 m s2' } : each));
    expect(only('path', { x, y: handover })).toMatchObject({ verdict: 'differ', pairs: 4, handovers: 0, outside: 1 });
    expect(only('path', { x, y: handover }, { statistical: ['y'] })).toMatchObject({ verdict: 'agree', pairs: 2, handovers: 2 });
    expect(only('path', { x, y }, { tolerances: parseTolerances(['path=34%']) })).toMatchObject({ verdict: 'agree' });
  });
});

describe('across runs', () => {
  const add = (comparison: Comparison, runId: string, lanes: Readonly<Record<string, readonly [fromS: number, rttMs: number]>>) => {
    comparison.begin({ runId, lanes: Object.keys(lanes), statistical: [], traffic: [{ id: 'f', kind: 'ping' }] });
    for (const [lane, [fromS, rttMs]] of Object.entries(lanes))
      for (let i = 0; i < 3; i += 1) comparison.add({ ...sample({ simTimeMs: 1000 * (fromS + i), rttMs }), lane });
  };

  it('every lane of every run against the first lane of the first', () => {
    const comparison = new Comparison(DEFAULT_TOLERANCES);
    add(comparison, 'one', { x: [0, 100], y: [0, 100] });
    add(comparison, 'two', { x: [0, 120] });
    const rows = comparison.result();
    expect(rows.map(({ reference, other, difference, verdict }) => [reference.runId, reference.lane, other.runId, other.lane, difference, verdict])).toEqual([
      ['one', 'x', 'one', 'y', 0, 'agree'],
      ['one', 'x', 'two', 'x', 20, 'differ'],
    ]);
  });

  it('without a common time: a difference, but no verdict', () => {
    const comparison = new Comparison(DEFAULT_TOLERANCES);
    add(comparison, 'one', { x: [0, 100] });
    add(comparison, 'two', { x: [500, 120] });
    expect(comparison.result()).toMatchObject([{ pairs: 0, difference: 20, differencePct: 20, outside: null, verdict: null }]);
  });
});
