import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/**
 * What a test needs of the machine besides satsim. Where it is missing the test is skipped and says why; under CI it fails,
 * as nobody reads there what was skipped.
 */
export function need(context: TestContext, { programs = [], accepts }: { readonly programs?: readonly string[]; readonly accepts?: readonly string[] }): void {
  const missing = [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...programs.filter((program) => !succeeds('sh', ['-c', `command -v ${program}`])).map((program) => `the program ${program}`),
  ];
  // Only tried when all that it is made of is there.
  if (missing.length === 0 && accepts !== undefined && !succeeds(accepts[0]!, accepts.slice(1)))
    missing.push(`a machine where this succeeds: ${accepts.join(' ')}`);
  if (missing.length === 0) return;
  const message = `needs ${missing.join(', ')}`;
  if (process.env['CI']) throw new Error(message);
  context.skip(message);
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
