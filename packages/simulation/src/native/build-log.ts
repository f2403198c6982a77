import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LaneError, type Logger, type ProcessOptions, type ProcessRunner } from '@satsim/core';

/** What compilers of the GNU and LLVM kinds say: `file:line:column: error: …`. */
const COMPLAINT = /^(\S[^:\n]*):(\d+)(?::\d+)?:?\s+(?:fatal )?[Ee]rror:?\s*(.*)$/m;
const COMPLAINT_BY_LINKER = /^.*(?:undefined reference to|cannot find -l|No space left on device).*$/m;

/** Runs the tools of a build and keeps what they say. */
export class BuildLog {
  readonly #lane: string;
  readonly #dir: string;
  readonly #services: { readonly processes: ProcessRunner; readonly logger: Logger; readonly signal: AbortSignal };
  #text = '';

  constructor(lane: string, dir: string, services: { readonly processes: ProcessRunner; readonly logger: Logger; readonly signal: AbortSignal }) {
    this.#lane = lane;
    this.#dir = dir;
    this.#services = services;
  }

  /**
   * Runs one tool in the folder of the build.
   * @throws LaneError with the first complaint, by file and line; the signal's reason when aborted
   */
  async run(command: string, args: readonly string[], options: Pick<ProcessOptions, 'env'> = {}): Promise<void> {
    const { processes, logger, signal: abort } = this.#services;
    abort.throwIfAborted();
    // Compilers keep parts of their work in the folder for temporary files: there it is removed whatever happens to them.
    const env = { ...options.env, LC_ALL: 'C', TMPDIR: this.#dir };
    const running = processes.start(command, args, { cwd: this.#dir, env, signal: abort, graceMs: 500 });
    const { exitCode, signal, stdout, stderrTail } = await running.done;
    abort.throwIfAborted();
    this.#text += `$ ${[command, ...args].join(' ')}\n${stdout}${stderrTail}`;
    if (exitCode === 0) return;
    logger.debug({ output: this.#text }, `what the tools said of the ${this.#lane} program`);
    const said = `${stderrTail}\n${stdout}`;
    const [, file, line, what] = COMPLAINT.exec(said) ?? [];
    const complaint = file === undefined ? (COMPLAINT_BY_LINKER.exec(said)?.[0] ?? said.trim().slice(-500)) : `${file}:${line}: ${what}`;
    const how = exitCode === null ? `was ended by ${signal}` : `failed with exit code ${exitCode}`;
    throw new LaneError(this.#lane, `the ${this.#lane} program cannot be compiled, ${command} ${how}: ${complaint || 'it said nothing'}`);
  }

  async save(): Promise<void> {
    await writeFile(join(this.#dir, 'build.log'), this.#text);
  }
}
