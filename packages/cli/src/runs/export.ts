import type { Logger } from '@satsim/core';
import { SatsimError, type RunRecord } from '@satsim/core/records';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { interruptible } from '../interrupts.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { example } from '../program.js';
import { addFormatOption, addPluginOption, collect } from '../scenario-options.js';

interface ExportVerbOptions {
  readonly artifactsRoot: string;
  readonly to: string;
  readonly out?: string;
  readonly license?: string;
  readonly author?: readonly string[];
  readonly set?: readonly string[];
  readonly plugin?: readonly string[];
  readonly format: 'text' | 'json';
}

/** Formats that are called otherwise than the exporter that writes them, and what it is told then. */
const ALIASES: Readonly<Record<string, { readonly exporter: string; readonly set: readonly string[] }>> = {
  openmetrics: { exporter: 'prometheus', set: ['exporters.prometheus.listen=false'] },
};
const ROCRATE = 'rocrate';

export function defineExport(command: Command): void {
  command
    .argument('<run>', A_RUN)
    .requiredOption('--to <format>', 'csv, parquet, czml, geojson, openmetrics, any exporter by its name, or rocrate for an archive')
    .option('--out <folder>', 'where to; <run-id>-<format> without it. For rocrate also a file that ends in .zip')
    .option('--set <key=value>', "override a field of the recorded scenario, above all the exporter's own: exporters.geojson.at=90s (repeatable)", collect)
    .option('--license <licence>', 'of a rocrate archive: an SPDX identifier such as CC-BY-4.0, or an address')
    .option('--author <author>', 'of a rocrate archive: a name, an ORCID iD, or both (repeatable)', collect);
  addFormatOption(addPluginOption(addArtifactsRootOption(command)), ['text', 'json'])
    .addHelpText(
      'after',
      example(
        'satsim runs export 20261120T101500Z-iridium --to parquet --out tables',
        'satsim runs export 20261120T101500Z-iridium --to geojson --set exporters.geojson.at=90s',
        'satsim runs export 20261120T101500Z-iridium --to rocrate --out iridium.zip --license CC-BY-4.0 --author "Ada Byron 0000-0002-1825-0097"',
      ),
    )
    .action(exportRecorded);
}

async function exportRecorded(id: string, options: ExportVerbOptions): Promise<void> {
  const { artifactsRoot, to, format, license, author } = options;
  if (to !== ROCRATE && (license ?? author) !== undefined)
    throw new SatsimError('USAGE', `--license and --author are of an archive, not of --to ${to}`, { hint: 'leave them out, or export --to rocrate' });
  const record = await findRun(artifactsRoot, id);
  const out = options.out ?? `${record.runId}-${to}`;
  const { warnings, ...done } = await (to === ROCRATE ? archive(record, out, options) : byExporter(record, out, options));
  if (format === 'json') return printJson({ ...done, runDir: record.runDir, to, warnings });
  for (const warning of warnings) await tell(`warning: ${warning}`);
  await print(done.files.map(placeOf).join('\n'));
}

async function archive(record: RunRecord, out: string, { license, author }: ExportVerbOptions) {
  const { exportCrate } = await import('@satsim/runs/export');
  return interruptible((signal) => exportCrate(record, out, { license, authors: author, signal }));
}

async function byExporter(record: RunRecord, out: string, { to, set = [], plugin }: ExportVerbOptions) {
  const [{ exportRun }, { findPlugins }, { startEmbeddedEngine }] = await Promise.all([
    import('@satsim/runs/export'),
    import('../plan-file.js'),
    import('@satsim/geomrf-engine'),
  ]);
  const registry = await findPlugins(plugin);
  const { exporter, set: also } = ALIASES[to] ?? { exporter: to, set: [] };
  registry.find('exporter', exporter, [...Object.keys(ALIASES), ROCRATE]);
  return interruptible(async (signal) => {
    let engine: ReturnType<typeof startEmbeddedEngine> | null = null;
    const start = async (): Promise<string> => (await (engine ??= startEmbeddedEngine(signal))).target;
    try {
      return await exportRun(record, { exporter, out, set: [...also, ...set], registry, engine: { start }, logger: STDERR, signal });
    } finally {
      await (await (engine as ReturnType<typeof startEmbeddedEngine> | null)?.catch(() => null))?.stop();
    }
  });
}

const STDERR: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, message) => void tell(`warning: ${message}`),
  error: (_fields, message) => void tell(`error: ${message}`),
};
