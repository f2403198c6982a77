import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unreadable } from '../artifacts/artifact-error.js';
import { readRunDir } from '../artifacts/read-run.js';
import type { RunManifest } from '../artifacts/run-manifest.js';
import type { ScenarioInput } from '../contract/network.js';
import { SatsimError, ScenarioError } from '../errors.js';
import { loadScenario } from '../scenario/load.js';
import type { LoadedScenario, LoadOptions } from '../scenario/types.js';

const NORMALIZED = 'manifests/scenario.normalized.json';
const AS_GIVEN = 'manifests/scenario.yaml';

/**
 * The scenario of a run as it ran, with the files that it read then: planned and run again it is the same, also on another machine
 * and in another folder. Nothing outside the run directory is looked at; the environment counts no more.
 * @param options `set` changes fields of the scenario as it ran
 * @throws SatsimError ARTIFACTS when something is missing, can't be read, or is not what the run manifest says
 * @throws ScenarioError for a scenario that this version of satsim does not take any more
 */
export async function loadRecordedScenario(runDir: string, options: Pick<LoadOptions, 'laneNames' | 'set'>): Promise<LoadedScenario> {
  const { manifest, inputs, source } = await recordedFiles(runDir);
  const file = join(runDir, NORMALIZED);
  await reading(file);
  const loaded = await loadScenario(file, { ...options, env: {} });
  if (loaded.scenario === null || loaded.faults.length > 0) throw new ScenarioError(loaded.faults);
  // Paths in it start from where it was; that there is nothing there any more does not matter.
  return { ...loaded, file: manifest.scenario.file, baseDir: dirname(manifest.scenario.file), source: source.toString('utf8'), inputs };
}

/**
 * The scenario of a run as it was given, before overrides and with what it takes from the environment now; files that it includes and names
 * are those that the run read. Faults are in what it returns, as of `loadScenario`, and name the files where they were.
 * @throws SatsimError ARTIFACTS when something is missing, can't be read, or a file is not what the run manifest says
 */
export async function loadGivenScenario(runDir: string, options: Pick<LoadOptions, 'laneNames' | 'set'>): Promise<LoadedScenario> {
  const { manifest, inputs, source } = await recordedFiles(runDir);
  const { file, sha256 } = manifest.scenario;
  return { ...(await loadScenario(file, { ...options, files: [{ path: file, sha256, content: source }, ...inputs] })), inputs };
}

async function recordedFiles(runDir: string): Promise<{ manifest: RunManifest; inputs: readonly ScenarioInput[]; source: Buffer }> {
  const { manifest, problems } = await readRunDir(runDir);
  if (manifest === null) throw new SatsimError('ARTIFACTS', problems.join('; '));
  const inputs: ScenarioInput[] = [];
  for (const input of manifest.inputs) inputs.push(await recordedInput(runDir, input));
  return { manifest, inputs, source: await reading(join(runDir, AS_GIVEN)) };
}

async function recordedInput(runDir: string, { path, sha256, copy }: RunManifest['inputs'][number]): Promise<ScenarioInput> {
  const file = join(runDir, copy);
  const content = await reading(file);
  const found = createHash('sha256').update(content).digest('hex');
  if (found === sha256) return { path, sha256, content };
  throw new SatsimError('ARTIFACTS', `${file} is not what the run read: its SHA-256 is ${found}, the run manifest says ${sha256}`);
}

async function reading(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(error, path);
  }
}
