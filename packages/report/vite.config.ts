import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import { defineConfig } from 'vite';

/** In tenths of degrees: finer than a pixel of a map of 1,200. */
const STEPS = 10;

/** The land of the world (Natural Earth 1:110 million) as rings of differences. */
function coastlines(): number[][] {
  const file = createRequire(import.meta.url).resolve('world-atlas/land-110m.json');
  const land = feature(JSON.parse(readFileSync(file, 'utf8')), 'land');
  const polygons = land.features.flatMap(({ geometry }) => (geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]));
  return polygons.flat().map((ring) => {
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
