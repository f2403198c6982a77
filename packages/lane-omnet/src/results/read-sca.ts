import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LaneError, messageOf } from '@satsim/core';

/** A scalar result of one module. */
export interface Scalar {
  readonly module: string;
  readonly name: string;
  readonly value: number;
}

export interface ScalarFile {
  /** Of the run: `configname`, `seedset`, … */
  readonly attributes: ReadonlyMap<string, string>;
  readonly scalars: readonly Scalar[];
}

/**
 * Reads a `.sca` file of OMNeT++ 6 (version 3 of the format): scalars and the attributes of the run. Statistics, histograms
 * and parameters stay in the file.
 * @throws LaneError naming file and line
 */
export async function readSca(lane: string, file: string): Promise<ScalarFile> {
  const attributes = new Map<string, string>();
  const scalars: Scalar[] = [];
  let ofRun = true;
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const fault = (what: string): LaneError => new LaneError(lane, `${file}:${number}: ${what}`);
      if (number === 1 && line !== 'version 3') throw fault(`this is not a file of scalars of version 3: ${line.slice(0, 40)}`);
      const [keyword, first, second, third] = splitLine(line);
      if (keyword === 'attr' && ofRun && first !== undefined && second !== undefined) attributes.set(first, second);
      if (keyword === undefined || keyword === 'run' || keyword === 'attr') continue;
      // Attributes that come later are those of the result above them.
      if (!['version', 'config', 'itervar', 'param'].includes(keyword)) ofRun = false;
      if (keyword !== 'scalar') continue;
      const value = numberOf(third);
      if (first === undefined || second === undefined || value === null) throw fault(`\`scalar MODULE NAME VALUE\` is wanted, not ${line}`);
      scalars.push({ module: first, name: second, value });
    }
  } catch (error) {
    if (error instanceof LaneError) throw error;
    throw new LaneError(lane, `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
  if (number === 0) throw new LaneError(lane, `${file}:1: the file is empty`);
  return { attributes, scalars };
}

/** Words of a line; those with spaces or quotes in them stand in double quotes, with backslashes. */
function splitLine(line: string): string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g), ([word, quoted]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? word);
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (text === 'nan') return Number.NaN;
  if (/^[+-]?inf$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}
