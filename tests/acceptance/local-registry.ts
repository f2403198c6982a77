import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { readWorkspace, ROOT } from '../architecture/workspace.js';

interface Packument {
  readonly name: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, { readonly dist: { tarball: string } }>;
}
type PublishBody = Packument & { readonly _attachments: Readonly<Record<string, { readonly data: string }>> };

/**
 * The part of an npm registry that `npm publish` and `npm install` talk to, for the scopes @satsim and @acme, in memory.
 * So a test uses packages as strangers do: packed, published and installed by npm itself, all else from where npm gets it.
 */
export async function startLocalRegistry() {
  const packuments = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();

  const answer = async (request: IncomingMessage): Promise<object | Buffer | null> => {
    const path = decodeURIComponent(new URL(request.url!, 'http://registry').pathname).slice(1);
    if (request.method !== 'PUT') return tarballs.get(path) ?? packuments.get(path) ?? null;
    const { _attachments, ...body } = JSON.parse((await bodyOf(request)).toString()) as PublishBody;
    for (const [file, { data }] of Object.entries(_attachments)) tarballs.set(file, Buffer.from(data, 'base64'));
    for (const [version, { dist }] of Object.entries(body.versions)) dist.tarball = `${url}/${encodeURIComponent(`${body.name}-${version}.tgz`)}`;
    const known = packuments.get(path);
    packuments.set(path, {
      ...body,
      'dist-tags': { ...known?.['dist-tags'], ...body['dist-tags'] },
      versions: { ...known?.versions, ...body.versions },
    });
    return { ok: true };
  };
  const server = createServer((request, response) => {
    void answer(request).then((found) => {
      // Nothing of this may stay in npm's cache: the port may be another test's tomorrow.
      response.setHeader('cache-control', 'no-store');
      response.statusCode = found === null ? 404 : 200;
      response.end(Buffer.isBuffer(found) ? found : JSON.stringify(found ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}`;

  /** For every npm that is to see this registry. */
  const env: Readonly<Record<string, string>> = {
    'npm_config_@satsim:registry': url,
    'npm_config_@acme:registry': url,
    [`npm_config_//${host}/:_authToken`]: 'nobody-checks-it',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_prefer_offline: 'true',
  };
  return {
    url,
    env,
    /** Packs and publishes every package of the workspace that is public, as built. */
    async publishWorkspace(): Promise<void> {
      const folders = readWorkspace().filter(({ json }) => json.private !== true);
      const workspaces = folders.flatMap(({ dir }) => ['--workspace', join(ROOT, dir)]);
      await execa('npm', ['publish', '--ignore-scripts', '--access', 'public', ...workspaces], { cwd: ROOT, env });
    },
    /** Packs and publishes the package in a folder. */
    async publish(folder: string, ...options: readonly string[]): Promise<void> {
      await execa('npm', ['publish', '--access', 'public', ...options], { cwd: folder, env });
    },
    published: (name: string): readonly string[] => Object.keys(packuments.get(name)?.versions ?? {}),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
