import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { SatsimError } from '@satsim/core';

/** More than any description of a network; a folder of packet captures is a mistake to be told, not to be read. */
const MAX_MIB = 256;

/**
 * Reads files, and the files of folders (not of folders in them, nor hidden ones; sorted by name).
 * @param folder what the keys are relative to
 * @throws SatsimError USAGE naming the file that can't be read
 */
export async function readInputFiles(paths: readonly string[], folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const path of paths) {
    const entry = await reading(path, () => stat(path));
    const names = entry.isDirectory() ? (await reading(path, () => readdir(path))).filter((name) => !name.startsWith('.')).sort() : [];
    for (const file of entry.isDirectory() ? names.map((name) => join(path, name)) : [path]) {
      const found = await reading(file, () => stat(file));
      if (!found.isFile() && entry.isDirectory()) continue;
      if (!found.isFile()) throw new SatsimError('USAGE', `${file}: is neither a file nor a folder`);
      bytes += found.size;
      if (bytes > MAX_MIB * 2 ** 20) throw new SatsimError('USAGE', `${path}: more than ${MAX_MIB} MiB to read`, { hint: 'Name the files that matter' });
      files.set(relative(folder, file).split(sep).join('/'), await reading(file, () => readFile(file)));
    }
  }
  return files;
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'no such file or folder', EACCES: 'may not be read (permission denied)' };

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SatsimError('USAGE', `${path}: ${REASONS[code ?? ''] ?? message}`, { cause: error });
  }
}
