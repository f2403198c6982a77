import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isSatsimError, NETWORK_PATH, readRun, readRunDir, readTrace, SatsimError } from '@satsim/core';
import type { ErrorCode, NetworkNode, RunManifest, Trace, TraceError } from '@satsim/core';
import { z } from 'zod';

/** Ticks that were recorded, and what is known of the run that did. */
export interface Recording {
  readonly trace: Trace;
  /** How far the trace is read: that of a run that crashed, or where it is asked for, up to where it is damaged. */
  readonly upTo: 'end' | 'damage';
  /** `null`: a trace by itself. */
  readonly run: { readonly runId: string; readonly runDir: string; readonly manifest: RunManifest } | null;
}

/**
 * Finds what a scenario calls `ticks.trace`: a path (of a run, its folder `traces`, or a file) from the scenario's folder,
 * or the id of a run.
 *
 * @throws SatsimError ARTIFACTS or TRACE_INVALID; RUN_STATE of a run that still goes on
 */
export async function openRecording(
  name: string,
  { baseDir, artifactsRoot, upTo }: { readonly baseDir: string; readonly artifactsRoot: string; readonly upTo: Recording['upTo'] },
): Promise<Recording> {
  const path = resolve(baseDir, name);
  if (await exists(path)) return recordingAt(path, upTo);
  const run = /[\\/]/.test(name) ? null : await readRun(artifactsRoot, name).catch(() => null);
  if (run) return recordingAt(run.runDir, upTo);
  throw new SatsimError('ARTIFACTS', `there is neither ${path} nor a run ${name} in ${resolve(artifactsRoot)}`, {
    hint: '`satsim list-runs` shows the runs that are there',
  });
}

/** @throws SatsimError ARTIFACTS or TRACE_INVALID; RUN_STATE of a run that still goes on */
export async function recordingAt(path: string, upTo: Recording['upTo']): Promise<Recording> {
  const sound = await soundTrace(path);
  const runDir = dirname(dirname(sound.path));
  const { manifest, status, runId: called, problems } = await readRunDir(runDir);
  if (status === 'running') throw new SatsimError('RUN_STATE', `run ${called} still goes on`, { hint: 'wait for its end' });
  // Its ticks alone are another thing than the run: no traffic, no lanes.
  if (manifest === null && resolve(path) === runDir && (await exists(join(runDir, 'manifests'))))
    throw new SatsimError('ARTIFACTS', `run ${called} cannot be read: ${problems.join('; ')}`, { hint: `its ticks alone can be played: name ${sound.path}` });
  // Its folder may have another name by now.
  const run = manifest === null ? null : { runId: manifest.runId, runDir, manifest };
  // A run that is killed may leave half a frame.
  if (upTo === 'damage' || status === 'crashed') return { trace: sound, upTo: 'damage', run };
  return { trace: await readTrace(path), upTo, run };
}

async function soundTrace(path: string): Promise<Trace> {
  try {
    return await readTrace(path, { upTo: 'damage' });
  } catch (error) {
    const file = isSatsimError(error) && error.code === 'TRACE_INVALID' ? (error as TraceError).file : null;
    const { status, manifest } = await readRunDir(file === null ? path : dirname(dirname(file)));
    // Killed before the first line was on the disk.
    if (status === 'crashed' && manifest?.traceRecorded === true) throw noTick(file ?? path, error);
    throw error;
  }
}

/** @param left what else there is to say of it */
export function noTick(file: string, cause: unknown, left = ''): SatsimError {
  return new SatsimError('ARTIFACTS', `no tick was recorded in ${file}${left}`, { cause: cause ?? undefined });
}

const network = z.object({
  nodes: z.array(z.object({ id: z.string(), role: z.enum(['satellite', 'ground_station', 'user_terminal']), relay: z.boolean() })),
});

/**
 * The nodes that the run had; `null` where it did not write them down.
 * @throws SatsimError ARTIFACTS when the file is not what a run writes
 */
export async function recordedNodes({ run }: Recording): Promise<readonly NetworkNode[] | null> {
  if (run === null) return null;
  return (await jsonOf(join(run.runDir, NETWORK_PATH), network))?.nodes ?? null;
}

/**
 * The specification that the run's ticks were computed from; of a trace by itself what its header says.
 * @throws SatsimError ARTIFACTS when the file is not what a run writes
 */
export async function recordedSpec({ run, trace }: Recording): Promise<unknown> {
  const spec = run === null ? undefined : await jsonOf(join(run.runDir, 'manifests/spec.json'), z.unknown());
  return spec === undefined ? { trace: trace.header } : spec;
}

async function jsonOf<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SatsimError('ARTIFACTS', `${path} is not what a run writes there`, { cause: error });
  }
}

/** Of the trace's bytes as they are stored. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const REASONS: ReadonlySet<ErrorCode> = new Set(['ARTIFACTS', 'TRACE_INVALID', 'RUN_STATE', 'USAGE']);

/** What can't be replayed is a fault of what names it; a defect is not. */
export function reasonOf(error: unknown): { readonly message: string; readonly hint: string | undefined } {
  if (isSatsimError(error) && REASONS.has(error.code)) return { message: error.message, hint: error.hint };
  throw error;
}
