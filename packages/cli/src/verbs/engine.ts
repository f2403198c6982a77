import { startEngineServer } from '@satsim/geomrf-engine';
import type { Command } from 'commander';
import { takeInterrupts } from '../interrupts.js';
import { print, printJson } from '../output.js';
import { example } from '../program.js';
import { addFormatOption } from '../scenario-options.js';

const DEFAULT_ADDRESS = '127.0.0.1:50051';

export function define(command: Command): void {
  const serving = command.command('serve').description('serve the Geo/RF engine over gRPC until SIGINT or SIGTERM');
  serving.option('--address <target>', 'host:port (port 0 takes a free one) or unix:path', DEFAULT_ADDRESS);
  addFormatOption(serving, ['text', 'json'])
    .addHelpText(
      'after',
      example('satsim engine serve --address 127.0.0.1:50051', 'satsim run examples/iridium.satsim.yaml --set geomrf.grpc_target=127.0.0.1:50051'),
    )
    .action(serve);
}

async function serve({ address, format }: { readonly address: string; readonly format: 'text' | 'json' }): Promise<void> {
  // Listening for signals comes first, so that a socket made meanwhile is removed.
  const asked = Promise.withResolvers<void>();
  takeInterrupts(() => asked.resolve());
  const server = await startEngineServer({ address });
  await (format === 'json' ? printJson({ target: server.target }) : print(server.target));
  await asked.promise;
  await server.stop();
}
