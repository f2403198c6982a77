import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

interface Needs {
  readonly programs?: readonly string[];
  /** A command that has to succeed. */
  readonly accepts?: readonly string[];
}

/**
 * What a test needs of the machine besides satsim. Where it is missing the test is skipped and says why; under CI it fails,
 * as nobody reads there what was skipped.
 */
export function need(context: TestContext, needs: Needs): void {
  const message = lacking(needs);
  if (message === null) return;
  if (process.env['CI']) throw new Error(message);
  context.skip(message);
}

/** As {@link need}, for `describe.skipIf`. */
export function lacks(needs: Needs): boolean {
  const message = lacking(needs);
  if (message !== null && process.env['CI']) throw new Error(message);
  if (message !== null) process.stderr.write(`skipped: ${message}\n`);
  return message !== null;
}

function lacking({ programs = [], accepts }: Needs): string | null {
  const missing = [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...programs.filter((program) => !succeeds('sh', ['-c', `command -v ${program}`])).map((program) => `the program ${program}`),
  ];
  // Only tried when all that it is made of is there.
  if (missing.length === 0 && accepts !== undefined && !succeeds(accepts[0]!, accepts.slice(1)))
    missing.push(`a machine where this succeeds: ${accepts.join(' ')}`);
  return missing.length === 0 ? null : `needs ${missing.join(', ')}`;
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
