import type { Writable } from 'node:stream';

let printed = false;

/** Whether anything has been written to stdout. */
export function hasPrinted(): boolean {
  return printed;
}

/**
 * Writes to stdout and resolves when the reader has taken it. stdout carries what was asked for and nothing else;
 * messages for people go to stderr.
 * @throws SatsimError ARTIFACTS when stdout is a file that cannot be written
 */
export async function print(text: string): Promise<void> {
  printed = true;
  const error = await write(process.stdout, text.endsWith('\n') ? text : `${text}\n`);
  if (error && !isClosedPipe(error)) {
    // Not imported above: this module is loaded before the handlers of signals stand.
    const { SatsimError } = await import('@satsim/core');
    throw new SatsimError('ARTIFACTS', `cannot write to stdout: ${error.message}`, { cause: error, hint: 'send it to another file or program' });
  }
}

export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, 2));
}

/** Never fails: there is nobody left to be told. */
export async function tell(text: string): Promise<void> {
  await write(process.stderr, `${text}\n`);
}

/** Resolves to what went wrong. It reaches the stream's own `error` event as well. */
function write(stream: Writable, text: string): Promise<Error | null | undefined> {
  return new Promise((resolve) => stream.write(text, resolve));
}

function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE';
}

/** A reader that has seen enough (`satsim links … | head`) ends the command without a word. */
export function leaveQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Everything else is told by the `print` that met it.
    if (isClosedPipe(error)) process.exit(process.exitCode ?? 0);
  });
  // Nobody reads the messages any more; the run itself goes on.
  process.stderr.on('error', () => undefined);
}
