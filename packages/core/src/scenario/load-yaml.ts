import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { FieldLocator } from '../contract/tick-source.js';
import { formatPath, type ScenarioFault } from '../errors.js';
import { faultAt } from './fault-at.js';
import { readingFault } from './include.js';
import { locatorOf, unpack } from './located.js';
import { readYaml } from './yaml-source.js';
import { zodFindings } from './zod-faults.js';

/** A file of another kind than a scenario, as {@link loadYaml} read it. */
export interface LoadedYaml<T> {
  /** Absolute path of the file. */
  readonly file: string;
  /** Null with faults. */
  readonly value: T | null;
  readonly faults: readonly ScenarioFault[];
  readonly locate: FieldLocator;
}

/**
 * Reads a YAML or JSON file as scenarios are read: with `${NAME}` of the environment, checked by a schema. Everything that
 * is wrong is in `faults`, each with file, line and field, in the order of lines; nothing of it is thrown.
 */
export async function loadYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<LoadedYaml<z.output<Schema>>> {
  const about = { file: path.resolve(file), value: null };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    return { ...about, faults: [{ message: `the file cannot be read: ${readingFault(error)}`, path: [], file, line: null }], locate: locatorOf(null) };
  }
  const { root, faults } = readYaml(text, file, env);
  const locate = locatorOf(root);
  if (root === null) return { ...about, faults, locate };
  const { value, problems } = unpack(root);
  const parsed = schema.safeParse(value);
  const told = new Set([...faults, ...problems].map((fault) => formatPath(fault.path)));
  const found = [...problems, ...zodFindings(schema, value, parsed.error?.issues ?? []).filter((finding) => !told.has(formatPath(finding.path)))];
  const all = [...faults, ...found.map((finding) => faultAt(locate, finding.path, finding.message, finding.hint))];
  if (all.length > 0 || !parsed.success) return { ...about, faults: all.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)), locate };
  return { ...about, value: parsed.data, faults: [], locate };
}
