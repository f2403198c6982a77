import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineEvent, Ephemeris, ExporterDeps, FlowSample, NetworkNode, NodeState } from '@satsim/core';
import {
  TEST_LINKS,
  TEST_NODES,
  TEST_RUN,
  TEST_SCENARIO,
  testEphemeris,
  testExporterDeps,
  type TestExporterDeps,
  testLink,
  testTick,
} from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf, type Json } from './check-czml.test-helper.js';
import { configSchema } from './config.js';
import { CZML_FILE, CzmlExporter } from './czml-exporter.js';
import plugin from './index.js';

const exporterOf = (deps: ExporterDeps, config: object = {}, change: Partial<ExporterDeps> = {}) =>
  new CzmlExporter({ ...deps, ...change, config: configSchema.parse(config) });
const timeOf = (tick: number): number => TEST_RUN.t0Ms + tick * TEST_RUN.dtMs;
const at = (tick: number): string => new Date(timeOf(tick)).toISOString();
const sample = (tick: number, path: readonly string[] | undefined, change: Partial<FlowSample> = {}): FlowSample => ({
  lane: 'flow',
  flow: 'end-to-end',
  simTimeMs: timeOf(tick),
  rttMs: null,
  oneWayDelayMs: null,
  lossPct: path ? 0 : 100,
  goodputMbps: null,
  hops: null,
  pathHash: null,
  ...(path && { path }),
  ...change,
});
const handover = (tick: number, from: string, to: string): EngineEvent => ({
  tickIndex: tick,
  simTimeMs: timeOf(tick),
  seq: tick,
  type: 'handover',
  linkId: `gsl:gnd-1>${to}`,
  nodeId: 'gnd-1',
  attributes: { from, to },
});
const PATH = ['gnd-1', 'sat-1', 'sat-2', 'sat-3'];

