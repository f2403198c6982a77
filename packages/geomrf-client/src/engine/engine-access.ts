import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ScenarioError, faultAt, messageOf } from '@satsim/core';
import type { FieldPath, Scenario, ScenarioFault } from '@satsim/core';
import { TOKEN_PATTERN } from '@satsim/geomrf-proto';
import type { ClientOptions, ClientTls } from '@satsim/geomrf-proto';
import { readFault } from '../compile/compile-context.js';
import type { CompileOptions } from '../compile/compile-context.js';

/** How an engine is reached. */
export interface EngineAccess extends Pick<ClientOptions, 'tls' | 'token'> {
  /** `host:port` or `unix:path` */
  readonly target: string;
  /** The engine of this run or command itself, not one that somebody else runs. */
  readonly embedded: boolean;
}

/** The engine that the scenario names, with its keys; `null` when it names none. @throws ScenarioError for files that can't be read */
export async function externalEngine({ geomrf }: Scenario, { baseDir, locate, signal }: CompileOptions): Promise<EngineAccess | null> {
  const { grpc_target: target, tls, token_file: tokenFile } = geomrf;
  if (target === undefined) return null;
  const faults: ScenarioFault[] = [];
  const read = async (path: FieldPath, name: string | undefined): Promise<Buffer | undefined> => {
    if (name === undefined) return undefined;
    const file = resolve(baseDir, name);
    try {
      return await readFile(file, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      faults.push(faultAt(locate, path, `${file}: ${readFault(error)}`, "relative paths start from the scenario's folder"));
      return undefined;
    }
  };
  const files = typeof tls === 'object' ? tls : {};
  const secure: ClientTls | undefined = tls && {
    ca: await read(['geomrf', 'tls', 'ca_file'], files.ca_file),
    cert: await read(['geomrf', 'tls', 'cert_file'], files.cert_file),
    key: await read(['geomrf', 'tls', 'key_file'], files.key_file),
    serverName: files.server_name,
  };
  const token = (await read(['geomrf', 'token_file'], tokenFile))?.toString('utf8').trim();
  if (token !== undefined && !TOKEN_PATTERN.test(token))
    faults.push(faultAt(locate, ['geomrf', 'token_file'], 'holds no token', 'a token is one word of printable ASCII characters'));
  if (faults.length === 0 && secure !== undefined) {
    try {
      // OpenSSL passes over authorities that are none.
      if (secure.ca !== undefined) void new X509Certificate(secure.ca);
      createSecureContext(secure);
    } catch (error) {
      faults.push(
        faultAt(locate, ['geomrf', 'tls'], `holds no usable certificates: ${messageOf(error)}`, 'the files are PEM, and key_file is the key of cert_file'),
      );
    }
  }
  if (faults.length > 0) throw new ScenarioError(faults);
  return { target, embedded: false, tls: secure, token };
}
