// What users of another simulator reported as crashes (StarryNet #10, #24): constellations with one or two satellites in a plane.
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';

const HEAD = 'name: small\ntime: { t0: "2026-11-20T00:00:00Z", duration: 5s, dt: 1s }';
const GROUND = 'ground: [ { id: a, lat: 10, lon: 0 }, { id: b, lat: -10, lon: 40 } ]\ntraffic: [ { id: f, from: a, to: b } ]';

describe('StarryNet: one or two satellites in a plane crashed it', () => {
  const place = workplace();
  afterAll(place.remove);

  /** ISLs of the first tick of a run, `source>target`. */
  async function islsOf(content: string): Promise<string[]> {
    const run = await place.run(place.write('small.satsim.yaml', content));
    expect(run).toMatchObject({ outcome: 'completed', ticks: 5 });
    const [first] = await ticksOf(run.runDir);
    return first!.updates.filter(({ kind }) => kind === 'isl').map(({ source, target }) => `${source}>${target}`);
  }

  for (const pattern of ['delta', 'star']) {
    it.each([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [1, 3],
      [3, 1],
    ])(`${pattern}: %d × %d, every satellite with its neighbours and no other`, async (planes, perPlane) => {
      const walker = `{ name: W, pattern: ${pattern}, planes: ${planes}, per_plane: ${perPlane}, altitude_km: 20200, inclination_deg: 55 }`;
      const isls = await islsOf(`${HEAD}\nconstellation: [ { walker: ${walker} } ]\n${GROUND}\nlinks: { isl: { pattern: plus_grid, seam: true } }\n`);
      const ends = isls.map((isl) => isl.split('>') as [string, string]);
      expect(new Set(isls).size, 'no link twice').toBe(isls.length);
      expect(
        ends.filter(([source, target]) => source === target || !isls.includes(`${target}>${source}`)),
        'two ends, two directions',
      ).toEqual([]);
      const neighbours = Map.groupBy(ends, ([source]) => source);
      expect(neighbours.size, 'nobody is left out').toBe(planes * perPlane === 1 ? 0 : planes * perPlane);
      expect(Math.max(0, ...[...neighbours.values()].map(({ length }) => length))).toBeLessThanOrEqual(4);
    });
  }

  it.each([1, 2])('an element file of %d', async (count) => {
    const walker = '{ name: W, planes: 1, per_plane: 2, altitude_km: 9000, inclination_deg: 55 }';
    const shell = place.write('shell.satsim.yaml', `${HEAD}\nconstellation: [ { walker: ${walker} } ]\n`);
    const sets = JSON.parse(await place.output('elements', 'export', shell, '--format', 'omm')) as object[];
    expect(sets).toHaveLength(2);
    place.write('few.json', JSON.stringify(sets.slice(0, count)));
    const isls = await islsOf(`${HEAD}\nconstellation: [ { elements: { file: few.json } } ]\n${GROUND}\nlinks: { isl: { pattern: nearest } }\n`);
    // At 9,000 km, half a circle apart, the Earth is between the two.
    expect(isls).toEqual([]);
  });
});
