import type { RunOutcome } from '../contract/exporter.js';
import { SatsimError } from '../errors.js';
import { Gate } from './abort.js';
import { RunStateMachine } from './run-state.js';
import type { RunState } from './types.js';

/** What has been asked of a run and what has gone wrong in it: the one place that decides on its outcome. */
export class RunControl {
  readonly state: RunStateMachine;
  /** Closed while the run is paused. */
  readonly gate = new Gate();
  readonly #preparing = new AbortController();
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  #requested: 'stopped' | 'interrupted' | null = null;
  #failure: SatsimError | null = null;

  constructor(onState: (state: RunState) => void) {
    this.state = new RunStateMachine(onState);
  }

  /**
   * Aborts when preparing is to end: by a stop, an abort or a failure. Once ticks flow only by an abort: what was opened
   * under this signal has to live on, so that exporters can still ask for positions while they close.
   */
  get preparing(): AbortSignal {
    return this.#preparing.signal;
  }

  /** Aborts when no more ticks are to be delivered. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when what is being done is to be given up. */
  get aborting(): AbortSignal {
    return this.#aborting.signal;
  }

  /** The first thing that went wrong. */
  get failure(): SatsimError | null {
    return this.#failure;
  }

  get outcome(): RunOutcome {
    return this.#failure ? 'failed' : (this.#requested ?? 'completed');
  }

  /** Too late once the run is finalizing. */
  stop(outcome: 'stopped' | 'interrupted'): void {
    if (this.state.current === 'finalizing' || this.state.current === 'finished') return;
    this.#requested ??= outcome;
    this.end();
  }

  /** Also while finalizing: what is given up then is missing from the results, so the run was not completed. */
  abort(): void {
    if (this.state.current === 'finished') return;
    this.#requested ??= 'interrupted';
    this.end();
    const reason = new SatsimError('INTERRUPTED', 'the run was aborted');
    this.#preparing.abort(reason);
    this.#aborting.abort(reason);
  }

  /** The first failure is the run's; whether the run goes on is for {@link end}. */
  fail(error: SatsimError): void {
    this.#failure ??= error;
  }

  /** No more ticks; whoever waits, in a pause or for a slow start, goes on and finds the signals aborted. */
  end(): void {
    const reason = new SatsimError('INTERRUPTED', 'the run was stopped');
    if (this.state.current === 'created' || this.state.current === 'preparing') this.#preparing.abort(reason);
    this.#stopping.abort(reason);
    this.gate.open();
  }
}
