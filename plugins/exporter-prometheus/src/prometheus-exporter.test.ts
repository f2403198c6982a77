import type { ExporterDeps } from '@satsim/core';
import { type LogLine, memoryLogger, pluginContract, TEST_LINKS, TEST_RUN, testExporterDeps, testLink, testTick } from '@satsim/core/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Config } from './config.js';
import { harnesses } from './harness.js';
import plugin from './index.js';
import { readOpenMetrics } from './openmetrics.test-helper.js';
import { METRICS_FILE, PrometheusExporter } from './prometheus-exporter.js';

const OFFLINE: Config = { listen: false, host: '127.0.0.1', port: 0 };
const { t0Ms } = TEST_RUN;
const at = (tick: number): number => t0Ms + tick * 1000;
const sample = (tick: number, change: object = {}) => ({
  lane: 'flow',
  flow: 'end-to-end',
  simTimeMs: at(tick),
  rttMs: 80 + tick,
  oneWayDelayMs: 40,
  lossPct: 0,
  goodputMbps: null,
  hops: 3,
  pathHash: 'a',
  ...change,
});
const event = (tick: number, seq: number, type: 'handover' | 'link_up' = 'handover') => ({
  tickIndex: tick,
  simTimeMs: at(tick),
  seq,
  type,
  linkId: null,
  nodeId: 'gnd-1',
  attributes: {},
});
const metrics = (tick: number, change: object = {}) => ({
  tickIndex: tick,
  simTimeMs: at(tick),
  computeMs: 1.5,
  translateMs: 0,
  linksEmitted: 1,
  driftMs: null,
  applyMs: { flow: 0.5, slow: 700 },
  ...change,
});

const tickOf = ({ timeMs }: { timeMs: number }): number => (timeMs - t0Ms) / 1000;

describe.each([true, false])('the exporter contract, listen: %s', (listen) => {
  const configured = harnesses.map((harness) => ({ ...harness, config: { listen, port: 0 } }));
  for (const { cases } of pluginContract(plugin, configured, new URL('../package.json', import.meta.url))) {
    for (const { rule, skip, run } of cases) test(rule, () => (expect(skip).toBe(false), run()));
  }
});

