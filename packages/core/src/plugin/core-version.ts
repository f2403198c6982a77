import { readFileSync } from 'node:fs';

const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly name: string; readonly version: string };

/** The package that plugins name as their peer. */
export const CORE_PACKAGE = packageJson.name;
/** Version of the core that is running. */
export const CORE_VERSION = packageJson.version;
