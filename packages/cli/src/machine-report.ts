import { freemem, totalmem, userInfo } from 'node:os';
import type { PluginRegistry } from '@satsim/core';
import { withLaneNeeds } from './plugins/lane-needs.js';
import { pluginReports } from './plugins/plugin-reports.js';
import type { PluginReport } from './plugins/plugin-reports.js';
import { probe } from './probe.js';

export interface MachineReport {
  readonly satsim: string;
  readonly node: string;
  readonly platform: string;
  readonly user: { readonly name: string; readonly root: boolean };
  readonly memory: { readonly totalMiB: number; readonly freeMiB: number };
  readonly git: string | null;
  /** Whether this user can shape traffic with `tc … netem`; null where it can't be tried without changing something. */
  readonly netem: { readonly usable: boolean; readonly detail: string } | null;
  readonly plugins: readonly PluginReport[];
  readonly faults: PluginRegistry['faults'];
}

/** Looks at this machine without changing it. */
export async function reportMachine(satsim: string, registry: PluginRegistry): Promise<MachineReport> {
  const [git, netem] = await Promise.all([probe('git', ['--version']), probeNetem()]);
  return {
    satsim,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    user: { name: userName(), root: process.getuid?.() === 0 },
    memory: { totalMiB: mebibytes(totalmem()), freeMiB: mebibytes(freemem()) },
    git: git.ok ? git.output.replace(/^git version /, '') : null,
    netem,
    plugins: await withLaneNeeds(pluginReports(registry), registry),
    faults: registry.faults,
  };
}

/** Shapes the loopback of a network namespace that is gone when the probe ends; nothing outside it is touched. */
async function probeNetem(): Promise<MachineReport['netem']> {
  if (process.platform !== 'linux') return null;
  const { ok, output } = await probe('unshare', ['--map-root-user', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms']);
  if (ok) return { usable: true, detail: 'tc qdisc netem works in a network namespace' };
  const missing = output.includes('kind is unknown');
  return {
    usable: false,
    detail: missing ? `${output} It is the kernel's module sch_netem: Debian has it in linux-image-…, Ubuntu in linux-modules-extra-…` : output,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return String(process.getuid?.() ?? 'unknown');
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
