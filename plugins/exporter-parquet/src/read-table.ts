import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';

export interface ReadTable {
  readonly rows: readonly Record<string, unknown>[];
  readonly metadata: FileMetaData;
}

/** Reads a whole Parquet file: for tests and the contract kit. */
export async function readTable(bytes: Uint8Array): Promise<ReadTable> {
  const file = new Uint8Array(bytes).buffer;
  return { rows: await parquetReadObjects({ file }), metadata: parquetMetadata(file) };
}