describe('exporter prometheus', () => {
  let kit: Awaited<ReturnType<typeof testExporterDeps>>;
  let logs: LogLine[];
  let exporter: PrometheusExporter;
  const make = (config: Partial<Config> = {}, change: Partial<ExporterDeps> = {}) => {
    exporter = new PrometheusExporter({ ...kit.deps, logger: memoryLogger(logs), ...change, config: { ...OFFLINE, ...config } });
    return exporter;
  };
  beforeEach(async () => {
    kit = await testExporterDeps();
    logs = [];
  });
  afterEach(async () => {
    await exporter.close();
    await kit.dispose();
  });
  const file = () => readFileSync(join(kit.deps.artifacts.dir, METRICS_FILE), 'utf8');
  const series = (family: string, key: string) =>
    readOpenMetrics(file())
      .get(family)
      ?.series.get(key)
      ?.map((point) => [tickOf(point), point.value]);
  const url = () => (logs.find(({ message }) => message.startsWith('metrics at '))!.fields as { url: string }).url;
  const scrape = async () => (await fetch(url())).text();

  it('serves the present values while the run goes on, and nothing after close', async () => {
    await make({ listen: true }).open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS }));
    await exporter.writeTick(testTick(1, { removals: [TEST_LINKS[0]!.linkId], updates: [testLink('sat-2', 'sat-3', { up: false })] }));
    await exporter.writeEvents([event(1, 1)]);
    await exporter.writeResults([sample(0), sample(1, { lossPct: 25, pathHash: 'b' })]);
    await exporter.writeMetrics(metrics(0, { driftMs: 12.5 }));
    const lines = (await scrape()).split('\n');
    for (const line of [
      'satsim_run_info{run_id="contract-kit",scenario="contract-kit",seed="1",mode="offline"} 1',
      'satsim_run_planned_ticks 60',
      'satsim_ticks_total 2',
      `satsim_sim_time_seconds ${at(1) / 1000}`,
      'satsim_link_updates_total 7',
      'satsim_link_removals_total 1',
      'satsim_links_up{kind="isl"} 3',
      'satsim_links_up{kind="gsl"} 1',
      'satsim_links_up{kind="terrestrial"} 0',
      'satsim_events_total{type="handover"} 1',
      'satsim_events_total{type="link_up"} 0',
      'satsim_flow_rtt_seconds{flow="end-to-end",lane="flow"} 0.081',
      'satsim_flow_loss_ratio{flow="end-to-end",lane="flow"} 0.25',
      'satsim_flow_path_changes_total{flow="end-to-end",lane="flow"} 1',
      'satsim_tick_drift_seconds 0.0125',
      'satsim_tick_compute_seconds_bucket{le="0.001"} 0',
      'satsim_tick_compute_seconds_bucket{le="0.0025"} 1',
      'satsim_tick_compute_seconds_count 1',
      'satsim_lane_apply_seconds_bucket{le="0.0005",lane="flow"} 1',
      'satsim_lane_apply_seconds_sum{lane="slow"} 0.7',
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.find((line) => line.startsWith('satsim_process_resident_memory_bytes '))).toMatch(/ \d{7,}$/);
    expect(lines.find((line) => line.startsWith('satsim_process_cpu_seconds_total '))).toMatch(/ \d+\.\d+$/);
    expect(lines.filter((line) => line.includes('sat-') || line.includes('gnd-'))).toEqual([]);

    const address = url();
    await exporter.close();
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it('the file has every value at its sim time', async () => {
    await make().open();
    for (const tick of [0, 1, 2]) {
      await exporter.writeTick(testTick(tick, { snapshot: tick === 0, updates: tick === 0 ? TEST_LINKS : [] }));
      await exporter.writeMetrics(metrics(tick));
    }
    await exporter.writeResults([sample(0), sample(1, { rttMs: null, lossPct: 100, hops: null, pathHash: null }), sample(2)]);
    await exporter.close();
    const flow = '{flow="end-to-end",lane="flow"}';
    expect(series('satsim_ticks', 'satsim_ticks_total')).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(series('satsim_link_updates', 'satsim_link_updates_total')).toEqual([
      [0, 6],
      [1, 6],
      [2, 6],
    ]);
    expect(series('satsim_flow_rtt_seconds', `satsim_flow_rtt_seconds${flow}`)).toEqual([
      [0, 0.08],
      [1, NaN],
      [2, 0.082],
    ]);
    expect(series('satsim_flow_loss_ratio', `satsim_flow_loss_ratio${flow}`)).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(series('satsim_run', 'satsim_run_info{run_id="contract-kit",scenario="contract-kit",seed="1",mode="offline"}')).toEqual([
      [0, 1],
      [2, 1],
    ]);
    const families = readOpenMetrics(file());
    expect(families.get('satsim_flow_rtt_seconds')!.unit).toBe('seconds');
    expect(families.has('satsim_tick_drift_seconds')).toBe(false);
    expect(readdirSync(kit.deps.artifacts.dir).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('a histogram stands at the last tick: buckets rise, +Inf is the count', async () => {
    await make().open();
    for (const tick of [0, 1]) {
      await exporter.writeTick(testTick(tick, {}));
      await exporter.writeMetrics(metrics(tick));
    }
    await exporter.close();
    const all = [...readOpenMetrics(file()).get('satsim_lane_apply_seconds')!.series];
    const slow = all
      .filter(([key]) => key.includes('lane="slow"'))
      .map(([key, [point]]) => [key.replace(/^satsim_lane_apply_seconds|lane="slow",?/g, ''), tickOf(point!), point!.value] as const);
    expect(slow.slice(-6)).toEqual([
      ['_bucket{le="2.5"}', 1, 2],
      ['_bucket{le="5.0"}', 1, 2],
      ['_bucket{le="10.0"}', 1, 2],
      ['_bucket{le="+Inf"}', 1, 2],
      ['_sum{}', 1, 1.4],
      ['_count{}', 1, 2],
    ]);
    expect(slow.find(([key]) => key === '_bucket{le="0.5"}')).toEqual(['_bucket{le="0.5"}', 1, 0]);
    expect(slow.find(([key]) => key === '_bucket{le="1.0"}')).toEqual(['_bucket{le="1.0"}', 1, 2]);
  });

  it('what holds is repeated every minute, so that nobody takes it for gone; gauges of a flow are not', async () => {
    await make().open();
    await exporter.writeResults([sample(0)]);
    for (const tick of [0, 150]) await exporter.writeTick(testTick(tick, {}));
    await exporter.writeEvents([event(90, 1)]);
    await exporter.writeTick(testTick(200, {}));
    await exporter.close();
    expect(series('satsim_events', 'satsim_events_total{type="handover"}')).toEqual([
      [0, 0],
      [60, 0],
      [90, 1],
      [150, 1],
      [200, 1],
    ]);
    expect(series('satsim_ticks', 'satsim_ticks_total')).toEqual([
      [0, 1],
      [60, 1],
      [120, 1],
      [150, 2],
      [200, 3],
    ]);
    expect(series('satsim_flow_hops', 'satsim_flow_hops{flow="end-to-end",lane="flow"}')).toEqual([[0, 3]]);
  });

  it('a long run with many flows gives a sound file', async () => {
    await make().open();
    for (let tick = 0; tick < 2000; tick += 1) {
      await exporter.writeTick(testTick(tick, { snapshot: tick === 0, updates: TEST_LINKS }));
      await exporter.writeEvents(tick % 7 === 0 ? [event(tick, tick), event(tick, tick + 0.5, 'link_up')] : []);
      await exporter.writeResults(kit.deps.scenario.traffic.flatMap(({ id }) => ['flow', 'ns3'].map((lane) => sample(tick, { flow: id, lane }))));
      await exporter.writeMetrics(metrics(tick, { driftMs: tick / 3 }));
    }
    await exporter.close();
    const families = readOpenMetrics(file());
    const flows = kit.deps.scenario.traffic.length;
    expect(families.get('satsim_flow_rtt_seconds')!.series.size).toBe(2 * flows);
    for (const points of families.get('satsim_flow_rtt_seconds')!.series.values()) expect(points).toHaveLength(2000);
    expect(series('satsim_events', 'satsim_events_total{type="handover"}')!.at(-1)).toEqual([1999, 286]);
  });

  it('a flow that the scenario does not have makes no series: one warning', async () => {
    await make().open();
    await exporter.writeResults(['x', 'y', 'end-to-end'].map((flow) => sample(0, { flow })));
    await exporter.close();
    expect([...readOpenMetrics(file()).get('satsim_flow_rtt_seconds')!.series.keys()]).toEqual(['satsim_flow_rtt_seconds{flow="end-to-end",lane="flow"}']);
    expect(logs.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('the flow x, which is not in the scenario'),
    ]);
  });

  it('samples out of order are left out of the file, and the log says how many', async () => {
    await make().open();
    await exporter.writeResults([sample(1), sample(0)]);
    await exporter.close();
    expect(series('satsim_flow_hops', 'satsim_flow_hops{flow="end-to-end",lane="flow"}')).toEqual([[1, 3]]);
    expect(logs.at(-1)).toMatchObject({ level: 'warn', fields: { late: 4 } });
  });

  it('a port in use fails open, and leaves nothing', async () => {
    await make({ listen: true }).open();
    const second = new PrometheusExporter({ ...kit.deps, config: { listen: true, host: '127.0.0.1', port: Number(new URL(url()).port) } });
    await expect(second.open()).rejects.toMatchObject({ code: 'EXPORTER_FAILED', message: expect.stringContaining('the port is in use') });
    await second.close();
    expect(readdirSync(join(kit.deps.artifacts.dir, 'results'))).toEqual([]);
  });

  it('a disk that refuses the file in the end still frees the port', async () => {
    await make(
      { listen: true },
      { artifacts: { ...kit.deps.artifacts, dir: kit.deps.artifacts.dir, openStream: () => Promise.reject(new Error('disk is full')) } },
    ).open();
    const address = url();
    await expect(exporter.close()).rejects.toThrow('disk is full');
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it('the plugin contributes what its manifest says; loopback and port 9464 by default; unknown options are refused', async () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'prometheus']]);
    const [definition] = plugin.definitions;
    const check = (value: unknown) =>
      (definition as { config: { '~standard': { validate: (value: unknown) => unknown } } }).config['~standard'].validate(value);
    expect(await check({})).toEqual({ value: { listen: true, host: '127.0.0.1', port: 9464 } });
    for (const wrong of [{ prot: 1 }, { port: 65_536 }, { port: -1 }, { host: '' }, { listen: 'yes' }]) expect(await check(wrong)).toHaveProperty('issues');
  });
});
