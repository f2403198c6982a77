import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SatsimError, messageOf } from '@satsim/core';
import { TOKEN_PATTERN } from '@satsim/geomrf-proto';
import type { ServerTls } from '../serve.js';

/** Files that say who may call a server, and what it shows of itself. */
export interface AccessFiles {
  /** PEM: the server's certificate, with those between it and its authority. Together with `keyFile`; plain text without. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** PEM: clients need a certificate of one of these authorities. Needs `certFile`. */
  readonly clientCaFile?: string | undefined;
  /** Its content, without white space around it, is what clients have to send as `authorization: Bearer …`. */
  readonly tokenFile?: string | undefined;
}

export interface ServerAccess {
  readonly tls: ServerTls | undefined;
  readonly token: string | undefined;
  readonly warnings: readonly string[];
}

/** @throws SatsimError USAGE naming the file and what is wrong with it */
export function readServerAccess({ certFile, keyFile, clientCaFile, tokenFile }: AccessFiles): ServerAccess {
  const token = tokenFile === undefined ? undefined : readToken(tokenFile);
  if (certFile === undefined || keyFile === undefined) {
    if (certFile !== undefined || keyFile !== undefined || clientCaFile !== undefined)
      throw new SatsimError('USAGE', 'TLS needs both the certificate and its key', { hint: 'give --tls-cert and --tls-key' });
    return { tls: undefined, token, warnings: [] };
  }
  const tls = { cert: read(certFile), key: read(keyFile), clientCa: clientCaFile === undefined ? undefined : read(clientCaFile) };
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(tls.cert);
    if (tls.clientCa !== undefined) new X509Certificate(tls.clientCa);
    createSecureContext({ cert: tls.cert, key: tls.key, ca: tls.clientCa });
  } catch (error) {
    const files = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])].join(', ');
    throw new SatsimError('USAGE', `TLS cannot be set up with ${files}: ${messageOf(error)}`, {
      cause: error,
      hint: 'the files are PEM, and the key is that of the certificate',
    });
  }
  const over = Date.parse(certificate.validTo) < Date.now();
  return { tls, token, warnings: over ? [`${certFile}: the certificate expired on ${certificate.validTo}: clients will refuse it`] : [] };
}

function readToken(file: string): string {
  const token = read(file).toString('utf8').trim();
  if (TOKEN_PATTERN.test(token)) return token;
  throw new SatsimError('USAGE', `${file}: ${token === '' ? 'is empty' : 'holds more than one word, or characters that no header may have'}`, {
    hint: 'a token is one word of printable ASCII characters, for example the output of `openssl rand -hex 32`',
  });
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'no such file', EISDIR: 'is a folder, not a file', EACCES: 'may not be read (permission denied)' };

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SatsimError('USAGE', `${file}: ${REASONS[code ?? ''] ?? message}`, { cause: error });
  }
}
