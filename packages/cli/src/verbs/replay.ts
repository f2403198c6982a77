import { handleSignals, SatsimError } from '@satsim/core';
import type { RunPlan, RunResult } from '@satsim/core';
import { judgeReplay, receivedTicks } from '@satsim/replay';
import type { ReceivedTicks } from '@satsim/replay';
import type { Command } from 'commander';
import { USUAL_ARTIFACTS_ROOT } from '../artifacts-root.js';
import { executePlan } from '../execute-plan.js';
import { takeInterrupts } from '../interrupts.js';
import { print, printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { planReplay, VERIFY } from '../replay-plan.js';
import type { ReplayPlan } from '../replay-plan.js';
import { describeError } from '../report-error.js';
import { describeResult } from '../run-summary.js';
import { addFormatOption, addLogLevelOption, addPluginOption, collect, overridesOf } from '../scenario-options.js';

interface ReplayOptions {
  readonly artifactsRoot?: string;
  readonly lane?: readonly string[];
  readonly exporter?: readonly string[];
  readonly set?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly speed?: string;
  readonly upToDamage?: true;
  readonly verify?: true;
  readonly tag?: readonly string[];
  readonly plugin?: readonly string[];
  readonly format: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export function define(command: Command): void {
  command
    .argument('<run-or-trace>', 'run id, the beginning of one, the folder of a run, or a trace file')
    .option('--lane <name>', 'into this lane, instead of those of the recorded run (repeatable)', collect)
    .option('--exporter <name>', 'run this exporter besides those of the recorded run (repeatable)', collect)
    .option('--from <time>', 'begin there: ISO 8601 UTC, or how long after the recorded start, such as 90s')
    .option('--to <time>', 'end before that')
    .option('--speed <factor>', 'in real time, so many times as fast; `max` for as fast as it goes')
    .option('--up-to-damage', 'of a damaged trace what comes before the damage')
    .option('--verify', 'hold what lanes receive against the recording, tick by tick; exit code 4 where they part')
    .option('--set <key=value>', 'override a field of the recorded scenario (repeatable)', collect)
    .option('--tag <text>', 'a label for the run manifest (repeatable)', collect)
    .option(
      '--artifacts-root <folder>',
      `the folder that holds the runs, and where the replay goes; without it they are in ${USUAL_ARTIFACTS_ROOT}, and the replay goes beside the run that it plays (of a trace alone: there)`,
    );
  addLogLevelOption(addFormatOption(addPluginOption(command), ['text', 'json']))
    .addHelpText(
      'after',
      example(
        'satsim replay 20261120T101500Z-iridium --verify',
        'satsim replay 20261120T101500Z-iridium --lane mininet --speed 1',
        'satsim replay artifacts/runs/20261120T101500Z-iridium-5e8b --from 2m --to 4m --exporter csv',
        'satsim replay from-elsewhere.jsonl --set "traffic=[{ id: f, from: oslo, to: singapore }]"',
      ),
    )
    .action(replay);
}

async function replay(target: string, options: ReplayOptions): Promise<void> {
  const { lane: lanes = [], exporter: exporters = [], from, to, artifactsRoot = USUAL_ARTIFACTS_ROOT, tag: tags = [], logLevel, format } = options;
  const speed = speedOf(options.speed);
  const registry = await findPlugins(options.plugin);
  const part = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const upTo = options.upToDamage === true ? 'damage' : 'end';
  const planned = await planReplay(target, registry, {
    ...part,
    artifactsRoot,
    lanes,
    exporters,
    set: overridesOf(options),
    speed,
    upTo,
    checkEnvironment: true,
  });
  const { plan, recording } = planned;
  for (const warning of plan.warnings) await tell(`warning: ${warning}`);
  const received = options.verify === true ? await receivedTicks(recording, { first: plan.network.recording!.firstTick, count: plan.time.tickCount }) : null;
  const signals = handleSignals(takeInterrupts);
  try {
    const run = await executePlan(received === null ? plan : withVerifier(plan, received), {
      tags,
      logLevel,
      signals,
      chosenBy: '--artifacts-root',
      ...(typeof speed === 'number' ? { speed } : {}),
    });
    const verified = received === null ? null : verdict(run, received, planned);
    const error = run.error ?? verified?.error ?? null;
    process.exitCode = run.exitCode === 0 && verified?.error ? verified.error.exitCode : run.exitCode;
    const { path } = recording.trace;
    const replayed = { runId: recording.run?.runId ?? null, trace: path };
    await (format === 'json'
      ? printJson({ ...run, exitCode: process.exitCode, replayed, ...(verified === null ? {} : { verified: verified.json }) })
      : print([describeResult(run), `plays  ${replayed.runId ?? path}`, ...(verified === null ? [] : [verified.text])].join('\n')));
    if (error !== null) await tell(describeError(error));
  } finally {
    signals.release();
  }
}

function withVerifier(plan: RunPlan, { exporter }: ReceivedTicks): RunPlan {
  const { packageName, packageVersion } = plan.source;
  const contribution = {
    kind: 'exporter',
    name: VERIFY,
    summary: 'Holds ticks against the recording',
    determinism: 'exact',
    pacing: 'any',
    requires: {},
  } as const;
  return { ...plan, exporters: [...plan.exporters, { name: VERIFY, packageName, packageVersion, contribution, definition: exporter, config: {} }] };
}

function verdict(run: RunResult, received: ReceivedTicks, { plan, recording, traceSha256 }: ReplayPlan) {
  const compared = received.result();
  const { ticks, divergence } = compared;
  const { tickCount } = plan.time;
  const problem = judgeReplay(run, compared, { ticks: tickCount, traceSha256 });
  const hash = recording.run?.manifest.traceSha256 ?? null;
  const word = problem !== null || ticks === 0 ? 'NOT VERIFIED' : ticks === tickCount ? 'verified' : 'verified as far as it went';
  return {
    error: problem === null ? null : new SatsimError('VERIFICATION_FAILED', problem),
    json: {
      identical: problem === null && ticks === tickCount,
      ticks,
      divergence,
      traceSha256: hash,
      sameTraceSha256: hash !== null && hash === run.traceSha256,
    },
    text: `${word}: ${ticks} of ${tickCount} ticks are those of ${recording.run?.runId ?? recording.trace.path}`,
  };
}

function speedOf(text: string | undefined): number | 'max' | null {
  if (text === undefined) return null;
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (Number.isFinite(speed) && speed > 0 && text.trim() !== '') return speed;
  throw new SatsimError('USAGE', `--speed ${text} is no speed`, { hint: 'write how many simulated seconds pass in one, such as 1 or 10, or max' });
}
