import { SatsimError } from '../errors.js';
import type { RunState } from './types.js';

const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  created: ['preparing'],
  preparing: ['running', 'finalizing'],
  running: ['paused', 'draining', 'finalizing'],
  paused: ['running', 'draining', 'finalizing'],
  draining: ['finalizing'],
  finalizing: ['finished'],
  finished: [],
};

/** Where a run stands. */
export class RunStateMachine {
  #state: RunState = 'created';
  readonly #onChange: (state: RunState) => void;

  constructor(onChange: (state: RunState) => void) {
    this.#onChange = onChange;
  }

  get current(): RunState {
    return this.#state;
  }

  /** @throws SatsimError RUN_STATE when the present state doesn't lead there */
  to(next: RunState): void {
    if (!NEXT[this.#state].includes(next)) {
      const allowed = NEXT[this.#state];
      throw new SatsimError('RUN_STATE', `a run that is ${this.#state} cannot become ${next}`, {
        hint: allowed.length === 0 ? 'the run is over: start a new one' : `from here: ${allowed.join(', ')}`,
      });
    }
    this.#state = next;
    this.#onChange(next);
  }
}
