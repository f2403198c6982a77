import type { Command } from 'commander';
import { reportMachine } from '../machine-report.js';
import type { MachineReport } from '../machine-report.js';
import { print, printJson } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example, version } from '../program.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';
import { formatTable } from '../table.js';

export function define(command: Command): void {
  addFormatOption(addPluginOption(command), ['text', 'json']).addHelpText('after', example('satsim doctor', 'satsim doctor --format json')).action(doctor);
}

async function doctor({ plugin, format }: { readonly plugin?: readonly string[]; readonly format: 'text' | 'json' }): Promise<void> {
  const report = await reportMachine(version(), await findPlugins(plugin));
  await (format === 'json' ? printJson(report) : print(describe(report)));
}

function describe(report: MachineReport): string {
  const { user, memory, netem, git, faults } = report;
  return [
    `satsim   ${report.satsim} on Node ${report.node}, ${report.platform}`,
    `user     ${user.name}${user.root ? '' : ', without root privileges'}`,
    `memory   ${memory.freeMiB} MiB free of ${memory.totalMiB} MiB`,
    `git      ${git ?? 'not found: runs from a clone will not know their revision'}`,
    ...(netem === null ? [] : [`netem    ${netem.usable ? 'usable' : `not usable: ${netem.detail}`}`]),
    '',
    formatTable(report.plugins, [
      { title: 'plugin', value: (plugin) => `${plugin.kind} ${plugin.name}` },
      { title: 'from', value: (plugin) => `${plugin.package} ${plugin.version}` },
      { title: 'can run', value: (plugin) => (plugin.usable ? 'yes' : 'no') },
      { title: 'missing', value: (plugin) => plugin.missing ?? '' },
      { title: 'how to get it', value: (plugin) => plugin.install ?? '' },
    ]),
    ...faults.map(({ packageName, message }) => `plugin ${packageName} is broken: ${message}`),
  ].join('\n');
}
