import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactArea, EngineEvent, FlowSample } from '@satsim/core';
import { TEST_LINKS, TEST_RUN, testExporterDeps, type TestExporterDeps, testLink, testTick } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from './config.js';
import plugin from './index.js';
import { ParquetExporter } from './parquet-exporter.js';
import { readTable } from './read-table.js';

const EVENT: EngineEvent = {
  tickIndex: 1,
  simTimeMs: TEST_RUN.t0Ms + 1000,
  seq: 7,
  type: 'handover',
  linkId: 'gsl:gnd-1>sat-2',
  nodeId: 'gnd-1',
  attributes: { to: 'sat-2', from: 'sat-1' },
};
const SAMPLE: FlowSample = {
  lane: 'flow',
  flow: 'p',
  simTimeMs: TEST_RUN.t0Ms,
  rttMs: 35.5,
  oneWayDelayMs: 17.75,
  lossPct: 0,
  goodputMbps: 0.1,
  hops: 2,
  pathHash: '0123456789abcdef',
  path: ['a', 'b', 'c'],
  bottleneck: 'isl:a>b',
};
const OUTAGE: FlowSample = {
  lane: 'flow',
  flow: 'p',
  simTimeMs: TEST_RUN.t0Ms + 1000,
  rttMs: null,
  oneWayDelayMs: null,
  lossPct: 100,
  goodputMbps: null,
  hops: null,
  pathHash: null,
};

