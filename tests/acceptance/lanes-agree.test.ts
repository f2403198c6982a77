// Lanes held against each other: the flow lane and lanes of a plugin that finds its own paths.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FlowComparison, RunsCompared } from '@satsim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, workplace } from '../e2e/satsim.js';

const OTHERS = fileURLToPath(new URL('../fixtures/other-lanes', import.meta.url));
const PARALLEL = join(root, 'examples/iridium-parallel.satsim.yaml');

interface Finished {
  readonly runId: string;
  readonly runDir: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly ticks: number;
  readonly lanes: readonly { name: string; state: string; ticks: number; error: string | null }[];
  readonly comparison: readonly FlowComparison[] | null;
  readonly assertions: readonly { flow: string; lane: string; quantity: string; actual: number | null; ok: boolean }[];
  readonly error: { code: string; message: string } | null;
}

const place = workplace();
afterAll(place.remove);

const satsim = (...args: string[]) => place.satsim(...args);
/** However it ends. */
async function run(file: string, ...args: string[]): Promise<Finished> {
  const { stdout, exitCode } = await satsim('run', file, '--plugin', OTHERS, '--format', 'json', ...args);
  const finished = JSON.parse(stdout) as Finished;
  expect(finished.exitCode).toBe(exitCode);
  return finished;
}
const compare = async (...args: string[]) => JSON.parse(await place.output('compare', ...args, '--format', 'json')) as RunsCompared;
const verdicts = (rows: readonly FlowComparison[], quantity: string) => [...new Set(rows.filter((row) => row.quantity === quantity).map((row) => row.verdict))];

/** Two cities under Iridium for five minutes, which has a handover; lanes by their blocks. */
const scenario = (name: string, more: string): string =>
  place.write(
    `${name}.satsim.yaml`,
    `name: ${name}
time: { t0: "2026-11-20T00:00:00Z", duration: 5m, dt: 1s }
constellation: [ { walker: { name: IR, pattern: star, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 3, raan_spread_deg: 189.6 } } ]
ground:
  - { id: oslo, lat: 59.91, lon: 10.75 }
  - { id: singapore, lat: 1.35, lon: 103.82 }
  - { id: mcmurdo, lat: -77.85, lon: 166.67 }
links: { isl: { pattern: plus_grid, polar_cutoff_lat_deg: 68 }, gsl: { min_elevation_deg: 8.2, capacity_mbps: 100, loss_pct: 0 } }
traffic:
  - { id: os-sg, from: oslo, to: singapore, kind: ping, every: 1s }
  - { id: mc-os, from: mcmurdo, to: oslo, kind: ping, every: 1s }
  - { id: data, from: oslo, to: singapore, kind: udp, rate_mbps: 2 }
${more}
`,
  );

describe('one run with lanes that find their own paths', () => {
  let finished: Finished;
  beforeAll(async () => {
    finished = await run(scenario('agree', 'flow: {}\nsecond: {}\nnoisy: { late_ms: 200 }'), '--mode', 'parallel');
  });

  it('--mode parallel runs every lane that has a block; each gets every tick', () => {
    expect(finished).toMatchObject({ outcome: 'completed', exitCode: 0, ticks: 300 });
    expect(finished.lanes.map(({ name, ticks }) => [name, ticks])).toEqual([
      ['flow', 300],
      ['noisy', 300],
      ['second', 300],
    ]);
  });

  it('agrees in RTT at every tick without a handover, and in the path at every tick', () => {
    const second = finished.comparison!.filter(({ other }) => other.lane === 'second');
    expect(second.map(({ flow, quantity }) => `${flow} ${quantity}`)).toEqual(
      ['os-sg', 'mc-os'].flatMap((flow) => ['rtt_ms', 'one_way_delay_ms', 'loss_pct', 'availability', 'path'].map((quantity) => `${flow} ${quantity}`)),
    );
    for (const row of second) {
      expect(row).toMatchObject({ verdict: 'agree', reference: { lane: 'flow', n: 300 } });
      // Every tick is either judged or counted as one with a handover.
      expect(row.pairs + row.handovers).toBe(300);
      if (row.quantity === 'rtt_ms') expect(row).toMatchObject({ outside: 0, tolerance: '1ms+1%' });
      if (row.quantity === 'path') expect(row).toMatchObject({ outside: 0, pairs: 300 });
    }
    expect(second.some(({ handovers }) => handovers > 0)).toBe(true);
  });

  it('a statistical lane that is late and noisy agrees in the median, with its share for each hop', () => {
    const rtt = finished.comparison!.find(({ flow, other, quantity }) => flow === 'os-sg' && other.lane === 'noisy' && quantity === 'rtt_ms')!;
    expect(rtt).toMatchObject({ verdict: 'agree', tolerance: '1ms+1%+0.2ms/hop' });
    expect(rtt.difference).toBeGreaterThan(0);
    expect(rtt.difference).toBeLessThan(0.6);
  });

  it('summary.json has the comparison, run and show-run print it, compare makes the same of the files', async () => {
    expect((JSON.parse(readFileSync(join(finished.runDir, 'summary.json'), 'utf8')) as Finished).comparison).toEqual(finished.comparison);
    const compared = await compare(finished.runId);
    expect(compared.flows).toEqual(finished.comparison);
    expect(compared.unreported.map(({ lane, flow }) => `${lane} ${flow}`)).toEqual(['noisy data', 'second data']);
    const shown = await place.output('show-run', finished.runId);
    expect(shown).toContain('how the lanes agree');
    expect(shown).toMatch(/os-sg +second +flow +0\.00 ms +0\.00 ms +0\.00 pp +– +0\.0000 +0 +300 +\d+ +agrees/);
  });

  it('compare prints a table and CSV; a tolerance that is too tight tells lanes apart', async () => {
    const table = await place.output('compare', finished.runId, '--tolerance', 'rtt_ms=0.01ms');
    expect(table).toMatch(/os-sg +second +flow +rtt_ms .* 0\.01ms +agrees/);
    expect(table).toMatch(/os-sg +noisy +flow +rtt_ms .* 0\.01ms +DIFFERS/);
    expect(table).toContain('not reported: data by noisy, data by second');
    const [header, ...lines] = (await place.output('compare', finished.runId, '--format', 'csv')).trim().split('\n');
    expect(header).toBe(
      'flow,quantity,reference_run,reference_lane,reference_n,reference_mean,reference_median,reference_p99,run,lane,n,mean,median,p99,pairs,handovers,difference,difference_pct,outside,tolerance,verdict',
    );
    expect(lines).toHaveLength(finished.comparison!.length);
  });
});

