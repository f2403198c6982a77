import type { ArtifactArea } from '@satsim/core';
import { ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Column } from './column.js';
import { FileWriter } from './file-writer.js';
import { PartialFile } from './partial-file.js';

export interface Table<Row> {
  /** In the run directory. */
  readonly path: string;
  readonly columns: readonly Column<Row>[];
  /** Ascending, from the first on; written into the file. */
  readonly sortedBy: readonly string[];
  /** Sorts each row group by those columns; left out where rows come in that order. */
  readonly compare?: (a: Row, b: Row) => number;
}

/** One Parquet file that is written row group by row group. */
export class ParquetTable<Row> {
  readonly #table: Table<Row>;
  readonly #rowGroupRows: number;
  readonly #file: PartialFile;
  readonly #bytes: FileWriter;
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];
  #failed = false;

  private constructor(table: Table<Row>, rowGroupRows: number, file: PartialFile) {
    this.#table = table;
    this.#rowGroupRows = rowGroupRows;
    this.#file = file;
    this.#bytes = new FileWriter(file);
    const root: SchemaElement = { name: 'schema', num_children: table.columns.length };
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [root, ...table.columns.flatMap(({ schema }) => schema)],
      createdBy: 'satsim exporter parquet',
    });
  }

  static async open<Row>(artifacts: ArtifactArea, table: Table<Row>, rowGroupRows: number): Promise<ParquetTable<Row>> {
    return new ParquetTable(table, rowGroupRows, await PartialFile.open(artifacts, table.path));
  }

  async add(rows: Iterable<Row>): Promise<void> {
    for (const row of rows) {
      this.#rows.push(row);
      if (this.#rows.length === this.#rowGroupRows) await this.#writeRowGroup();
    }
  }

  /** Leaves a whole file; or none, when anything of it could not be written (which was told then). */
  async close(): Promise<void> {
    if (this.#failed) return this.#file.discard();
    try {
      if (this.#rows.length > 0) await this.#writeRowGroup();
      await this.#writer.finish();
      await this.#bytes.flush();
    } catch (error) {
      await this.#file.discard().catch(() => {});
      throw error;
    }
    await this.#file.publish();
  }

  async #writeRowGroup(): Promise<void> {
    const { columns, sortedBy, compare } = this.#table;
    const rows = this.#rows;
    this.#rows = [];
    if (compare) rows.sort(compare);
    const columnData = columns.map(({ name, encoding, value }) => ({ name, data: rows.map(value), ...(encoding && { encoding }) }));
    try {
      await this.#writer.write({ columnData, rowGroupSize: rows.length });
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    // The number of a column among the leaves of the schema: those sorted by are none of the nested ones, and come first.
    const sorting = sortedBy.map((name) => ({ column_idx: columns.findIndex((column) => column.name === name), descending: false, nulls_first: false }));
    this.#writer.row_groups.at(-1)!.sorting_columns = sorting;
  }
}
