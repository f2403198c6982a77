import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SatsimError } from '@satsim/core';
import type { CaptureCommand, RunRecord } from '@satsim/core';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { takeInterrupts } from '../interrupts.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { addPluginOption } from '../scenario-options.js';

interface CaptureOptions {
  readonly artifactsRoot: string;
  readonly plugin?: readonly string[];
}

export function define(command: Command): void {
  command.argument('<run>', A_RUN).argument('<node:interface>', 'a node, and the node at the other end of the link or the name of the interface');
  addPluginOption(addArtifactsRootOption(command))
    .addHelpText('after', example('satsim capture 20261120 oslo:IR-4-1 | wireshark -k -i -', 'satsim capture 20261120 oslo:IR-4-1 > oslo.pcap'))
    .action(capture);
}

async function capture(run: string, place: string, { artifactsRoot, plugin }: CaptureOptions): Promise<void> {
  const [node, device] = place.split(/:(.*)/s);
  if (!node || !device) throw new SatsimError('USAGE', `${place} is not NODE:INTERFACE`, { hint: 'such as oslo:IR-4-1' });
  if (process.stdout.isTTY) throw new SatsimError('USAGE', 'packets are no text for a terminal', { hint: 'send them to a file or a program: > oslo.pcap' });
  const { command, args } = await captureCommand(await findRun(artifactsRoot, run), node, device, plugin);
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  // The end of the capture is an ordinary one: what was captured is whole.
  const giveBack = takeInterrupts(() => child.kill('SIGINT'));
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code !== 0 && signal !== 'SIGINT') throw new SatsimError('LANE_FAILED', `${command} ended with ${code === null ? signal : `exit code ${code}`}`);
  } finally {
    giveBack();
  }
}

async function captureCommand(
  { runId, runDir, status, manifest }: RunRecord,
  node: string,
  device: string,
  plugin: readonly string[] | undefined,
): Promise<CaptureCommand> {
  if (status !== 'running')
    throw new SatsimError('USAGE', `${runId} does not go on any more: it ${status}`, {
      hint: 'captures that a lane made are in its folder of the run directory',
    });
  const registry = await findPlugins(plugin);
  for (const lane of manifest?.lanes ?? []) {
    const { definition } = await registry.load('lane', lane);
    if (definition.capture) return definition.capture({ laneDir: join(runDir, 'lanes', lane), node, interface: device });
  }
  throw new SatsimError('USAGE', `no lane of ${runId} has packets to capture`, { hint: 'lanes that emulate do, such as mininet' });
}
