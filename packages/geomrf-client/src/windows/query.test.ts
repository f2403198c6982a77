import { describe, expect, test } from 'vitest';
import { dir, elementFile } from '../compile/compile.test-helper.js';
import { SILENT, T0 } from '../engine/fake-engine.test-helper.js';
import { queryEphemeris, queryLinks } from './query.js';
import { scenario, engine, failure } from '../tick-source.test-helper.js';

describe('queries', () => {
  const options = () => ({ baseDir: '/', locate: () => null, target: engine.target, timeMs: T0 + 2_345, logger: SILENT });

  test.each([false, true])('links at an instant off the grid, with their budgets (columns: %s)', async (columns) => {
    engine.capabilities.columns = columns;
    engine.batch = (_k, init) => ({
      ...init,
      updates: [{ ...init.updates![0]!, rangeM: 900_000, elevationDeg: 30, azimuthDeg: 120, snrDb: 11, snrMarginDb: 2, modcod: 'QPSK 3/4' }],
    });
    const links = await queryLinks(scenario, options());
    expect(links).toEqual([
      expect.objectContaining({
        linkId: 'gsl:SAT-1>oslo',
        rf: { elevationDeg: 30, azimuthDeg: 120, slantRangeKm: 900, snrDb: 11, marginDb: 2, modcod: 'QPSK 3/4' },
      }),
    ]);
    expect(engine.streams[0]).toMatchObject({ includeDebug: true, thresholds: { delayS: 0, capacityBps: 0, lossRate: 0 } });
    expect(engine.open.size).toBe(0);
  });

  test('ephemeris at an instant', async () => {
    const { states } = await queryEphemeris(scenario, { ...options(), frame: 'ecef' });
    expect(states.map(({ id }) => id)).toEqual(['SAT-1']);
    expect(engine.open.size).toBe(0);
  });

  test('says what the engine warns of, and what was found when the scenario was compiled', async () => {
    const said: string[] = [];
    const logger = { ...SILENT, warn: (_fields: object, message: string) => void said.push(message) };
    const elements = { file: await elementFile('a.tle', ['A-1']), select: { catalog: [1, 44714] } };
    await queryEphemeris({ ...scenario, constellation: [{ elements }] }, { ...options(), baseDir: dir, logger });
    expect(said).toEqual(['a.tle has no satellite with the catalogue number 44714', 'the engine warns']);
  });

  test('an engine without positions is FAILED_PRECONDITION, and the scenario is closed', async () => {
    engine.capabilities.ephemeris = false;
    expect(await failure(queryEphemeris(scenario, options()))).toMatchObject({ code: 'GEOMRF_FAILED_PRECONDITION' });
    expect(engine.open.size).toBe(0);
  });
});
