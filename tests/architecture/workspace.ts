import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface PackageJson {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly satsim?: { readonly contributes: readonly { readonly kind: string; readonly name: string }[] };
}

export interface SourceFile {
  /** From the package's folder, forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface WorkspacePackage {
  /** From the repository's root: `packages/core`. */
  readonly dir: string;
  readonly json: PackageJson;
  readonly files: readonly SourceFile[];
}

/** Every package of the workspace with its TypeScript sources; generated code counts, and only the tests of this folder do not: they plant what is forbidden. */
export function readWorkspace(): WorkspacePackage[] {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly workspaces: readonly string[] };
  const manifests = globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: ROOT },
  ).sort();
  return manifests.map((manifest) => {
    const dir = dirname(manifest).replaceAll('\\', '/');
    const all = globSync(dir === 'tests' ? '**/*.ts' : 'src/**/*.ts', { cwd: join(ROOT, dir) }).map((path) => path.replaceAll('\\', '/'));
    const paths = all.filter((path) => !/(?:^|\/)(?:node_modules|dist)\/|^architecture\/.*\.test\.ts$/.test(path));
    return {
      dir,
      json: JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as PackageJson,
      files: paths.sort().map((path) => ({ path, text: readFileSync(join(ROOT, dir, path), 'utf8') })),
    };
  });
}
