import { readFile } from 'node:fs/promises';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';

export interface ReadTable {
  readonly rows: readonly Record<string, unknown>[];
  readonly metadata: FileMetaData;
}

export async function readTable(bytes: Uint8Array): Promise<ReadTable> {
  const file = new Uint8Array(bytes).buffer;
  return { rows: await parquetReadObjects({ file }), metadata: parquetMetadata(file) };
}

export const readTableFile = async (path: string): Promise<ReadTable> => readTable(await readFile(path));
