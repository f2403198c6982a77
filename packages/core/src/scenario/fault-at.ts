import type { FieldLocator, FieldPath } from '../contract/tick-source.js';
import type { ScenarioFault } from '../errors.js';
import { SET } from './set-values.js';

/** A fault of a field, with the file and line that the field, or what should hold it, came from. */
export function faultAt(locate: FieldLocator, path: FieldPath, message: string, hint?: string): ScenarioFault {
  const at = locate(path);
  // A value of --set has no line.
  return { message, path, file: at?.file ?? null, line: at === null || at.file === SET ? null : at.line, ...(hint === undefined ? {} : { hint }) };
}
