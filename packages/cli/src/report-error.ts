import { formatFault, isSatsimError, messageOf, SatsimError } from '@satsim/core';
import type { ScenarioError, ScenarioFault } from '@satsim/core';
import { CommanderError } from 'commander';
import { print, tell } from './output.js';
import { placeOf } from './place-of.js';
import { argumentOf } from './raw-arguments.js';

/**
 * Tells an error: to people on stderr, and with `--format json` as one object `{ error }` on stdout as well.
 * @param verb whose help says more: `runs tag`; empty where none was understood
 * @returns the exit code
 */
export async function reportError(error: unknown, argv: readonly string[], verb = ''): Promise<number> {
  const known = isSatsimError(error) ? error : error instanceof CommanderError ? usageError(error, verb) : defect(error);
  await tell(describeError(known));
  if (known.code === 'INTERNAL' && (process.env['SATSIM_DEBUG'] || argumentOf(argv, '--log-level') === 'debug')) await tell(stackOf(known.cause));
  if (argumentOf(argv, '--format') === 'json') await print(JSON.stringify({ error: known }, null, 2)).catch(() => undefined);
  return known.exitCode;
}

/** More than anybody reads: a file of another kind has a fault in every line. With `--format json` all are told. */
const MOST_FAULTS = 50;

/** What is wrong, where, and what to do, in lines for people. */
export function describeError(error: { readonly code: string; readonly message: string; readonly hint?: string | undefined }): string {
  if (isScenarioError(error)) {
    const { faults } = error;
    const more = faults.length - MOST_FAULTS;
    return [
      ...faults.slice(0, MOST_FAULTS).map(readableFault),
      ...(more > 0 ? [`… and ${more} more`] : []),
      `error: the scenario has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}`,
    ].join('\n');
  }
  return `error: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}`;
}

/** One fault in one line, its file as seen from the working directory. */
function readableFault(fault: ScenarioFault): string {
  return formatFault({ ...fault, file: fault.file === null ? null : placeOf(fault.file) });
}

function isScenarioError(error: object): error is ScenarioError {
  return 'faults' in error && Array.isArray(error.faults);
}

function usageError(error: CommanderError, verb: string): SatsimError {
  const [message = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  return new SatsimError('USAGE', message, { hint: [...suggestion, `See \`satsim${verb === '' ? '' : ` ${verb}`} --help\``].join(' ') });
}

function defect(error: unknown): SatsimError {
  if ((error as NodeJS.ErrnoException | null)?.syscall === 'uv_cwd') {
    return new SatsimError('USAGE', 'the working directory is no longer there', { cause: error, hint: 'change into one that is' });
  }
  return new SatsimError('INTERNAL', `a defect in satsim: ${messageOf(error)}`, {
    cause: error,
    hint: 'Please report it with the output of the same command under SATSIM_DEBUG=1, which prints where it happened',
  });
}

function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