describe('runs that differ', () => {
  it('are shown with what differs in their configuration, and nothing else', async () => {
    const file = scenario('runs', 'lanes: [flow, second]');
    const one = await run(file);
    const two = await run(file, '--set', 'links.gsl.min_elevation_deg=20', '--set', 'second.offset_ms=30', '--lane', 'flow', '--lane', 'second');
    const compared = await compare(one.runId, two.runId);
    expect(compared.configuration).toEqual([
      { path: 'links.gsl.min_elevation_deg', values: [8.2, 20] },
      { path: 'second.offset_ms', values: [null, 30] },
    ]);
    const rows = compared.flows.filter(({ flow, quantity }) => flow === 'mc-os' && quantity === 'rtt_ms');
    expect(rows.map(({ other }) => [other.runId, other.lane])).toEqual([
      [one.runId, 'second'],
      [two.runId, 'flow'],
      [two.runId, 'second'],
    ]);
    expect(rows[2]!.difference! - rows[1]!.difference!).toBeCloseTo(30, 6);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['agree', expect.any(String), 'differ']);
    const table = await place.output('compare', one.runId, two.runId);
    expect(table).toMatch(/configuration +1 +2\nlinks\.gsl\.min_elevation_deg +8\.2 +20\nsecond\.offset_ms +– +30\n/);
    expect((await satsim('compare', one.runId, one.runId)).exitCode).toBe(2);
  });

  it('a lane that computes another thing differs', async () => {
    const { comparison } = await run(scenario('offset', 'second: { offset_ms: 5 }'), '--lane', 'flow', '--lane', 'second');
    expect(verdicts(comparison!, 'rtt_ms')).toEqual(['differ']);
    expect(verdicts(comparison!, 'path')).toEqual(['agree']);
  });

  it('a run without results says what to do', async () => {
    const { runId } = await run(scenario('mute', 'exporters: {}'), '--lane', 'flow', '--lane', 'second');
    const { stdout, exitCode } = await satsim('compare', runId, '--format', 'json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ARTIFACTS', hint: expect.stringContaining('--exporter jsonl') } });
    expect((await satsim('compare', runId, '--tolerance', 'rtt=1ms')).exitCode).toBe(2);
  });
});

describe('assertions', () => {
  it('hold per lane; one that fails, or has no value, makes the exit code 4 and says so', async () => {
    const file = scenario(
      'asserted',
      `second: { offset_ms: 30 }
lanes: [flow, second]
assertions:
  - { flow: os-sg, quantity: rtt_ms.median, op: "<", value: 110 }
  - { flow: os-sg, quantity: one_way_delay_ms.max, op: "<", value: 200 }
  - { flow: os-sg, quantity: handovers, op: "<=", value: 9, lane: second }
  - { flow: os-sg, quantity: goodput_mbps.min, op: "<", value: 1000000, lane: second }
  - { flow: data, quantity: goodput_mbps.median, op: "==", value: 2, lane: flow }`,
    );
    const finished = await run(file);
    expect(finished).toMatchObject({ outcome: 'completed', exitCode: 4 });
    expect(finished.assertions.map(({ lane, quantity, ok }) => `${lane} ${quantity} ${ok}`)).toEqual([
      'flow rtt_ms.median true',
      'second rtt_ms.median false',
      'flow one_way_delay_ms.max true',
      'second one_way_delay_ms.max true',
      'second handovers true',
      'second goodput_mbps.min false',
      'flow goodput_mbps.median true',
    ]);
    expect(finished.error).toMatchObject({ code: 'ASSERTION_FAILED' });
    expect(finished.error!.message).toContain('os-sg in second: goodput_mbps.min < 1000000 does not hold: there is no such value');
    const alone = await satsim('run', file, '--plugin', OTHERS, '--lane', 'flow');
    expect(alone.exitCode).toBe(4);
    expect(alone.stderr).toContain('assertions[2].lane: second is not a lane of this run: the assertion will not hold');
  });
});

