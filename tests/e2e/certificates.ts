import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own and what it signs, made by the system's openssl. */
export function authority(folder: string, name: string) {
  const file = (suffix: string): string => join(folder, `${name}.${suffix}`);
  const newKey = (path: string) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path];
  openssl('req', '-x509', ...newKey(file('key')), '-out', file('pem'), '-days', '2', '-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE');
  return {
    ca: file('pem'),
    /** @param days until it ends; negative for one that has ended */
    issue(owner: string, names: string, days = 2): KeyPair {
      const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((suffix) => join(folder, `${owner}.${suffix}`)) as [
        string,
        string,
        string,
        string,
      ];
      openssl('req', ...newKey(key), '-out', request, '-subj', `/CN=${owner}`);
      writeFileSync(extensions, `subjectAltName=${names}\n`);
      const signing = ['-CA', file('pem'), '-CAkey', file('key'), '-CAcreateserial', '-days', String(days)];
      openssl('x509', '-req', '-in', request, ...signing, '-extfile', extensions, '-out', cert);
      return { cert, key };
    },
  };
}

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('these tests need openssl: apt install openssl', { cause: error });
    throw error;
  }
}
