/**
 * A structured logger: the object's fields go into the JSON line, the message is for people.
 * It already carries the run id and the plugin's name.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A folder of the run directory that belongs to one plugin. Paths are relative to it and may not leave it. */
export interface ArtifactArea {
  /** Absolute path of the folder; it exists. */
  readonly dir: string;
  /** Writes the whole file atomically: readers see the old content or the new one. */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** Opens a file to be written piece by piece. */
  openStream(path: string): Promise<ArtifactStream>;
}

export interface ArtifactStream {
  /** Resolves when more can be taken; rejects when the disk refuses. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Flushes to disk and closes. May be called twice. */
  close(): Promise<void>;
}

export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderrTail: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /**
   * For a conversation: stdin stays open for {@link RunningProcess.write}, and what the program says is told line by line,
   * as it comes, instead of being kept (the end of stderr is kept all the same).
   */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
  /** The program ends by itself when its stdin closes, and has to clean up then: it is not killed when satsim is. */
  readonly endsItself?: boolean;
  /** Milliseconds between SIGTERM and SIGKILL; 2,000 by default. */
  readonly graceMs?: number;
}

export interface RunningProcess {
  readonly pid: number;
  readonly done: Promise<ProcessResult>;
  /**
   * Puts text into stdin; resolves when the program takes more. With `onLine` only.
   * @throws LaneError when the program has ended, or has closed its stdin
   */
  write(text: string): Promise<void>;
  /** Closes stdin, which ends most programs that read it. */
  closeInput(): void;
  /** SIGTERM to the whole process group, SIGKILL after the grace period. Safe to call twice. */
  stop(): Promise<ProcessResult>;
}

/**
 * Starts programs by argument lists, never through a shell; the run ends those that its plugins left. On Linux a program
 * gets SIGKILL when satsim itself is killed, where util-linux's `setpriv` is installed.
 */
export interface ProcessRunner {
  /** Runs to the end; rejects with a `LaneError` naming command and stderr on a non-zero exit. */
  run(command: string, args: readonly string[], options?: ProcessOptions): Promise<ProcessResult>;
  start(command: string, args: readonly string[], options?: ProcessOptions): RunningProcess;
}

/** What a plugin may know of the run it takes part in. */
export interface RunInfo {
  readonly runId: string;
  readonly seed: number;
  readonly t0Ms: number;
  /** Exclusive. */
  readonly t1Ms: number;
  readonly dtMs: number;
  readonly tickCount: number;
  readonly mode: 'offline' | 'realtime';
}
