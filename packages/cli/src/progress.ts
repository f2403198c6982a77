import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { RunPlan, RunProgress } from '@satsim/core';
import { describeProgress } from './progress-line.js';

const REDRAW_MS = 100;
const QUIET_LINE_MS = 5_000;
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Shows a run while it goes on: one line redrawn in place on a terminal, a line now and then anywhere else. Log lines go
 * through {@link log}, so that they don't end up in the middle of the drawn line.
 */
export class ProgressDisplay {
  /** Where the run's log for people belongs. */
  readonly log: Writable;
  readonly #stream: WriteStream;
  readonly #live: boolean;
  #nextMs = 0;
  #drawn = '';

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
    this.log = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        this.#say(String(chunk));
        done();
      },
    });
  }

  start(runId: string, plan: RunPlan): void {
    const { tickCount, dtMs } = plan.time;
    const satellites = plan.network.nodes.filter((node) => node.role === 'satellite').length;
    const lanes = plan.lanes.map((lane) => lane.name).join(', ');
    this.#say(
      `run ${runId}: satellites: ${satellites}, ground nodes: ${plan.network.nodes.length - satellites}, ticks: ${tickCount} of ${dtMs / 1000} s, lanes: ${lanes}\n`,
    );
    this.#nextMs = this.#live ? 0 : performance.now() + QUIET_LINE_MS;
  }

  show(progress: RunProgress): void {
    const now = performance.now();
    if (now < this.#nextMs) return;
    this.#nextMs = now + (this.#live ? REDRAW_MS : QUIET_LINE_MS);
    const line = describeProgress(progress);
    if (!this.#live) return this.#say(`${line}\n`);
    // A line that wraps can't be redrawn.
    this.#drawn = line.slice(0, Math.max(0, (this.#stream.columns || 80) - 1));
    this.#stream.write(CLEAR_LINE + this.#drawn);
  }

  end(): void {
    if (this.#drawn !== '') this.#stream.write(CLEAR_LINE);
    this.#drawn = '';
  }

  #say(text: string): void {
    this.#stream.write(this.#drawn === '' ? text : CLEAR_LINE + text + this.#drawn);
  }
}
