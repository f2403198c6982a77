import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';

const readJsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

describe('one ground station and one satellite', () => {
  const place = workplace();
  afterAll(place.remove);

  it('have content in the first three ticks, and every event belongs to a delta tick', async () => {
    const file = place.write(
      'one.satsim.yaml',
      `
name: one
seed: 7
time: { t0: "2026-11-20T00:00:00Z", duration: 20m, dt: 1s }
constellation: [ { walker: { name: LEO, planes: 1, per_plane: 1, altitude_km: 700, inclination_deg: 0 } } ]
ground: [ { id: station, lat: 0, lon: LONGITUDE } ]
links: { gsl: { min_elevation_deg: 5 }, thresholds: { delay_ms: 0 } }
exporters: { jsonl: {} }
`,
    );
    const ephemeris = JSON.parse(await place.output('ephemeris', file, '--set', 'ground[0].lon=0', '--at', '2026-11-20T00:00:00Z', '--format', 'json')) as {
      id: string;
      x_km: number;
      y_km: number;
    }[];
    const satellite = ephemeris.find((state) => state.id === 'LEO-1-1')!;
    const longitude = (Math.atan2(satellite.y_km, satellite.x_km) * 180) / Math.PI;

    const run = await place.run(file, '--set', `ground[0].lon=${longitude}`);
    const ticks = await ticksOf(run.runDir);
    expect(ticks).toHaveLength(1200);
    for (const tick of ticks.slice(0, 3)) expect(tick.updates.length, `tick ${tick.tickIndex}`).toBeGreaterThan(0);

    const events = readJsonLines<{ tickIndex: number; simTimeMs: number; seq: number; type: string }>(join(run.runDir, 'results', 'events.jsonl'));
    const byIndex = new Map(ticks.map((tick) => [tick.tickIndex, tick.simTimeMs]));
    expect(events.some((event) => event.type === 'pass_end')).toBe(true);
    for (const event of events) expect(byIndex.get(event.tickIndex)).toBe(event.simTimeMs);
    expect(events.map((event) => event.seq)).toEqual(events.map((event) => event.seq).toSorted((a, b) => a - b));
    expect(new Set(events.map((event) => event.seq)).size).toBe(events.length);
  });
});
