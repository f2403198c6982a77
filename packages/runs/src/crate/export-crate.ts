import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { RunRecord } from '@satsim/core';
import { openArtifactArea, SatsimError } from '@satsim/core';
import { artifactError, unreadable } from '@satsim/core/records';
import { endedManifest, freeFolder } from '../export/export-run.js';
import { crateMetadata, METADATA_FILE } from './crate-metadata.js';
import type { CrateFile } from './crate-metadata.js';
import { FolderSink, Measured, ZipSink } from './crate-sink.js';
import { authorEntity, licenseEntity } from './crate-terms.js';

export interface CrateOptions {
  /** An SPDX identifier or an address. */
  readonly license?: string | undefined;
  /** Names, ORCID iDs, or both in one text. */
  readonly authors?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written. */
export interface ExportedCrate {
  readonly runId: string;
  /** Absolute: the folder, or the zip file. */
  readonly out: string;
  /** Absolute: `ro-crate-metadata.json`, or the zip file. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The run as an RO-Crate: all of its files as they are, and `ro-crate-metadata.json`. What comes out is a run directory as well:
 * `satsim verify` and `satsim replay` take it. A folder, or a zip file where `out` ends in `.zip`; there whole or not at all.
 *
 * @throws SatsimError RUN_STATE for a run that has not ended; USAGE for a licence or an author that is none, and when there is something at
 *   `out` already; ARTIFACTS. What `signal` was aborted with
 */
export async function exportCrate(record: RunRecord, out: string, options: CrateOptions = {}): Promise<ExportedCrate> {
  const { license, authors = [], signal } = options;
  const terms = { license: license === undefined ? null : licenseEntity(license), authors: authors.map(authorEntity) };
  const manifest = endedManifest(record);
  const { runId, runDir } = record;
  const zipped = out.endsWith('.zip');
  const target = zipped ? await freeFile(out) : await freeFolder(out);
  const partial = `${target}.partial-${process.pid}`;
  const expected = await recordedHashes(runDir);
  const warnings = license === undefined ? ['the archive names no licence: nobody may use it without asking. Give one with --license'] : [];
  const mtime = new Date(manifest.endedAt ?? manifest.startedAt);
  try {
    await openArtifactArea(zipped ? dirname(target) : partial, '--out');
    const sink = zipped ? new ZipSink(partial, mtime) : new FolderSink(partial);
    let complete = false;
    try {
      const files: CrateFile[] = [];
      for (const path of await filesOf(runDir)) {
        signal?.throwIfAborted();
        const measured = new Measured(reading(join(runDir, path), signal));
        await sink.add(path, measured);
        const sha256 = measured.sha256();
        files.push({ path, bytes: measured.bytes, sha256 });
        if ((expected.get(path) ?? sha256) !== sha256)
          warnings.push(`${join(runDir, path)} is not what the run left: its SHA-256 is another one than in manifests/files.sha256`);
      }
      const metadata = `${JSON.stringify(crateMetadata(record, manifest, files, terms), null, 2)}\n`;
      await sink.add(METADATA_FILE, one(Buffer.from(metadata)));
      complete = true;
    } finally {
      await sink.close(complete);
    }
    if (!zipped) await rmdir(target).catch(() => undefined);
    await rename(partial, target);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof SatsimError ? error : artifactError(error, 'write', target, '--out');
  } finally {
    // Where it could not be made there is none.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
  return { runId, out: target, files: [zipped ? target : join(target, METADATA_FILE)], warnings };
}

async function freeFile(path: string): Promise<string> {
  const file = resolve(path);
  if ((await stat(file).catch(() => null)) === null) return file;
  throw new SatsimError('USAGE', `${file} is there already`, { hint: 'name another one with --out, or remove it first' });
}

/** Relative, with `/`, sorted; without hidden ones, which are of a run that did not end in order, and without metadata of an archive that this run came from. */
async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((path) => path !== METADATA_FILE && !path.split('/').some((part) => part.startsWith('.')))
    .sort();
}

/** By path; none for a run that did not write them. */
async function recordedHashes(runDir: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(runDir, 'manifests/files.sha256'), 'utf8').catch(() => '');
  return new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sha256, path]) => [path!, sha256!]));
}

async function* reading(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 })) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(error, path);
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
