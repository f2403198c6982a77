import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LaneError, messageOf } from '@satsim/core';

/** What a line of a file holds, and where it stands, for errors. */
export interface CsvLine {
  readonly fields: readonly string[];
  /** The error that says what is wrong with this line. */
  fault(what: string): LaneError;
}

/**
 * The lines of a file that a simulator wrote, after the header.
 * @throws LaneError naming file and line when the file is not there, has another header or a line with another number of fields
 */
export async function* csvLines(lane: string, file: string, header: string): AsyncIterable<CsvLine> {
  const columns = header.split(',').length;
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const at = number;
      const fault = (what: string): LaneError => new LaneError(lane, `${file}:${at}: ${what}`);
      if (number === 1) {
        if (text !== header) throw fault(`the header is not ${header}`);
        continue;
      }
      const fields = text.split(',');
      if (fields.length !== columns) throw fault(`${columns} fields are wanted, not ${fields.length}`);
      yield { fields, fault };
    }
  } catch (error) {
    if (error instanceof LaneError) throw error;
    throw new LaneError(lane, `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
  if (number === 0) throw new LaneError(lane, `${file}:1: the file is empty`);
}

/** A field that must be a number, `null` when it is empty. */
export function numberOrNull(line: CsvLine, field: number, name: string): number | null {
  const text = line.fields[field]!;
  if (text === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw line.fault(`${name} is not a number: ${text}`);
  return value;
}

/** As {@link numberOrNull}, and not empty. */
export function numberOf(line: CsvLine, field: number, name: string): number {
  const value = numberOrNull(line, field, name);
  if (value === null) throw line.fault(`${name} is empty`);
  return value;
}
