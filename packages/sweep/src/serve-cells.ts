import { ERRORS, isSatsimError, messageOf } from '@satsim/core';
import type { Run } from '@satsim/core';
import type { CellJob, CellResult, FromWorker, ToWorker } from './protocol.js';

/**
 * Makes this process a worker of a sweep: runs cells one after the other as it is told, and ends with the sweep.
 * @param create plans a cell and makes its run, without starting it
 */
export function serveCells(create: (job: CellJob) => Promise<Run>): void {
  let run: Run | null = null;
  let stopping = false;
  let go: () => void = () => undefined;

  process.on('message', (message: ToWorker) => {
    if (message.type === 'job') void work(message.job);
    if (message.type === 'go') go();
    if (message.type === 'stop' || message.type === 'abort') {
      stopping = true;
      run?.stop('interrupted');
      go();
    }
    if (message.type === 'abort') run?.abort();
  });
  // The sweep is over, in order or not.
  process.on('disconnect', () => {
    run?.terminate('the sweep ended before the run did');
    process.exit(ERRORS.INTERRUPTED.exitCode);
  });
  process.on('uncaughtExceptionMonitor', (error) => run?.terminate(error.message));

  async function work(job: CellJob): Promise<void> {
    const result = await finished(job).catch((error: unknown): CellResult => {
      const known = isSatsimError(error) ? error : null;
      return { runDir: run?.runDir ?? null, exitCode: known?.exitCode ?? 1, error: { code: known?.code ?? 'INTERNAL', message: messageOf(error) } };
    });
    run = null;
    stopping = false;
    tell({ type: 'ended', result, maxRssMiB: process.resourceUsage().maxRSS / 1024 });
  }

  async function finished(job: CellJob): Promise<CellResult> {
    run = await create(job);
    const noted = new Promise<void>((resolve) => (go = resolve));
    tell({ type: 'started', runDir: run.runDir });
    if (stopping) run.stop('interrupted');
    else await noted;
    const { runDir, exitCode, error } = await run.start();
    return { runDir, exitCode, error };
  }
}

function tell(message: FromWorker): void {
  // With nobody there to hear it `disconnect` does the rest.
  process.send?.(message, () => undefined);
}
