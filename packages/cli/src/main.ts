import { CommanderError } from 'commander';
import { exitOnInterrupt } from './interrupts.js';
import { leaveQuietlyOnClosedPipe } from './output.js';
import { createProgram } from './program.js';

const HELP_SHOWN = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** The command `satsim`: never returns, but ends the process with the exit code of the error table. */
export async function main(argv: readonly string[]): Promise<never> {
  // What goes wrong in gRPC is told as our own error; the library's lines would stand beside it.
  process.env['GRPC_VERBOSITY'] ??= 'NONE';
  leaveQuietlyOnClosedPipe();
  exitOnInterrupt(argv);
  // What escapes every try is a defect too, and is told the same way.
  process.on('uncaughtException', (error) => void fail(error, argv));
  try {
    const program = await createProgram(argv);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // `help` without error is what was asked for; commander also shows it when there is no verb, which is an error.
    if (error instanceof CommanderError && HELP_SHOWN.has(error.code)) process.exit(error.exitCode === 0 ? 0 : 2);
    return await fail(error, argv);
  }
  return process.exit();
}

async function fail(error: unknown, argv: readonly string[]): Promise<never> {
  const { reportError } = await import('./report-error.js');
  return process.exit(await reportError(error, argv));
}
