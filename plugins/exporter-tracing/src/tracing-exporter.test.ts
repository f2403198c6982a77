import { TEST_RUN, testExporterDeps } from '@satsim/core/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import plugin from './index.js';
import { readTrace } from './trace.test-helper.js';
import { TRACE_FILE, TracingExporter } from './tracing-exporter.js';

describe('exporter tracing', () => {
  let kit: Awaited<ReturnType<typeof testExporterDeps>>;
  let exporter: TracingExporter;
  beforeEach(async () => {
    kit = await testExporterDeps();
    exporter = new TracingExporter(kit.deps);
  });
  afterEach(async () => {
    await exporter.close();
    await kit.dispose();
  });
  const text = () => readFileSync(join(kit.deps.artifacts.dir, TRACE_FILE), 'utf8');
  const write = (tickIndex: number) =>
    exporter.writeMetrics({
      tickIndex,
      simTimeMs: TEST_RUN.t0Ms + tickIndex * 1000,
      computeMs: 1,
      translateMs: 0,
      linksEmitted: 1,
      driftMs: null,
      applyMs: { flow: 1 },
    });

  it('the file is a JSON array, an event a line', async () => {
    await exporter.open();
    for (const tick of [0, 1, 2]) await write(tick);
    await exporter.close();
    const events = JSON.parse(text()) as unknown[];
    expect(events).toHaveLength(text().split('\n').length - 3);
    expect(readTrace(text())).toEqual(events);
  });

  it('so it is without a tick', async () => {
    await exporter.open();
    await exporter.close();
    expect(JSON.parse(text())).toEqual([{ ph: 'M', name: 'process_name', pid: 1, args: { name: 'satsim contract-kit (contract-kit)' } }]);
  });

  it('cut off anywhere it gives every event that is whole', async () => {
    await exporter.open();
    for (const tick of [0, 1, 2]) await write(tick);
    await exporter.close();
    const whole = text();
    const events = readTrace(whole);
    const ends = [...whole.matchAll(/\}(?=,?\n)/g)].map(({ index }) => index + 1);
    for (let length = 2; length < whole.length; length += 1)
      expect(readTrace(whole.slice(0, length))).toEqual(events.slice(0, ends.filter((end) => end <= length).length));
  });

  it('the plugin contributes what its manifest says and takes no options', async () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'tracing']]);
    const [definition] = plugin.definitions;
    const check = (value: unknown) =>
      (definition as { config: { '~standard': { validate: (value: unknown) => unknown } } }).config['~standard'].validate(value);
    expect(await check({})).toEqual({ value: {} });
    expect(await check({ file: 'x' })).toHaveProperty('issues');
  });
});
