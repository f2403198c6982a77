import { basename } from 'node:path';
import { type ArtifactArea, LaneError, type Logger, type ProcessResult, type ProcessRunner } from '@satsim/core';

/** One run of a simulator. */
export interface SimulatorCommand {
  readonly lane: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Start of the names of the files for stdout and stderr: `simulator` for `simulator.out.log` and `simulator.err.log`. */
  readonly logs: string;
  /**
   * Why the end was no success, `null` when it was one. Without it success is exit code 0. What an end by a signal means is
   * asked nobody: it is a failure. It is asked when {@link onLine} has heard every line.
   */
  readonly judge?: (result: ProcessResult) => string | null;
  /** Hears each line of stdout, for progress. */
  readonly onLine?: (line: string) => void;
}

export interface SimulatorServices {
  readonly processes: ProcessRunner;
  readonly artifacts: ArtifactArea;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Simulators have nothing to clean up; what has not ended by then is killed. */
const GRACE_MS = 500;

/**
 * Runs a simulator to its end; what it says goes to two files in the lane's folder, as it comes.
 * @throws LaneError with the end of stderr; the signal's reason when aborted, and then the simulator has ended
 */
export async function runSimulator(simulator: SimulatorCommand, { processes, artifacts, logger, signal }: SimulatorServices): Promise<ProcessResult> {
  const { lane, command, args, cwd, env, logs, judge = judgeExitCode, onLine } = simulator;
  signal.throwIfAborted();
  const out = await artifacts.openStream(`${logs}.out.log`);
  const err = await artifacts.openStream(`${logs}.err.log`);
  let writing = Promise.resolve();
  const failures: Error[] = [];
  logger.info({ command, args, cwd }, `running ${command}`);
  try {
    const running = processes.start(command, args, {
      cwd,
      ...(env === undefined ? {} : { env }),
      signal,
      graceMs: GRACE_MS,
      onLine(line, from) {
        if (from === 'stdout') onLine?.(line);
        writing = writing
          .then(() => (from === 'stdout' ? out : err).write(`${line}\n`))
          .catch((error: Error) => {
            failures.push(error);
          });
      },
    });
    running.closeInput();
    const result = await running.done;
    await writing;
    signal.throwIfAborted();
    if (failures[0]) throw failures[0];
    const fault = result.exitCode === null ? `it was ended by ${result.signal}` : judge(result);
    if (fault !== null) {
      const said = result.stderrTail.trim();
      throw new LaneError(lane, `${basename(command)}: ${fault}${said === '' ? '' : `: ${said}`}`, {
        hint: `${logs}.out.log and ${logs}.err.log have all that it said`,
      });
    }
    return result;
  } finally {
    await Promise.all([out.close(), err.close()]);
  }
}

function judgeExitCode({ exitCode }: ProcessResult): string | null {
  return exitCode === 0 ? null : `exit code ${exitCode}`;
}
