import { hostname } from 'node:os';
import { startEngineServer } from '@satsim/geomrf-engine';
import type { EngineServer } from '@satsim/geomrf-engine';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { takeInterrupts } from '../interrupts.js';
import { print, tell } from '../output.js';
import { example } from '../program.js';
import { addFormatOption } from '../scenario-options.js';

const DEFAULT_ADDRESS = '127.0.0.1:50051';

interface ServeOptions {
  readonly address: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly tokenFile?: string;
  readonly workers?: number;
  readonly format: 'text' | 'json';
}

export function define(command: Command): void {
  command.addHelpText('after', example('satsim engine serve --address 127.0.0.1:50051'));
  const serving = command.command('serve').description('serve the Geo/RF engine over gRPC until SIGINT or SIGTERM');
  serving
    .option('--address <target>', 'host:port (port 0 takes a free one) or unix:path', DEFAULT_ADDRESS)
    .option('--tls-cert <file>', 'PEM: certificate of this server; encrypts')
    .option('--tls-key <file>', 'PEM: its key')
    .option('--tls-client-ca <file>', 'PEM: clients need a certificate of one of these authorities')
    .option('--token-file <file>', 'clients need the token in this file')
    .option(
      '--workers <n>',
      'threads that compute a stream (one for policies least_loaded and scheduled, and beams), or auto: by the size of its network',
      threads,
      undefined,
    );
  addFormatOption(serving, ['text', 'json'])
    .addHelpText(
      'after',
      example(
        'satsim engine serve --address 127.0.0.1:50051',
        'satsim run examples/iridium.satsim.yaml --set geomrf.grpc_target=127.0.0.1:50051',
        'satsim engine serve --address 0.0.0.0:50051 --tls-cert engine.pem --tls-key engine.key --token-file token',
        'satsim run examples/iridium.satsim.yaml --set geomrf.grpc_target=HOST:50051 --set geomrf.tls.ca_file=ca.pem --set geomrf.token_file=token',
      ),
    )
    .action(serve);
}

async function serve({ address, tlsCert, tlsKey, tlsClientCa, tokenFile, workers, format }: ServeOptions): Promise<void> {
  // Listening for signals comes first, so that a socket made meanwhile is removed.
  const asked = Promise.withResolvers<void>();
  takeInterrupts(() => asked.resolve());
  const server = await startEngineServer({ address, certFile: tlsCert, keyFile: tlsKey, clientCaFile: tlsClientCa, tokenFile, workers });
  for (const warning of server.warnings) await tell(`warning: ${warning}`);
  await print(format === 'json' ? JSON.stringify(asJson(server)) : describe(server));
  await asked.promise;
  await server.stop();
}

/** More are never of use: each takes a share of the sites. */
const MOST_THREADS = 64;

function threads(text: string): number | undefined {
  if (text === 'auto') return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_THREADS) return count;
  throw new InvalidArgumentError(`It is a number from 1 to ${MOST_THREADS}, or auto.`);
}

/** One line: a program that starts the engine reads no further. */
function asJson({ engineVersion, schemaVersion, tls, clientCertificates, token, ...server }: EngineServer): object {
  return { target: reachable(server.target), engineVersion, schemaVersion, tls, clientCertificates, token, pid: process.pid };
}

function describe({ target, engineVersion, schemaVersion, tls, clientCertificates, token }: EngineServer): string {
  const locks = [tls ? (clientCertificates ? 'TLS with client certificates' : 'TLS') : 'no TLS', token ? 'token' : 'no token'];
  const keys = [`grpc_target: "${reachable(target)}"`, ...(tls ? ['tls: { ca_file: … }'] : []), ...(token ? ['token_file: …'] : [])];
  return [
    `Geo/RF engine ${engineVersion} (schema ${schemaVersion}) serves at ${target}: ${locks.join(', ')}. Ctrl-C ends it.`,
    `In a scenario:  geomrf: { ${keys.join(', ')} }`,
  ].join('\n');
}

/** What others can connect to, where the server takes calls on all of this machine's addresses. */
function reachable(target: string): string {
  return target.replace(/^(0\.0\.0\.0|\[::0?\]):/, `${hostname()}:`);
}
