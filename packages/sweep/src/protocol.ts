/** A cell as a worker process is told of it. */
export interface CellJob {
  readonly cell: string;
  /** As `--set` of the base scenario. */
  readonly set: readonly string[];
  readonly tags: readonly string[];
}

/** To a worker: the job, that its run has been noted and may begin, and how to end it early. */
export type ToWorker = { readonly type: 'job'; readonly job: CellJob } | { readonly type: 'go' } | { readonly type: 'stop' } | { readonly type: 'abort' };

export interface CellResult {
  /** `null` when there is no run. */
  readonly runDir: string | null;
  readonly exitCode: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export type FromWorker =
  | { readonly type: 'started'; readonly runDir: string }
  | { readonly type: 'ended'; readonly result: CellResult; /** The most that the process has had so far. */ readonly maxRssMiB: number };
