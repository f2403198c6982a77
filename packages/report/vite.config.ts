import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import { defineConfig } from 'vite';
import atlas from 'world-atlas/land-110m.json' with { type: 'json' };

/** In tenths of degrees: finer than a pixel of a map of 1,200. */
const STEPS = 10;

type Ring = [lon: number, lat: number][];

/** Rings that cross the date line go on beyond it, and come a second time from the other side; that around the pole is closed by way of it. */
function flattened(ring: readonly number[][]): Ring[] {
  const flat: Ring = [];
  let turn = 0;
  for (const [i, [lon, lat]] of ring.entries()) {
    const before = i === 0 ? lon : ring[i - 1][0];
    if (lon - before > 180) turn -= 360;
    else if (lon - before < -180) turn += 360;
    flat.push([lon + turn, lat]);
  }
  if (turn !== 0) flat.push([flat.at(-1)![0], -90], [flat[0][0], -90]);
  const lons = flat.map(([lon]) => lon);
  const shifts = [0, ...(Math.min(...lons) < -180 ? [360] : []), ...(Math.max(...lons) > 180 ? [-360] : [])];
  return shifts.map((shift) => flat.map(([lon, lat]): [number, number] => [lon + shift, lat]));
}

/** The land of the world (Natural Earth 1:110 million) as rings of differences. */
function coastlines(): number[][] {
  const land = feature(atlas, 'land');
  const polygons = land.features.flatMap(({ geometry }) => (geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]));
  return polygons
    .flat()
    .flatMap(flattened)
    .map((ring) => {
      const line: number[] = [];
      let [x, y] = [0, 0];
      for (const [i, [lon, lat]] of ring.entries()) {
        const [nextX, nextY] = [Math.round(lon * STEPS), Math.round(lat * STEPS)];
        if (i > 0 && nextX === x && nextY === y) continue;
        line.push(nextX - x, nextY - y);
        [x, y] = [nextX, nextY];
      }
      return line;
    });
}

/** The page of a report: one script and one style, which the library puts into every file. */
export default defineConfig({
  root: fileURLToPath(new URL('page', import.meta.url)),
  logLevel: 'warn',
  define: { COASTLINES: JSON.stringify(coastlines()) },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    lib: { entry: 'main.ts', formats: ['iife'], name: 'report', fileName: () => 'report.js', cssFileName: 'report' },
  },
});