describe('--mode parallel', () => {
  it('a failing lane stops the run in order and is named', async () => {
    const finished = await run(scenario('stop', 'flow: {}\nsecond: { fail_at: 40 }'), '--mode', 'parallel');
    expect(finished).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      error: { code: 'LANE_FAILED', message: 'lane second failed in tick 40: this lane was told to fail' },
    });
    expect(finished.ticks).toBeLessThan(300);
    expect(finished.lanes).toMatchObject([
      { name: 'flow', state: 'stopped', ticks: finished.ticks, error: null },
      { name: 'second', state: 'error', ticks: 40 },
    ]);
  });

  it('with on_lane_failure: continue the others go on to the end, and outcome and exit code still say it', async () => {
    const file = scenario('continue', 'execution: { on_lane_failure: continue }\nflow: {}\nsecond: { fail_at: 40 }\nnoisy: {}');
    const finished = await run(file, '--mode', 'parallel');
    expect(finished).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      ticks: 300,
      error: { message: 'lane second failed in tick 40: this lane was told to fail' },
    });
    expect(finished.lanes.map(({ name, ticks }) => [name, ticks])).toEqual([
      ['flow', 300],
      ['noisy', 300],
      ['second', 40],
    ]);
    // Those that went on are compared; the one that failed has said nothing.
    expect([...new Set(finished.comparison!.map(({ other }) => other.lane))]).toEqual(['noisy']);
    expect(verdicts(finished.comparison!, 'rtt_ms')).toEqual(['agree']);
  });

  it('a lane whose program is not there fails before anything starts', async () => {
    const before = place.runs().length;
    const { stdout, exitCode } = await satsim('run', scenario('absent', 'flow: {}\nabsent: {}'), '--plugin', OTHERS, '--mode', 'parallel', '--format', 'json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'DEPENDENCY_MISSING', hint: 'apt-get install no-such-simulator' } });
    expect(place.runs()).toHaveLength(before);
  });

  it('whoever simulates does so after the last tick of the others', async () => {
    const { runDir } = await run(scenario('order', 'flow: {}\nsecond: {}'), '--mode', 'parallel');
    const lanes = readFileSync(join(runDir, 'results/flows.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { lane: string }).lane);
    expect(lanes.lastIndexOf('flow')).toBeLessThan(lanes.indexOf('second'));
  });
});

describe('what a lane cannot do of the traffic is told before a run', () => {
  const plan = (...args: string[]) => satsim('plan', PARALLEL, '--format', 'json', ...args);

  it('as a warning where it does it in another way', async () => {
    const { stdout } = await plan('--lane', 'flow', '--lane', 'ns3', '--set', 'traffic[0].dscp=46', '--set', 'traffic[8].pattern=poisson');
    const { warnings } = JSON.parse(stdout) as { warnings: string[] };
    expect(warnings).toContain('traffic[0].dscp, traffic[8].pattern in lane flow: no effect, as it reckons with mean rates and not with packets');
    expect(warnings.filter((warning) => warning.includes('traffic[0].dscp in lane ns3'))).toHaveLength(1);
  });

  it('as a fault where it cannot do it, with file, line and field', async () => {
    const { stdout, exitCode } = await plan(
      '--lane',
      'ns3',
      '--set',
      'traffic[8]={ id: t, from: oslo, to: honolulu, kind: tcp, congestion: vegas }',
      '--set',
      'assertions=[]',
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { faults: [{ path: 'traffic[8].congestion', message: expect.stringContaining('in lane ns3') }] } });
  });
});

it('the example for all lanes is one that the plan takes, with what each lane says of it', async () => {
  const { stdout, exitCode } = await satsim('validate', PARALLEL, '--format', 'json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ valid: true, lanes: ['flow'], warnings: [] });
  const finished = await run(PARALLEL, '--lane', 'flow', '--lane', 'second');
  expect(finished).toMatchObject({ exitCode: 0, ticks: 60 });
  expect(verdicts(finished.comparison!, 'rtt_ms')).toEqual(['agree']);
});
