import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { artifactError } from '../artifacts/artifact-error.js';
import type { Logger } from '../contract/services.js';
import type { SatsimError } from '../errors.js';
import type { RunOptions } from '../run/types.js';
import { RotatingFile } from './rotating-file.js';

/** The log of one run: JSON lines with run id and tick in a file, for people on the console. */
export interface RunLog {
  readonly logger: Logger;
  /** A logger whose lines carry these fields as well. */
  child(fields: object): Logger;
  /** The tick that lines carry from now on. */
  setTick(tick: number): void;
  /** Why lines are missing from the file, if they are. */
  readonly failure: SatsimError | null;
  close(): void;
}

/**
 * Both sides are written synchronously: a worker or a buffer would lose the last lines just when they matter.
 * @throws SatsimError ARTIFACTS when the file can't be made
 */
export function openRunLog(file: string, runId: string, console: RunOptions['console']): RunLog {
  const destination = openFile(file);
  let tick: number | null = null;
  const streams: pino.StreamEntry[] = [{ level: 'debug', stream: destination }];
  if (console) {
    const { stream, level } = console;
    const pretty = prettyFactory({
      colorize: (stream as Partial<NodeJS.WriteStream>).isTTY === true && process.env['NO_COLOR'] === undefined,
      // The message says what went wrong; the stack, which the file has in any case, is for those who look for a defect.
      ignore: `pid,hostname,runId${level === 'debug' ? '' : ',err'}`,
      translateTime: 'SYS:HH:MM:ss.l',
      singleLine: true,
    });
    streams.push({ level, stream: { write: (line: string) => void stream.write(pretty(line)) } });
  }
  const root = pino(
    {
      level: 'debug',
      base: { runId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => (tick === null ? {} : { tick }),
      mixinMergeStrategy: (fields, own) => ({ ...own, ...fields }),
    },
    pino.multistream(streams),
  );
  return {
    logger: root,
    child: (fields) => root.child(fields),
    setTick: (next) => {
      tick = next;
    },
    get failure() {
      return destination.failure ? artifactError(destination.failure, 'write', file) : null;
    },
    close: () => destination.close(),
  };
}

function openFile(file: string): RotatingFile {
  try {
    return new RotatingFile(file);
  } catch (error) {
    throw artifactError(error, 'create', file);
  }
}
