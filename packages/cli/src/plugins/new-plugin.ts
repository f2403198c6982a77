import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORE_VERSION, openArtifactArea, SatsimError } from '@satsim/core';
import { pluginPackageJson } from './plugin-package-json.js';

export const NEW_KINDS = ['lane', 'exporter', 'translator'] as const;
export type NewKind = (typeof NEW_KINDS)[number];

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));
const NAME = /^[a-z][a-z0-9-]*$/;

export interface NewPlugin {
  readonly dir: string;
  readonly packageName: string;
  /** Relative to `dir`. */
  readonly files: readonly string[];
}

/**
 * Makes the package of a plugin, ready to be built and tested; `common/` and the kind's folder of the templates in one.
 * @param dir relative to the working directory; may not be there yet
 * @throws SatsimError USAGE
 */
export async function newPlugin(kind: NewKind, name: string, dir: string = `satsim-${kind}-${name}`): Promise<NewPlugin> {
  if (!NAME.test(name))
    throw new SatsimError('USAGE', `${name} cannot be the name of a plugin`, {
      hint: 'A name is lower-case letters, digits and `-`, and starts with a letter',
    });
  const packageName = `satsim-${kind}-${name}`;
  const values = { name, Name: pascalCase(name), package: packageName, kind };
  const files = new Map([['package.json', `${JSON.stringify(pluginPackageJson(kind, name, packageName, CORE_VERSION), null, 2)}\n`]]);
  for (const folder of ['common', kind]) for (const [path, text] of await readTemplate(join(TEMPLATES, folder))) files.set(path, filledIn(text, values));
  const target = resolve(dir);
  // An existing one is somebody's work.
  if (existsSync(target)) throw new SatsimError('USAGE', `${dir} exists already`, { hint: 'Name another folder by --dir' });
  try {
    const area = await openArtifactArea(target, '--dir');
    for (const [path, text] of files) await area.writeFile(path, text);
  } catch (error) {
    await rm(target, { recursive: true, force: true }).catch(() => undefined);
    const { message, hint } = error as SatsimError;
    throw new SatsimError('USAGE', message, { hint, cause: error });
  }
  return { dir: target, packageName, files: [...files.keys()].sort() };
}

/** Content by path. npm publishes no .gitignore, so a leading dot is `_` in the templates. */
async function readTemplate(folder: string): Promise<[path: string, text: string][]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(
    entries.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name);
      const path = relative(folder, file)
        .replaceAll('\\', '/')
        .replace(/(^|\/)_/g, '$1.');
      return [path, await readFile(file, 'utf8')] as [string, string];
    }),
  );
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/__(\w+?)__/g, (whole, key: string) => values[key] ?? whole);
}

/** `my-lane` → `MyLane` */
function pascalCase(name: string): string {
  return name.replace(/(?:^|-+)([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
}
