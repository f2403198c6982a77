import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatPath } from '../errors.js';
import { loadScenario } from './load.js';
import type { LoadedScenario, LoadOptions } from './types.js';

export const LANES = ['flow', 'mininet', 'omnet'];

/** Writes files (the first is the main one) into a folder that is removed afterwards, and loads the scenario. */
export async function loadFiles(files: Readonly<Record<string, string | Uint8Array>>, options: Partial<LoadOptions> = {}): Promise<LoadedScenario> {
  const folder = await mkdtemp(path.join(tmpdir(), 'satsim-scenario-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return await loadScenario(path.join(folder, Object.keys(files)[0]!), { laneNames: LANES, env: {}, ...options });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const loadText = (text: string, options: Partial<LoadOptions> = {}): Promise<LoadedScenario> => loadFiles({ 'main.satsim.yaml': text }, options);

/** `file:line field: message`, files without their folder. */
export function faultLines(loaded: LoadedScenario): string[] {
  return loaded.faults.map(
    ({ file, line, path: field, message }) => `${file === null ? '' : path.basename(file)}:${line ?? ''} ${formatPath(field)}: ${message}`,
  );
}

/** A scenario without faults, to which tests add theirs. Ends in the middle of nothing: more keys may follow. */
export const VALID = `name: base
time: { t0: "2026-11-20T00:00:00Z", t1: "2026-11-20T00:10:00Z", dt: 1s }
constellation:
  - walker: { name: IR, pattern: star, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 2 }
ground:
  - { id: oslo, lat: 59.91, lon: 10.75 }
  - { id: singapore, lat: 1.35, lon: 103.82 }
traffic:
  - { id: os-sg, from: oslo, to: singapore }
`;
