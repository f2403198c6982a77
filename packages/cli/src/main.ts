import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { exitOnInterrupt } from './interrupts.js';
import { leaveQuietlyOnClosedPipe } from './output.js';
import { createProgram, verbOf } from './program.js';

const HELP_SHOWN = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** The command `satsim`: never returns, but ends the process with the exit code of the error table. */
export async function main(argv: readonly string[]): Promise<never> {
  // What goes wrong in gRPC is told as our own error; the library's lines would stand beside it.
  process.env['GRPC_VERBOSITY'] ??= 'NONE';
  leaveQuietlyOnClosedPipe();
  exitOnInterrupt(argv);
  // What escapes every try is a defect too, and is told the same way.
  process.on('uncaughtException', (error) => void fail(error, argv));
  // `help runs tag` is `runs tag --help`: commander's own help goes one verb deep.
  const words = argv[0] === 'help' && argv.length > 2 ? [...argv.slice(1), '--help'] : argv;
  let program: Command | null = null;
  try {
    program = await createProgram(words);
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    // `help` without error is what was asked for; commander also shows it when there is no verb, which is an error.
    if (error instanceof CommanderError && HELP_SHOWN.has(error.code)) process.exit(error.exitCode === 0 ? 0 : 2);
    return await fail(error, argv, program === null ? '' : verbOf(program, words));
  }
  return process.exit();
}

async function fail(error: unknown, argv: readonly string[], verb = ''): Promise<never> {
  const told = import('./report-error.js').then(({ reportError }) => reportError(error, argv, verb));
  return process.exit(await told.catch(notWhole));
}

/** Not even the error can be told as usual; a rejection here would come back as the next uncaught exception, for ever. */
function notWhole({ message }: Error): number {
  process.stderr.write(`error: satsim's own files cannot be loaded: ${message.split('\n')[0]}\n  install it again, or in a clone \`npm run build\`\n`);
  return 1;
}
