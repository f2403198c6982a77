import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What stands in a package.json of a test's plugin; the rest is that of a sound lane called `foo`. */
export interface PackageFields {
  readonly [field: string]: unknown;
}

export const LANE_FOO = { manifest: 1, contributes: [{ kind: 'lane', name: 'foo', summary: 'A lane of a test' }] };

/** Source of a plugin module that needs no copy of core. */
export const moduleOf = (...definitions: readonly string[]): string =>
  `export default { [Symbol.for('satsim.plugin')]: 1, definitions: [${definitions.join(', ')}] };`;
export const definitionOf = (kind: string, name: string): string =>
  `{ kind: '${kind}', name: '${name}', config: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }, create: () => ({}) }`;

/** A temporary folder with a host and a project, removed when the test ends. */
export async function makeWorld() {
  const root = await mkdtemp(join(tmpdir(), 'satsim-plugin-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, content: string | object): Promise<string> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const writePackage = async (folder: string, fields: PackageFields, module: string = moduleOf(definitionOf('lane', 'foo'))): Promise<void> => {
    await write(`${folder}/index.mjs`, module);
    await write(`${folder}/package.json`, {
      version: '1.0.0',
      exports: './index.mjs',
      peerDependencies: { '@satsim/core': '^1.0.0' },
      satsim: LANE_FOO,
      ...fields,
    });
  };
  return {
    root,
    options: { cwd: join(root, 'project'), hostPackageJson: join(root, 'host/package.json') },
    write,
    /** A package somewhere, in no one's dependencies. */
    writePackage,
    /** Installs a package for `project` or `host`; {@link depend} makes it a dependency. */
    install: (where: 'project' | 'host', name: string, fields: PackageFields = {}, module?: string) =>
      writePackage(`${where}/node_modules/${name}`, { name, ...fields }, module),
    depend: (where: 'project' | 'host', ...names: readonly string[]) =>
      write(`${where}/package.json`, { name: where, version: '1.0.0', dependencies: Object.fromEntries(names.map((name) => [name, '1'])) }),
  };
}
