import { formatMissing, isSatsimError, missingRequirements, moduleOf } from '@satsim/core';
import type { Candidate, PluginRegistry } from '@satsim/core';

export interface PluginReport {
  readonly kind: string;
  readonly name: string;
  readonly summary: string;
  readonly package: string;
  readonly version: string;
  /** Absolute path of the package's folder. */
  readonly dir: string;
  /** What is wrong with its manifest, its peer range, its name or its module's file; null when a run may name it. */
  readonly fault: string | null;
  /** Neither at fault nor without what it needs. */
  readonly usable: boolean;
  /** What it needs and this machine has not, in words. */
  readonly missing: string | null;
  readonly install: string | null;
}

/** Every contribution of every plugin that was found, by kind and name; imports none. */
export function pluginReports(registry: PluginRegistry): PluginReport[] {
  const reports = registry.candidates.flatMap((candidate) =>
    candidate.contributes.map((contribution): PluginReport => {
      const { packageName, packageVersion, dir } = candidate;
      const { kind, name, summary } = contribution;
      const missing = missingRequirements(contribution);
      const fault = faultOf(registry, kind, name) ?? moduleFault(candidate);
      return {
        kind,
        name,
        summary,
        package: packageName,
        version: packageVersion,
        dir,
        fault,
        usable: missing === null && fault === null,
        missing: missing === null ? null : formatMissing(missing),
        install: missing?.install ?? null,
      };
    }),
  );
  return reports.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
}

const moduleFault = (candidate: Candidate): string | null =>
  candidate.entry === null && moduleOf(candidate, '.') === null ? 'its module is not there: is it built?' : null;

function faultOf(registry: PluginRegistry, ...[kind, name]: Parameters<PluginRegistry['find']>): string | null {
  try {
    registry.find(kind, name);
    return null;
  } catch (error) {
    if (isSatsimError(error)) return error.message;
    throw error;
  }
}
