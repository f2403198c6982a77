import { CellWorker, type WorkerModule } from './cell-worker.js';
import type { CellJob, CellResult } from './protocol.js';

export interface PoolOptions {
  readonly worker: WorkerModule;
  /** Processes at the same time, at most. */
  readonly jobs: number;
  /** For all of them together. */
  readonly maxMemoryMiB: number;
  /** Start no other cell after one that failed. */
  readonly failFast: boolean;
  /** Waited for before the run begins. */
  readonly onStarted: (job: CellJob, runDir: string) => Promise<void>;
  /** Waited for before the process goes on. */
  readonly onEnded: (job: CellJob, result: CellResult) => Promise<void>;
  /** A cell was ended because there is too little memory, or no process could be started for it: it will run later. */
  readonly onPostponed: (job: CellJob, why: string) => void;
  /** Called once, when a cell has ended that needed more than all together may have: cells go on, one at a time. */
  readonly onExceeded: (needMiB: number) => void;
}

/** What a process is taken to need before the first has been measured. */
const FIRST_GUESS_MIB = 400;
const MEASURE_EVERY_MS = 500;
const ABORT_LIMIT_MS = 5_000;
/** Exit codes of runs that say what there is to say of the cell. */
const RESULTS = [0, 4];

/**
 * Runs cells in a few processes, each of which runs one after the other: a process costs more to start than many a cell to
 * run. As many at once as there may be by number and by memory, as that is measured.
 */
export class CellPool {
  readonly #options: PoolOptions;
  readonly #queue: CellJob[];
  readonly #busy = new Map<CellWorker, CellJob>();
  readonly #postponed = new Set<CellWorker>();
  #idle: CellWorker[] = [];
  #estimateMiB = 0;
  /** As many as the machine lets be started. */
  #startable = Infinity;
  #exceeded = false;
  #failure: Error | null = null;
  #finish: () => void = () => undefined;
  #interrupts = 0;

  constructor(jobs: readonly CellJob[], options: PoolOptions) {
    this.#queue = [...jobs];
    this.#options = options;
  }

  /** Resolves when all cells have ended, or those that ran when no more were to start. Rejects with what `onStarted` and `onEnded` did. */
  async run(): Promise<void> {
    const finished = new Promise<void>((resolve) => (this.#finish = resolve));
    const timer = setInterval(() => this.#watchMemory(), MEASURE_EVERY_MS);
    this.#fill();
    await finished;
    clearInterval(timer);
    await Promise.all(this.#idle.map((worker) => worker.end()));
    if (this.#failure !== null) throw this.#failure;
  }

  /** The first time ends all runs in order, the second time at once, the third time without asking them. */
  interrupt(): void {
    this.#interrupts += 1;
    this.#queue.length = 0;
    const all = [...this.#busy.keys()];
    const kill = (): void => all.forEach((worker) => worker.kill());
    if (this.#interrupts > 2) return kill();
    for (const worker of all) worker.send({ type: this.#interrupts === 1 ? 'stop' : 'abort' });
    if (this.#interrupts === 2) setTimeout(kill, ABORT_LIMIT_MS).unref();
  }

  get #limit(): number {
    const { jobs, maxMemoryMiB } = this.#options;
    return Math.max(1, Math.min(jobs, this.#startable, Math.floor(maxMemoryMiB / (this.#estimateMiB || FIRST_GUESS_MIB))));
  }

  #fill(): void {
    while (this.#queue.length > 0 && this.#busy.size < this.#limit) {
      const worker = this.#idle.pop() ?? new CellWorker(this.#options.worker);
      void this.#work(worker, this.#queue.shift()!);
    }
    for (const worker of this.#idle.splice(Math.max(0, this.#limit - this.#busy.size))) void worker.end();
    if (this.#busy.size === 0) this.#finish();
  }

  async #work(worker: CellWorker, job: CellJob): Promise<void> {
    this.#busy.set(worker, job);
    try {
      const result = await worker.run(job, (runDir) => this.#options.onStarted(job, runDir));
      this.#estimateMiB = Math.max(this.#estimateMiB, worker.peakMiB);
      if (worker.peakMiB > this.#options.maxMemoryMiB && !this.#exceeded) {
        this.#exceeded = true;
        this.#options.onExceeded(worker.peakMiB);
      }
      const why = this.#postponement(worker);
      if (why !== null) {
        this.#options.onPostponed(job, why);
        if (this.#interrupts === 0) this.#queue.unshift(job);
      } else {
        await this.#options.onEnded(job, result);
        if (this.#options.failFast && !RESULTS.includes(result.exitCode)) this.#queue.length = 0;
      }
    } catch (error) {
      // The journal can't be written: what runs from here on would be lost.
      this.#failure ??= error as Error;
      this.interrupt();
      worker.kill();
    }
    this.#busy.delete(worker);
    if (worker.alive) this.#idle.push(worker);
    this.#fill();
  }

  /** Why the cell of a process is to run later; `null` for one that has ended. */
  #postponement(worker: CellWorker): string | null {
    if (this.#postponed.delete(worker)) return 'together the cells have more than the memory allowed';
    // With no other to wait for, later would be no better.
    if (worker.notStarted === null || this.#busy.size === 1) return null;
    this.#startable = this.#busy.size - 1;
    return worker.notStarted;
  }

  /** The cell that began last gives way when all together have too much. */
  #watchMemory(): void {
    const measured = [...this.#busy.keys()].map((worker) => ({ worker, now: worker.measure() }));
    for (const { worker } of measured) this.#estimateMiB = Math.max(this.#estimateMiB, worker.peakMiB);
    const running = measured.filter(({ worker }) => !this.#postponed.has(worker));
    const last = running.at(-1);
    if (running.length < 2 || last === undefined || measured.reduce((sum, { now }) => sum + now, 0) <= this.#options.maxMemoryMiB) return;
    this.#postponed.add(last.worker);
    last.worker.kill();
  }
}
