import type { Writable } from 'node:stream';

let printed = false;

/** Whether anything has been written to stdout. */
export function hasPrinted(): boolean {
  return printed;
}

/**
 * Writes to stdout and resolves when the reader has taken it. stdout carries what was asked for and nothing else;
 * messages for people go to stderr.
 */
export function print(text: string): Promise<void> {
  printed = true;
  return write(process.stdout, text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, 2));
}

export function tell(text: string): Promise<void> {
  return write(process.stderr, `${text}\n`);
}

function write(stream: Writable, text: string): Promise<void> {
  // Errors reach the stream's own `error` event as well, where a reader that went away is dealt with.
  return new Promise((resolve) => stream.write(text, () => resolve()));
}

/** A reader that has seen enough (`satsim links … | head`) ends the command without a word. */
export function leaveQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  // Nobody reads the messages any more; the run itself goes on.
  process.stderr.on('error', () => undefined);
}
