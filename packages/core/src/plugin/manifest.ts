import semver from 'semver';
import { z } from 'zod';
import { type Contribution, pluginManifestSchema } from '../contract/plugin.js';
import { formatPath } from '../errors.js';
import type { FieldPath } from '../contract/tick-source.js';
import { CORE_PACKAGE } from './core-version.js';
import { PACKAGE_NAME } from './package-json.js';
import { peerRangeFault } from './peer-range.js';

/** The fields of a package.json that matter to a plugin; the rest is npm's. */
const packageJsonSchema = z.looseObject({
  name: z.string().regex(PACKAGE_NAME, 'not the name of an npm package'),
  version: z.string().refine((version) => semver.valid(version) !== null, 'not a semantic version'),
  peerDependencies: z.record(z.string(), z.unknown()).optional(),
  satsim: z.unknown(),
});

export interface ManifestReading {
  readonly packageName: string;
  readonly packageVersion: string;
  /** Empty when the manifest can't be understood. */
  readonly contributes: readonly Contribution[];
  readonly faults: readonly string[];
}

/**
 * Reads the plugin manifest in a parsed package.json; runs nothing.
 * @param fallbackName how to call the package when it does not say
 * @returns `null` when the package does not claim to be a plugin
 */
export function readManifest(packageJson: unknown, fallbackName: string, coreVersion: string): ManifestReading | null {
  if (typeof packageJson !== 'object' || packageJson === null || !('satsim' in packageJson)) return null;
  const parsed = packageJsonSchema.safeParse(packageJson);
  if (!parsed.success) return { packageName: fallbackName, packageVersion: '', contributes: [], faults: issues(parsed.error, []) };

  const { name, version, peerDependencies, satsim } = parsed.data;
  const faults: string[] = [];
  const peerFault = peerRangeFault(peerDependencies?.[CORE_PACKAGE], coreVersion);
  if (peerFault !== null) faults.push(peerFault);
  const manifest = pluginManifestSchema.safeParse(satsim);
  if (!manifest.success) faults.push(...issues(manifest.error, ['satsim']));
  const contributes = manifest.success ? manifest.data.contributes : [];
  faults.push(...repeated(contributes));
  return { packageName: name, packageVersion: version, contributes, faults };
}

function issues(error: z.ZodError, under: FieldPath): string[] {
  return error.issues.map(
    (issue) => `${formatPath([...under, ...issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part))])}: ${issue.message}`,
  );
}

function repeated(contributes: readonly Contribution[]): string[] {
  const keys = contributes.map(({ kind, name }) => `${kind} ${name}`);
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))].map((key) => `satsim.contributes names ${key} twice`);
}