describe('exporter czml', () => {
  let kit: TestExporterDeps;
  beforeEach(async () => {
    kit = await testExporterDeps();
  });
  afterEach(() => kit.dispose());

  /** Ten ticks, with what is done at some of them; the document by id, found to be sound. */
  async function drawn(exporter: CzmlExporter, steps: Readonly<Record<number, () => Promise<void>>> = {}, ticks = 10): Promise<ReadonlyMap<string, Json>> {
    await exporter.open();
    for (let tick = 0; tick < ticks; tick++) {
      const step = steps[tick];
      if (step) await step();
      else await exporter.writeTick(testTick(tick, tick === 0 ? { snapshot: true, updates: TEST_LINKS } : {}));
    }
    await exporter.close();
    const packets = JSON.parse(await readFile(join(kit.deps.artifacts.dir, CZML_FILE), 'utf8')) as Json[];
    expect(faultsOf(packets)).toEqual([]);
    return new Map(packets.map((packet) => [packet.id, packet]));
  }

  it('a clock over the run that loops', async () => {
    const packets = await drawn(exporterOf(kit.deps));
    expect([...packets.keys()][0]).toBe('document');
    expect(packets.get('document')).toEqual({
      id: 'document',
      name: 'contract-kit',
      version: '1.0',
      clock: { interval: `${at(0)}/${at(10)}`, currentTime: at(0), multiplier: 1, range: 'LOOP_STOP', step: 'SYSTEM_CLOCK_MULTIPLIER' },
    });
  });

  it('satellites with positions over the run, metres, Earth-fixed, enough of them to interpolate', async () => {
    const { position } = (await drawn(exporterOf(kit.deps))).get('node/sat-2')!;
    expect(position).toMatchObject({ referenceFrame: 'FIXED', epoch: at(0), interpolationAlgorithm: 'LAGRANGE', interpolationDegree: 5 });
    expect(position.cartesian.filter((_: number, i: number) => i % 4 === 0)).toEqual([0, 12, 24, 36, 48, 60]);
    const [x, y, z] = (await testEphemeris(timeOf(12))).states.find(({ id }) => id === 'sat-2')!.positionKm;
    expect(position.cartesian.slice(4, 8)).toEqual([12, Math.round(x * 1e3), Math.round(y * 1e3), z]);
  });

  it('positions no further apart than the step, asked for one step ahead of the run and not beyond', async () => {
    const asked: number[] = [];
    const ephemeris = (timeMs: number): Promise<Ephemeris> => {
      asked.push((timeMs - TEST_RUN.t0Ms) / 1e3);
      return testEphemeris(timeMs);
    };
    const exporter = exporterOf(kit.deps, { sample_step: '1s' }, { ephemeris });
    await exporter.open();
    expect(asked).toEqual([0, 1, 2, 3, 4, 5]);
    for (let tick = 0; tick < 5; tick++) await exporter.writeTick(testTick(tick, {}));
    expect(asked).toHaveLength(6);
    await exporter.writeTick(testTick(5, {}));
    expect(asked.slice(6)).toEqual([6]);
    await exporter.close();
    expect(asked).toHaveLength(7);
  });

  it('places on the ground with a label, moving ones along straight lines', async () => {
    const ephemeris = async (timeMs: number): Promise<Ephemeris> => {
      const all = await testEphemeris(timeMs);
      const ship: NodeState = { id: 'ship', positionKm: [6_378, (timeMs - TEST_RUN.t0Ms) / 1e5, 0], velocityKmS: [0, 0.01, 0] };
      return { ...all, states: [...all.states, ship] };
    };
    const nodes: NetworkNode[] = [...TEST_NODES, { id: 'ship', role: 'user_terminal', relay: false }];
    const packets = await drawn(exporterOf(kit.deps, {}, { ephemeris, nodes }));
    expect(packets.get('node/gnd-1')).toMatchObject({
      name: 'gnd-1',
      position: { referenceFrame: 'FIXED', cartesian: [6_378_137, 0, 0] },
      label: { text: 'gnd-1' },
    });
    expect(packets.get('node/ship')!.position).toMatchObject({ interpolationAlgorithm: 'LINEAR' });
    expect(packets.get('node/ship')!.position.cartesian).toHaveLength(6 * 4);
    expect(packets.get('node/sat-1')).not.toHaveProperty('label');
  });

  it('one line for both directions of a link, shown while one of them is up', async () => {
    const exporter = exporterOf(kit.deps);
    const [there, back] = [testLink('sat-1', 'sat-2'), testLink('sat-2', 'sat-1')];
    const packets = await drawn(exporter, {
      2: () => exporter.writeTick(testTick(2, { updates: [{ ...there, up: false }] })),
      4: () => exporter.writeTick(testTick(4, { removals: [back.linkId] })),
      6: () => exporter.writeTick(testTick(6, { updates: [back] })),
      8: () => exporter.writeTick(testTick(8, { snapshot: true, updates: TEST_LINKS.filter(({ kind }) => kind === 'gsl') })),
    });
    expect([...packets.keys()].filter((id) => id.startsWith('link/'))).toEqual(['link/gsl/gnd-1/sat-1', 'link/isl/sat-1/sat-2', 'link/isl/sat-2/sat-3']);
    const { polyline } = packets.get('link/isl/sat-1/sat-2')!;
    expect(polyline.positions.references).toEqual(['node/sat-1#position', 'node/sat-2#position']);
    expect(polyline.show).toEqual([
      { interval: `${at(0)}/${at(4)}`, boolean: true },
      { interval: `${at(4)}/${at(6)}`, boolean: false },
      { interval: `${at(6)}/${at(8)}`, boolean: true },
      { interval: `${at(8)}/${at(10)}`, boolean: false },
    ]);
    expect(packets.get('link/gsl/gnd-1/sat-1')!.polyline).not.toHaveProperty('show');
  });

  it('the paths of a flow while it takes them; none during an outage', async () => {
    const exporter = exporterOf(kit.deps);
    const short = ['gnd-1', 'sat-1'];
    const packets = await drawn(exporter, {
      1: () => exporter.writeResults([sample(1, PATH)]),
      2: () => exporter.writeResults([sample(2, PATH), sample(2, short, { lane: 'other' })]),
      3: () => exporter.writeResults([sample(3, short)]),
      5: () => exporter.writeResults([sample(5, undefined)]),
      7: () => exporter.writeResults([sample(7, PATH)]),
    });
    const flows = [...packets].filter(([id]) => id.startsWith('flow/'));
    expect(flows.map(([id, { name }]) => [id, name])).toEqual([
      ['flow/flow/end-to-end/1', 'end-to-end (flow): gnd-1 > sat-1 > sat-2 > sat-3'],
      ['flow/flow/end-to-end/2', 'end-to-end (flow): gnd-1 > sat-1'],
      ['flow/other/end-to-end/1', 'end-to-end (other): gnd-1 > sat-1'],
    ]);
    const shown = (id: string) =>
      packets
        .get(id)!
        .polyline.show.filter(({ boolean }: Json) => boolean)
        .map(({ interval }: Json) => interval);
    expect(shown('flow/flow/end-to-end/1')).toEqual([`${at(1)}/${at(3)}`, `${at(7)}/${at(10)}`]);
    expect(shown('flow/flow/end-to-end/2')).toEqual([`${at(3)}/${at(5)}`]);
    expect(flows[0]![1].polyline.positions.references).toEqual(PATH.map((id) => `node/${id}#position`));
  });

  it('a flow that stops has no path after that', async () => {
    const traffic = TEST_SCENARIO.traffic.map((flow) => (flow.id === 'end-to-end' ? { ...flow, stop: '4s' } : flow));
    const exporter = exporterOf(kit.deps, {}, { scenario: { ...TEST_SCENARIO, traffic } });
    const packets = await drawn(exporter, {
      1: () => exporter.writeResults([sample(1, PATH)]),
      4: () => exporter.writeResults([sample(4, ['gnd-1', 'sat-1'])]),
    });
    expect(packets.get('flow/flow/end-to-end/1')!.polyline.show[1]).toEqual({ interval: `${at(1)}/${at(4)}`, boolean: true });
    expect(packets.has('flow/flow/end-to-end/2')).toBe(false);
  });

  it('a handover is told at its terminal for a while, or until the next one', async () => {
    const exporter = exporterOf(kit.deps);
    const other: EngineEvent = { ...handover(3, '', ''), type: 'link_up' };
    const packets = await drawn(exporter, {
      2: () => exporter.writeEvents([handover(2, 'sat-1', 'sat-2')]),
      4: () => exporter.writeEvents([other, handover(4, 'sat-2', 'sat-3')]),
    });
    const { label, point, position } = packets.get('handover/gnd-1')!;
    expect(position).toEqual({ reference: 'node/gnd-1#position' });
    expect(label.text).toEqual([
      { interval: `${at(2)}/${at(4)}`, string: 'sat-1 → sat-2' },
      { interval: `${at(4)}/${at(7)}`, string: 'sat-2 → sat-3' },
    ]);
    expect(point.show.map(({ boolean }: Json) => boolean)).toEqual([false, true, true, false]);
    expect(label.show).toEqual(point.show);
  });

  it.each([
    ['all', ['link/gsl/gnd-1/sat-1', 'link/isl/sat-1/sat-2', 'link/isl/sat-2/sat-3']],
    ['used', ['link/gsl/gnd-1/sat-1', 'link/isl/sat-1/sat-2']],
    ['none', []],
  ])('links: %s', async (links, expected) => {
    const exporter = exporterOf(kit.deps, { links });
    const packets = await drawn(exporter, { 1: () => exporter.writeResults([sample(1, ['gnd-1', 'sat-1', 'sat-2'])]) });
    expect([...packets.keys()].filter((id) => id.startsWith('link/'))).toEqual(expected);
  });

  it('by default a large constellation is drawn with the links in use only', async () => {
    const more = Array.from({ length: 200 }, (_, i): NetworkNode => ({ id: `more-${i}`, role: 'satellite', relay: true }));
    const packets = await drawn(exporterOf(kit.deps, {}, { nodes: [...TEST_NODES, ...more] }));
    expect([...packets.keys()].filter((id) => id.startsWith('link/'))).toEqual(['link/gsl/gnd-1/sat-1']);
  });

  it('a satellite that decays is there until then; one without any position is left out with its links, and the log says why', async () => {
    const ephemeris = async (timeMs: number): Promise<Ephemeris> => {
      const all = await testEphemeris(timeMs);
      const gone = timeMs > timeOf(6) ? ['sat-2', 'sat-3'] : ['sat-3'];
      return { ...all, states: all.states.filter(({ id }) => !gone.includes(id)), failures: gone.map((id) => ({ id, reason: 'decayed' })) };
    };
    const packets = await drawn(exporterOf(kit.deps, { sample_step: '1s' }, { ephemeris }));
    expect(packets.get('node/sat-2')!.availability).toBe(`${at(0)}/${at(6)}`);
    expect(packets.get('node/sat-1')).not.toHaveProperty('availability');
    expect(packets.has('node/sat-3')).toBe(false);
    expect([...packets.keys()].filter((id) => id.startsWith('link/'))).toEqual(['link/gsl/gnd-1/sat-1', 'link/isl/sat-1/sat-2']);
    expect(kit.logs.map(({ message }) => message)).toEqual(['sat-3 is not drawn all the time: decayed', 'sat-2 is not drawn all the time: decayed']);
  });

  it('without any tick: where everything was at the start', async () => {
    const packets = await drawn(exporterOf(kit.deps), {}, 0);
    expect([...packets.keys()]).toEqual(['document', 'node/sat-1', 'node/sat-2', 'node/sat-3', 'node/gnd-1']);
  });

  it('a tick source that cannot tell positions fails at the start; positions that cannot be had surface', async () => {
    await expect(exporterOf(kit.deps, {}, { ephemeris: null }).open()).rejects.toMatchObject({
      code: 'EXPORTER_FAILED',
      message: expect.stringContaining('where nodes are'),
    });
    await expect(exporterOf(kit.deps, {}, { ephemeris: () => Promise.reject(new Error('engine went away')) }).open()).rejects.toThrow('engine went away');
  });

  it('an engine that goes away on the way: told, and what was known by then is drawn', async () => {
    const ephemeris = (timeMs: number): Promise<Ephemeris> => (timeMs > timeOf(7) ? Promise.reject(new Error('engine went away')) : testEphemeris(timeMs));
    const exporter = exporterOf(kit.deps, { sample_step: '1s' }, { ephemeris });
    const packets = await drawn(exporter, {
      7: () => expect(exporter.writeTick(testTick(7, {}))).rejects.toThrow('engine went away'),
      8: async () => {},
      9: async () => {},
    });
    expect(packets.get('document')!.clock.interval).toBe(`${at(0)}/${at(8)}`);
    expect(packets.get('node/sat-2')!.availability).toBe(`${at(0)}/${at(7)}`);
  });

  it('the plugin contributes what its manifest says; options are checked', () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'czml']]);
    expect(configSchema.parse(undefined)).toEqual({ sample_step: '2m', links: 'auto' });
    for (const wrong of [{ links: 'some' }, { sample_step: '10ms' }, { sample_step: 60 }, { frame: 'INERTIAL' }])
      expect(configSchema.safeParse(wrong).success).toBe(false);
  });
});
