import { execFile } from 'node:child_process';

export interface Probe {
  readonly ok: boolean;
  /** What it said, or why it did not start; one line. */
  readonly output: string;
}

/** Runs a program that answers at once, and takes every failure for an answer. */
export function probe(command: string, args: readonly string[]): Promise<Probe> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 2_000 }, (error, stdout, stderr) => {
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      const said = missing ? `${command} is not installed` : (error === null ? stdout : stderr || error.message).trim();
      resolve({ ok: error === null, output: said.split('\n').join(' ') });
    });
  });
}
