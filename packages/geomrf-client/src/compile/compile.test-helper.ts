import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScenarioError, formatPath, scenarioSchema } from '@satsim/core';
import type { ScenarioFault, ScenarioInputDocument } from '@satsim/core';
import { formatTle, walkerShell } from '@satsim/elements';
import { afterEach, beforeEach } from 'vitest';
import { compileScenario, specToJson } from './compile-scenario.js';

export const shared = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
export const noShared = !existsSync(shared);
if (noShared && process.env.CI !== undefined) throw new Error('the shared data are missing');

/** A folder of its own for each test. */
export let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'satsim-compile-'));
});
afterEach(() => rm(dir, { recursive: true }));

const TIME = { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:10:00Z' };
export const IRIDIUM = { walker: { name: 'IR', pattern: 'star' as const, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 2 } };
export const OSLO = { id: 'oslo', lat: 59.91, lon: 10.75, alt_m: 20 };
const options = () => ({ baseDir: dir, locate: () => ({ file: 'x.satsim.yaml', line: 7, column: 1 }) });

export const compile = (document: Partial<ScenarioInputDocument>) =>
  compileScenario(scenarioSchema.parse({ name: 'x', seed: 42, time: TIME, ...document }), options());
export const json = async (document: Partial<ScenarioInputDocument>): Promise<any> => specToJson((await compile(document)).spec);

export async function faults(document: Partial<ScenarioInputDocument>): Promise<readonly ScenarioFault[]> {
  try {
    await compile(document);
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}
export const brief = (found: readonly ScenarioFault[]) => found.map(({ path, message }) => `${formatPath(path)}: ${message}`);

/** A 3LE file of a small shell, with the names replaced. */
export async function elementFile(name: string, names: readonly string[]): Promise<string> {
  const shell = walkerShell(
    { name: 'S', pattern: 'delta', planes: 1, perPlane: names.length, altitudeKm: 550, inclinationDeg: 53, phasing: 0 },
    { unixSeconds: Date.parse(TIME.t0) / 1000, nanos: 0 },
  );
  await writeFile(join(dir, name), formatTle(shell.map(({ elements }, index) => ({ ...elements, objectName: names[index]! }))));
  return name;
}