describe('exporter parquet', () => {
  let kit: TestExporterDeps;
  beforeEach(async () => {
    kit = await testExporterDeps();
  });
  afterEach(() => kit.dispose());

  const exporterOf = (config: object = {}, artifacts: ArtifactArea = kit.deps.artifacts) =>
    new ParquetExporter({ artifacts, config: configSchema.parse(config) });
  const results = () => readdir(join(kit.deps.artifacts.dir, 'results'));
  const table = (name: string) => readFile(join(kit.deps.artifacts.dir, `results/${name}.parquet`)).then(readTable);
  const changes = async () => (await table('ticks')).rows.map((row) => [row.tick_index, row.change, row.link_id]);

  it('one row for each update and removal: ticks in order, removals first, links by id', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: [testLink('sat-2', 'sat-1'), testLink('gnd-1', 'sat-1')] }));
    await exporter.writeTick(testTick(1, {}));
    await exporter.writeTick(
      testTick(2, { updates: [testLink('sat-2', 'sat-1', { up: false, oneWayDelayMs: 0, lossPct: 0 })], removals: ['gsl:gnd-1>sat-1'] }),
    );
    await exporter.close();
    const sat = { source: 'sat-2', target: 'sat-1', kind: 'isl', link_id: 'isl:sat-2>sat-1' };
    const ground = { source: 'gnd-1', target: 'sat-1', kind: 'gsl', link_id: 'gsl:gnd-1>sat-1' };
    const first = { tick_index: 0, sim_time: new Date(TEST_RUN.t0Ms), change: 'update', up: true, capacity_mbps: 100, loss_pct: 1.5 };
    const third = { tick_index: 2, sim_time: new Date(TEST_RUN.t0Ms + 2000) };
    expect((await table('ticks')).rows).toEqual([
      { ...first, ...ground, one_way_delay_ms: 3.5 },
      { ...first, ...sat, one_way_delay_ms: 7.25 },
      { ...third, ...ground, change: 'removal', up: null, one_way_delay_ms: null, capacity_mbps: null, loss_pct: null },
      { ...third, ...sat, change: 'update', up: false, one_way_delay_ms: 0, capacity_mbps: 100, loss_pct: 0 },
    ]);
  });

  it('a later snapshot removes what it no longer has', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS.slice(0, 3) }));
    await exporter.writeTick(testTick(1, { removals: [TEST_LINKS[0]!.linkId] }));
    await exporter.writeTick(testTick(2, { snapshot: true, updates: [TEST_LINKS[2]!] }));
    await exporter.close();
    expect((await changes()).slice(3)).toEqual([
      [1, 'removal', TEST_LINKS[0]!.linkId],
      [2, 'removal', TEST_LINKS[1]!.linkId],
      [2, 'update', TEST_LINKS[2]!.linkId],
    ]);
  });

  it('an event with its attributes as a map', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeEvents([EVENT, { ...EVENT, seq: 8, type: 'pass_end', linkId: null, nodeId: null, attributes: {} }]);
    await exporter.close();
    const time = { tick_index: 1, sim_time: new Date(TEST_RUN.t0Ms + 1000) };
    expect((await table('events')).rows).toEqual([
      { ...time, seq: 7, type: 'handover', link_id: 'gsl:gnd-1>sat-2', node_id: 'gnd-1', attributes: { from: 'sat-1', to: 'sat-2' } },
      { ...time, seq: 8, type: 'pass_end', link_id: null, node_id: null, attributes: {} },
    ]);
  });

  it('samples sorted by time, lane and flow, whichever lane was faster; what does not apply is null', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeResults([SAMPLE, OUTAGE]);
    await exporter.writeResults([
      { ...SAMPLE, lane: 'b' },
      { ...SAMPLE, flow: 'a' },
    ]);
    await exporter.close();
    const { rows } = await table('flows');
    expect(rows.map(({ sim_time, lane, flow }) => [(sim_time as Date).getTime() - TEST_RUN.t0Ms, lane, flow])).toEqual([
      [0, 'b', 'p'],
      [0, 'flow', 'a'],
      [0, 'flow', 'p'],
      [1000, 'flow', 'p'],
    ]);
    expect(rows.slice(2)).toEqual([
      {
        sim_time: new Date(TEST_RUN.t0Ms),
        lane: 'flow',
        flow: 'p',
        rtt_ms: 35.5,
        one_way_delay_ms: 17.75,
        loss_pct: 0,
        goodput_mbps: 0.1,
        hops: 2,
        path_hash: '0123456789abcdef',
        bottleneck_link: 'isl:a>b',
        path: ['a', 'b', 'c'],
      },
      {
        sim_time: new Date(TEST_RUN.t0Ms + 1000),
        lane: 'flow',
        flow: 'p',
        rtt_ms: null,
        one_way_delay_ms: null,
        loss_pct: 100,
        goodput_mbps: null,
        hops: null,
        path_hash: null,
        bottleneck_link: null,
        path: undefined,
      },
    ]);
  });

  // The reader says undefined for a list that is null.
  it('a column in which nothing applies can be read', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeResults([OUTAGE, { ...OUTAGE, simTimeMs: OUTAGE.simTimeMs + 1 }]);
    await exporter.close();
    expect((await table('flows')).rows.map(({ path_hash, bottleneck_link, path }) => [path_hash, bottleneck_link, path])).toEqual([
      [null, null, undefined],
      [null, null, undefined],
    ]);
  });

  it('columns are typed and the file says how it is sorted', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS }));
    await exporter.close();
    const { metadata } = await table('ticks');
    const types = Object.fromEntries(
      metadata.schema.slice(1).map(({ name, type, logical_type, repetition_type }) => [name, [type, logical_type?.type, repetition_type]]),
    );
    expect(types).toMatchObject({
      tick_index: ['INT32', undefined, 'REQUIRED'],
      sim_time: ['INT64', 'TIMESTAMP', 'REQUIRED'],
      link_id: ['BYTE_ARRAY', 'STRING', 'REQUIRED'],
      up: ['BOOLEAN', undefined, 'OPTIONAL'],
      one_way_delay_ms: ['DOUBLE', undefined, 'OPTIONAL'],
    });
    const [group] = metadata.row_groups;
    expect(group!.sorting_columns!.map(({ column_idx }) => metadata.schema[column_idx + 1]!.name)).toEqual(['tick_index', 'change', 'link_id']);
    const linkIds = group!.columns.find(({ meta_data }) => meta_data!.path_in_schema[0] === 'link_id')!;
    expect(linkIds.meta_data!.encodings).toContain('RLE_DICTIONARY');
  });

  it('rows are written in groups, and no more than a group is held', async () => {
    const written: number[] = [];
    const counting: ArtifactArea = {
      dir: kit.deps.artifacts.dir,
      writeFile: (path, content) => kit.deps.artifacts.writeFile(path, content),
      openStream: async (path) => {
        const stream = await kit.deps.artifacts.openStream(path);
        return { close: () => stream.close(), write: async (chunk) => (written.push(chunk.length), stream.write(chunk)) };
      },
    };
    const exporter = exporterOf({ row_group_rows: 4 }, counting);
    await exporter.open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS.slice(0, 3) }));
    expect(written).toHaveLength(0);
    await exporter.writeTick(testTick(1, { updates: TEST_LINKS }));
    expect(written).toHaveLength(2);
    await exporter.close();
    const { metadata, rows } = await table('ticks');
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([4, 4, 1]);
    expect(rows).toHaveLength(9);
    expect((await changes()).map(([tick]) => tick)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1]);
  });

  it('without a single row: three files that can be read', async () => {
    const exporter = exporterOf();
    await exporter.open();
    await exporter.close();
    for (const name of ['ticks', 'events', 'flows']) expect((await table(name)).rows).toEqual([]);
  });

  it('until it is closed no file has its name: a run that dies leaves none that cannot be read', async () => {
    const exporter = exporterOf({ row_group_rows: 2 });
    await exporter.open();
    await exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS }));
    expect((await results()).filter((name) => name.endsWith('.parquet'))).toEqual([]);
    await exporter.close();
    expect(await results()).toEqual(['events.parquet', 'flows.parquet', 'ticks.parquet']);
  });

  it.each(['write', 'close'] as const)('a disk that refuses to %s: told, that file is not left behind, the others are whole', async (what) => {
    const failing: ArtifactArea = {
      dir: kit.deps.artifacts.dir,
      writeFile: (path, content) => kit.deps.artifacts.writeFile(path, content),
      openStream: async (path) => {
        const stream = await kit.deps.artifacts.openStream(path);
        if (!path.includes('ticks')) return stream;
        const refuse = () => Promise.reject(new Error('disk is full'));
        return {
          write: what === 'write' ? refuse : (chunk) => stream.write(chunk),
          close: () => (what === 'close' ? stream.close().then(refuse) : stream.close()),
        };
      },
    };
    const exporter = exporterOf({ row_group_rows: 2 }, failing);
    await exporter.open();
    await exporter.writeResults([SAMPLE]);
    const writing = exporter.writeTick(testTick(0, { snapshot: true, updates: TEST_LINKS }));
    if (what === 'write') await expect(writing).rejects.toThrow('disk is full');
    else await writing;
    if (what === 'close') await expect(exporter.close()).rejects.toThrow('disk is full');
    else await exporter.close();
    expect(await results()).toEqual(['events.parquet', 'flows.parquet']);
    expect((await table('flows')).rows).toHaveLength(1);
  });

  it('an open that fails leaves no file open and nothing behind', async () => {
    const failing: ArtifactArea = {
      dir: kit.deps.artifacts.dir,
      writeFile: (path, content) => kit.deps.artifacts.writeFile(path, content),
      openStream: (path) => (path.includes('flows') ? Promise.reject(new Error('disk is full')) : kit.deps.artifacts.openStream(path)),
    };
    const exporter = exporterOf({}, failing);
    await expect(exporter.open()).rejects.toThrow('disk is full');
    await exporter.close();
    await expect(access(join(kit.deps.artifacts.dir, 'results/ticks.parquet.partial'))).rejects.toThrow();
  });

  it('a write before open or after close rejects', async () => {
    const exporter = exporterOf();
    await expect(exporter.writeTick(testTick(0, {}))).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
    await exporter.open();
    await exporter.close();
    await expect(exporter.writeEvents([EVENT])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
    await expect(exporter.writeResults([SAMPLE])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
  });

  it('the plugin contributes what its manifest says; options are checked', () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'parquet']]);
    expect(configSchema.parse(undefined)).toEqual({ row_group_rows: 100_000 });
    expect(configSchema.safeParse({ row_group_rows: 0 }).success).toBe(false);
    expect(configSchema.safeParse({ compression: 'gzip' }).success).toBe(false);
  });
});
