import { readFileSync } from 'node:fs';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string; readonly gitHead?: string };

export const ENGINE_VERSION = packageJson.version;
/** npm writes `gitHead` into what it publishes; a checkout has none. */
export const GIT_SHA = packageJson.gitHead ?? '';
/** Of the contract in geomrf.proto. */
export const SCHEMA_VERSION = '1.2';
