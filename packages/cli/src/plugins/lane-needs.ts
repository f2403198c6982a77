import { isSatsimError, messageOf, type PluginRegistry } from '@satsim/core';
import type { PluginReport } from './plugin-reports.js';

/**
 * What lanes that could run by their manifests need of this machine besides, with the default configuration: only they
 * themselves can tell, so they are imported.
 */
export async function withLaneNeeds(reports: readonly PluginReport[], registry: PluginRegistry): Promise<PluginReport[]> {
  return Promise.all(
    reports.map(async (report) => {
      if (report.kind !== 'lane' || !report.usable) return report;
      try {
        const needs = await needsOf(report.name, registry);
        if (needs.length === 0) return report;
        const missing = `lane ${report.name} needs ${needs.map(({ what }) => what).join(', ')}`;
        const installs = [...new Set(needs.flatMap(({ install }) => install ?? []))];
        return { ...report, usable: false, missing, install: installs.length === 0 ? null : installs.join(' && ') };
      } catch (error) {
        return { ...report, usable: false, fault: isSatsimError(error) ? error.message : messageOf(error) };
      }
    }),
  );
}

async function needsOf(name: string, registry: PluginRegistry): ReturnType<NonNullable<Awaited<ReturnType<typeof loadLane>>['missing']>> {
  const { config, missing } = await loadLane(name, registry);
  const parsed = await config['~standard'].validate({});
  // A block without which the lane can't run: what it needs depends on it.
  return parsed.issues || missing === undefined ? [] : missing(parsed.value, null);
}

const loadLane = async (name: string, registry: PluginRegistry) => (await registry.load('lane', name)).definition;
