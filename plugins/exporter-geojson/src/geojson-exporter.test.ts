import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ephemeris, ExporterDeps } from '@satsim/core';
import { TEST_LINKS, TEST_NODES, TEST_RUN, testEphemeris, testExporterDeps, type TestExporterDeps, testLink, testTick } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from './config.js';
import type { Feature } from './features.js';
import { GeojsonExporter, NETWORK_FILE } from './geojson-exporter.js';
import plugin from './index.js';

interface Collection {
  readonly type: 'FeatureCollection';
  readonly time: string;
  readonly tick_index: number | null;
  readonly features: readonly Feature[];
}

const exporterOf = (deps: ExporterDeps, config: object = {}, change: Partial<ExporterDeps> = {}) =>
  new GeojsonExporter({ ...deps, ...change, config: configSchema.parse(config) });

describe('exporter geojson', () => {
  let kit: TestExporterDeps;
  beforeEach(async () => {
    kit = await testExporterDeps();
  });
  afterEach(() => kit.dispose());

  const network = async () => JSON.parse(await readFile(join(kit.deps.artifacts.dir, NETWORK_FILE), 'utf8')) as Collection;
  const byId = ({ features }: Collection) => new Map(features.map((feature) => [feature.id, feature]));
  const ticks = [
    testTick(0, { snapshot: true, updates: TEST_LINKS }),
    testTick(1, { updates: [testLink('sat-1', 'sat-2', { up: false, oneWayDelayMs: 8 })] }),
    testTick(2, { removals: [testLink('gnd-1', 'sat-1').linkId] }),
  ];
  const draw = async (exporter: GeojsonExporter) => {
    await exporter.open();
    for (const tick of ticks) await exporter.writeTick(tick);
    await exporter.close('completed');
    return network();
  };

  it('nodes as points, longitude first, with their heights; then links as lines with their state', async () => {
    const drawn = await draw(exporterOf(kit.deps));
    expect(drawn).toMatchObject({ type: 'FeatureCollection', time: '2026-11-20T00:00:02.000Z', tick_index: 2 });
    expect(drawn.features.map(({ id }) => id)).toEqual([
      ...TEST_NODES.map(({ id }) => id),
      ...TEST_LINKS.map(({ linkId }) => linkId)
        .filter((id) => id !== 'gsl:gnd-1>sat-1')
        .sort(),
    ]);
    const features = byId(drawn);
    expect(features.get('gnd-1')).toEqual({
      type: 'Feature',
      id: 'gnd-1',
      geometry: { type: 'Point', coordinates: [0, 0, 0] },
      properties: { type: 'node', role: 'ground_station' },
    });
    const [lon, lat, alt] = (features.get('sat-2')!.geometry as { coordinates: readonly number[] }).coordinates;
    expect([lon, lat, alt]).toEqual([expect.closeTo(10 + (360 * 2) / 6_600, 5), 0, 780_000]);
    expect(features.get('isl:sat-1>sat-2')!.properties).toEqual({
      type: 'link',
      kind: 'isl',
      source: 'sat-1',
      target: 'sat-2',
      up: false,
      one_way_delay_ms: 8,
      capacity_mbps: 100,
      loss_pct: 1.5,
    });
    const line = features.get('isl:sat-2>sat-1')!.geometry;
    expect(line).toMatchObject({ type: 'LineString', coordinates: expect.arrayContaining([[lon, lat, alt]]) });
  });

  it.each([
    ['0s', 0],
    ['1s', 1],
    ['1900ms', 1],
    ['60s', 2],
  ])('at %s after t0: the network of tick %d, asked for once', async (at, tickIndex) => {
    const asked: number[] = [];
    const ephemeris = (timeMs: number): Promise<Ephemeris> => {
      asked.push(timeMs);
      return testEphemeris(timeMs);
    };
    const drawn = await draw(exporterOf(kit.deps, { at }, { ephemeris }));
    expect(drawn.tick_index).toBe(tickIndex);
    expect(byId(drawn).get('isl:sat-1>sat-2')!.properties.up).toBe(tickIndex === 0);
    expect(asked).toEqual([TEST_RUN.t0Ms + tickIndex * TEST_RUN.dtMs]);
  });

  it('is there as soon as its tick has come', async () => {
    const exporter = exporterOf(kit.deps, { at: '1s' });
    await exporter.open();
    await exporter.writeTick(ticks[0]!);
    await expect(network()).rejects.toMatchObject({ code: 'ENOENT' });
    await exporter.writeTick(ticks[1]!);
    expect((await network()).tick_index).toBe(1);
    await exporter.writeTick(ticks[2]!);
    await exporter.close('completed');
    expect((await network()).tick_index).toBe(1);
  });

  it('without any tick: nodes at t0, no link', async () => {
    const exporter = exporterOf(kit.deps);
    await exporter.open();
    await exporter.close('completed');
    expect(await network()).toMatchObject({ time: '2026-11-20T00:00:00.000Z', tick_index: null });
    expect((await network()).features.map(({ id }) => id)).toEqual(TEST_NODES.map(({ id }) => id));
  });

  it('a node without a position is an unlocated feature that says why, and so are its links', async () => {
    const ephemeris = async (timeMs: number): Promise<Ephemeris> => {
      const all = await testEphemeris(timeMs);
      return { ...all, states: all.states.filter(({ id }) => id !== 'sat-2'), failures: [{ id: 'sat-2', reason: 'decayed' }] };
    };
    const features = byId(await draw(exporterOf(kit.deps, {}, { ephemeris })));
    expect(features.get('sat-2')).toMatchObject({ geometry: null, properties: { no_position: 'decayed' } });
    expect(features.get('isl:sat-3>sat-2')!.geometry).toBeNull();
    expect(features.get('gsl:sat-1>gnd-1')!.geometry).not.toBeNull();
  });

  it('a tick source that cannot tell positions, or an instant after the end, fails at the start', async () => {
    await expect(exporterOf(kit.deps, {}, { ephemeris: null }).open()).rejects.toMatchObject({
      code: 'EXPORTER_FAILED',
      message: expect.stringContaining('where nodes are'),
    });
    await expect(exporterOf(kit.deps, { at: '61s' }).open()).rejects.toMatchObject({
      code: 'EXPORTER_FAILED',
      message: expect.stringContaining('61s after t0, and the run takes 60 s'),
    });
  });

  it('positions that cannot be had surface; after a run that ended early they are a warning, and there is no file', async () => {
    const ephemeris = () => Promise.reject(new Error('engine went away'));
    const exporter = exporterOf(kit.deps, {}, { ephemeris });
    await exporter.open();
    await expect(exporter.close('completed')).rejects.toThrow('engine went away');
    const interrupted = exporterOf(kit.deps, {}, { ephemeris });
    await interrupted.open();
    await interrupted.close('interrupted');
    expect(kit.logs.map(({ level }) => level)).toEqual(['warn']);
    await expect(network()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a run that ends early is drawn at its last tick', async () => {
    const exporter = exporterOf(kit.deps, { at: '30s' });
    await exporter.open();
    await exporter.writeTick(ticks[0]!);
    await exporter.writeTick(ticks[1]!);
    await exporter.close('interrupted');
    expect((await network()).tick_index).toBe(1);
  });

  it('a write before open rejects', async () => {
    await expect(exporterOf(kit.deps).writeTick(ticks[0]!)).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
  });

  it('the plugin contributes what its manifest says; options are checked', () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'geojson']]);
    expect(configSchema.parse(undefined)).toEqual({ at: 'end' });
    for (const wrong of [{ at: 'noon' }, { at: 5 }, { at: '' }, { time: '5s' }]) expect(configSchema.safeParse(wrong).success).toBe(false);
  });
});
