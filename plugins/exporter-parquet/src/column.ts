import type { SchemaElement } from 'hyparquet-writer';

/** One column of a table: how it is typed, and where its values come from. */
export interface Column<Row> {
  readonly name: string;
  /** The column's part of the schema, in preorder; the first element is the column itself. */
  readonly schema: readonly SchemaElement[];
  readonly encoding?: 'RLE_DICTIONARY';
  /** `null` only in columns that are optional. */
  readonly value: (row: Row) => unknown;
}

interface Options {
  readonly optional?: boolean;
}

const repetition = ({ optional = false }: Options) => ({ repetition_type: optional ? 'OPTIONAL' : 'REQUIRED' }) as const;
const STRING = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;

/** 32 bits, signed. */
export function integer<Row>(name: string, value: (row: Row) => number | null, options: Options = {}): Column<Row> {
  return { name, schema: [{ name, type: 'INT32', ...repetition(options) }], value };
}

/** 64 bits. */
export function real<Row>(name: string, value: (row: Row) => number | null, options: Options = {}): Column<Row> {
  return { name, schema: [{ name, type: 'DOUBLE', ...repetition(options) }], value };
}

export function boolean<Row>(name: string, value: (row: Row) => boolean | null, options: Options = {}): Column<Row> {
  return { name, schema: [{ name, type: 'BOOLEAN', ...repetition(options) }], value };
}

/** UTC, milliseconds. */
export function timestamp<Row>(name: string, unixMs: (row: Row) => number): Column<Row> {
  const type = { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } } as const;
  return { name, schema: [{ name, ...type, ...repetition({}) }], value: (row) => BigInt(unixMs(row)) };
}

/** Text of which there are few values, each stored once a row group. */
export function word<Row>(name: string, value: (row: Row) => string | null, options: Options = {}): Column<Row> {
  return { name, schema: [{ name, ...STRING, ...repetition(options) }], encoding: 'RLE_DICTIONARY', value };
}

export function words<Row>(name: string, value: (row: Row) => readonly string[] | null): Column<Row> {
  const list: SchemaElement = { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 };
  return {
    name,
    schema: [list, { name: 'list', repetition_type: 'REPEATED', num_children: 1 }, { name: 'element', ...STRING, repetition_type: 'REQUIRED' }],
    value,
  };
}

/** Keys in alphabetical order. */
export function map<Row>(name: string, value: (row: Row) => Readonly<Record<string, string>>): Column<Row> {
  return {
    name,
    schema: [
      { name, repetition_type: 'REQUIRED', converted_type: 'MAP', logical_type: { type: 'MAP' }, num_children: 1 },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { name: 'key', ...STRING, repetition_type: 'REQUIRED' },
      { name: 'value', ...STRING, repetition_type: 'REQUIRED' },
    ],
    value: (row) => Object.entries(value(row)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}
