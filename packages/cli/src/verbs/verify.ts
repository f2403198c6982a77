import { SatsimError } from '@satsim/core';
import { describeDivergence, verifyPair, verifyRun } from '@satsim/replay';
import type { PairVerification, Verification } from '@satsim/replay';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { interruptible } from '../interrupts.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { recompute } from '../recompute.js';
import { describeError } from '../report-error.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';

interface VerifyOptions {
  readonly artifactsRoot: string;
  readonly plugin?: readonly string[];
  readonly format: 'text' | 'json';
}

export function define(command: Command): void {
  command.argument('<run>', A_RUN).argument('[other]', 'another one: the two are held against each other');
  addFormatOption(addPluginOption(addArtifactsRootOption(command)), ['text', 'json'])
    .addHelpText(
      'after',
      example(
        'satsim verify 20261120T101500Z-iridium',
        'satsim verify downloads/20261120T101500Z-iridium-5e8b --format json',
        'satsim verify 20261120T101500Z-iridium-5e8b 20261121T090000Z-iridium-77c0',
      ),
    )
    .action((run: string, other: string | undefined, options: VerifyOptions) =>
      other === undefined ? verifyOne(run, options) : verifyTwo(run, other, options),
    );
}

async function verifyOne(run: string, { artifactsRoot, plugin, format }: VerifyOptions): Promise<void> {
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
  await conclude(found, describeRun(found), format);
}

async function verifyTwo(run: string, other: string, { artifactsRoot, format }: VerifyOptions): Promise<void> {
  const found = await verifyPair(await findRun(artifactsRoot, run), await findRun(artifactsRoot, other));
  await conclude(found, describePair(found), format);
}

async function conclude(found: Verification | PairVerification, text: string, format: VerifyOptions['format']): Promise<void> {
  const error = found.ok ? null : new SatsimError('VERIFICATION_FAILED', found.problems.join('; '));
  process.exitCode = error?.exitCode ?? 0;
  await (format === 'json' ? printJson({ ...found, error }) : print(text));
  if (error !== null) await tell(describeError(error));
}

function describeRun({ runId, runDir, ok, files, ticks, traceSha256, divergence, problems, notes }: Verification): string {
  return [
    `${runId} ${ok ? 'verified' : 'NOT VERIFIED'}`,
    `files  ${files === null ? 'not checked' : `${files.checked - files.changed.length} of ${files.checked} are as they were`} (${placeOf(runDir)})`,
    `ticks  ${ticks.identical} of ${ticks.recorded} recorded are computed the same again${ticks.recorded < ticks.planned ? `, of ${ticks.planned} planned` : ''}`,
    ...(divergence === null ? [] : [`part   ${describeDivergence(divergence)}`]),
    `trace  ${traceSha256.recorded === null ? 'has no hash' : `sha256 ${traceSha256.recorded}`}`,
    ...problems.map((problem) => `wrong  ${problem}`),
    ...notes.map((note) => `note   ${note}`),
  ].join('\n');
}

function describePair({ runs, ok, identical, divergence, problems, notes }: PairVerification): string {
  return [
    `${runs.join(' and ')} ${ok ? 'have the same ticks' : 'DIFFER'}`,
    `ticks  ${identical} are identical from the first on`,
    ...(divergence === null ? [] : [`part   ${describeDivergence(divergence)}`]),
    ...problems.map((problem) => `wrong  ${problem}`),
    ...notes.map((note) => `note   ${note}`),
  ].join('\n');
}
