import { SatsimError } from '@satsim/core';
import { verifyPair, verifyRun } from '@satsim/replay';
import type { PairVerification, Verification } from '@satsim/replay';
import type { SweepVerification } from '@satsim/sweep';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { findSweep, addSweepsRootOption } from '../find-sweep.js';
import { interruptible } from '../interrupts.js';
import { print, printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { recompute } from '../recompute.js';
import { describeError } from '../report-error.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';
import { describePair, describeRun } from '../verification-text.js';
import { describeSweepVerification, verifiedSweep } from '../verified-sweep.js';

interface VerifyOptions {
  readonly artifactsRoot: string;
  readonly sweepsRoot: string;
  readonly plugin?: readonly string[];
  readonly format: 'text' | 'json';
}

const NOTES = `
Files are held against their hashes, and ticks against those that are computed anew from what the run has recorded. The exit code
is 4 where something speaks against the run or no tick was recorded, and that of the reason where ticks can't be computed.
`;

export function define(command: Command): void {
  command.argument('<run>', `${A_RUN}; or the id or folder of a sweep`).argument('[other]', 'another run: the two are held against each other');
  addFormatOption(addPluginOption(addSweepsRootOption(addArtifactsRootOption(command))), ['text', 'json'])
    .addHelpText(
      'after',
      NOTES +
        example(
          'satsim verify 20261120T101500Z-iridium',
          'satsim verify downloads/20261120T101500Z-iridium-5e8b --format json',
          'satsim verify 20261120T101500Z-iridium-5e8b 20261121T090000Z-iridium-77c0',
          'satsim verify iridium-elevation',
        ),
    )
    .action((run: string, other: string | undefined, options: VerifyOptions) =>
      other === undefined ? verifyOne(run, options) : verifyTwo(run, other, options),
    );
}

async function verifyOne(run: string, { artifactsRoot, sweepsRoot, plugin, format }: VerifyOptions): Promise<void> {
  const sweep = findSweep(sweepsRoot, run);
  if (sweep !== null) {
    const found = await verifiedSweep(sweep, artifactsRoot, plugin);
    return conclude(found, describeSweepVerification(found), format);
  }
  const record = await findRun(artifactsRoot, run);
  const registry = await findPlugins(plugin);
  const versions = new Map(registry.candidates.map(({ packageName, packageVersion }) => [packageName, packageVersion]));
  const found = await interruptible(async (signal) => {
    let engine: { readonly target: string; stop(): Promise<void> } | null = null;
    const start = async (): Promise<string> => (engine ??= await (await import('@satsim/geomrf-engine')).startEmbeddedEngine(signal)).target;
    try {
      return await verifyRun(record, { compute: async () => (await recompute(record, registry, { start }, signal)).stream, versions });
    } finally {
      await (engine as { stop(): Promise<void> } | null)?.stop();
    }
  });
  // Ticks that were played were never computed: the recorded ones have their hash.
  const unsure = record.manifest?.recording ? null : found.notComputed;
  await conclude(found, describeRun(found, unsure === null), format, unsure);
}

async function verifyTwo(run: string, other: string, { artifactsRoot, sweepsRoot, format }: VerifyOptions): Promise<void> {
  const sweep = [run, other].find((name) => findSweep(sweepsRoot, name) !== null);
  if (sweep !== undefined)
    throw new SatsimError('USAGE', `${sweep} is a sweep: only two runs can be held against each other`, { hint: `\`satsim verify ${sweep}\` checks it` });
  const [one, another] = [await findRun(artifactsRoot, run), await findRun(artifactsRoot, other)];
  if (one.runDir === another.runDir) throw new SatsimError('USAGE', `${one.runDir} is named twice`, { hint: 'name two runs, or one to compute it anew' });
  const found = await verifyPair(one, another);
  await conclude(found, describePair(found), format);
}

/** @param unsure why not all was looked at */
async function conclude(
  found: Verification | PairVerification | SweepVerification,
  text: string,
  format: VerifyOptions['format'],
  unsure: SatsimError | null = null,
): Promise<void> {
  const error = found.ok ? unsure : new SatsimError('VERIFICATION_FAILED', found.problems.join('; '));
  process.exitCode = error?.exitCode ?? 0;
  await (format === 'json' ? printJson({ ...found, error }) : print(text));
  if (error !== null) await tell(describeError(error));
}
